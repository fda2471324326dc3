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

/**
 * The port that a listener got on `host`, or null when it is taken. Port 0 asks for any free one.
 */
function tryListen(port: number, host: string): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', (error: NodeJS.ErrnoException) => {
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(null);
      else reject(error);
    });
    server.listen({ port, host, exclusive: true }, () => {
      const address = server.address();
      const got = typeof address === 'object' && address !== null ? address.port : port;
      server.close(() => resolve(got));
    });
  });
}

export async function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return (await tryListen(port, host)) !== null;
}

/**
 * Ports handed out by this process: their listeners may not be up yet, so the system may offer them
 * again.
 */
const handedOut = new Set<number>();

export async function freePort(host = '127.0.0.1'): Promise<number> {
  for (;;) {
    const port = await tryListen(0, host);
    if (port === null) throw new Error(`No free port on ${host}.`);
    if (handedOut.has(port)) continue;
    handedOut.add(port);
    return port;
  }
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
