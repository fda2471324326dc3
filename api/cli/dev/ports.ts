/** Ports of the stack: the fixed ones that people remember, or free ones where those are taken. */
import { createServer } from 'node:net';

export type WantedPort = {
  /** What a person calls the thing that listens there. */
  readonly name: string;
  readonly variable: string;
  readonly port: number;
  /** True when the person set `variable`: then another port would be a surprise. */
  readonly explicit: boolean;
};

export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/**
 * Free ports come from below those that systems give to whoever asks for port 0, or connects: from
 * 32768 on Linux, from 49152 on macOS and Windows. One of theirs could be given to another program
 * before its listener is up. Browsers and `fetch` block none of ours: their list ends at 10080
 * (https://github.com/whatwg/fetch/commit/4c3750d, read 2026-11-21).
 */
const FIRST_PORT = 15_000;
const PORTS = 15_000;
/** So many taken ones in a row mean that something else is wrong. */
const TRIES = 1000;

/** Ports handed out by this process: their listeners may not be up yet, so they still look free. */
const handedOut = new Set<number>();

/** A random one, so that processes that ask at the same moment hardly get the same. */
export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (let tries = 0; tries < TRIES; tries += 1) {
    const port = FIRST_PORT + Math.floor(Math.random() * PORTS);
    if (!(await isFree(port, host)) || handedOut.has(port)) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`No free port on ${host}.`);
}

/**
 * The wanted port, or a free one with a note that says so. Throws when a port that was set by hand
 * is taken.
 */
export async function choosePort(
  wanted: WantedPort,
  note: (line: string) => void,
  host = '127.0.0.1',
): Promise<number> {
  if (!handedOut.has(wanted.port) && (await isFree(wanted.port, host))) {
    handedOut.add(wanted.port);
    return wanted.port;
  }
  if (wanted.explicit) {
    throw new Error(
      `${wanted.variable}=${wanted.port} is taken by another program, so ${wanted.name} cannot listen there. ` +
        `Free it, or set ${wanted.variable} to another port.`,
    );
  }
  const port = await freePort(host);
  note(`port ${wanted.port} is taken, using ${port} for ${wanted.name}`);
  return port;
}
