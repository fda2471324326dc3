import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { choosePort, freePort, isFree } from '../../../api/cli/dev/ports.ts';

const listeners: Server[] = [];

/** A port that another program holds for the length of a test. */
async function takenPort(): Promise<number> {
  const port = await freePort();
  const server = createServer();
  listeners.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return port;
}

afterEach(async () => {
  for (const server of listeners.splice(0)) {
    await new Promise((resolve) => server.close(resolve));
  }
});

const wanted = (port: number, explicit: boolean) => ({
  name: 'the API',
  variable: 'PORT',
  port,
  explicit,
});

describe('choosing a port', () => {
  it('takes the usual one when it is free, and says nothing', async () => {
    const notes: string[] = [];
    const usual = await new Promise<number>((resolve) => {
      const server = createServer().listen(0, '127.0.0.1', () => {
        const address = server.address();
        server.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
      });
    });
    expect(await choosePort(wanted(usual, false), (line) => notes.push(line))).toBe(usual);
    expect(notes).toEqual([]);
  });

  it('takes a free one when the usual one is taken, and says which', async () => {
    const notes: string[] = [];
    const taken = await takenPort();
    const port = await choosePort(wanted(taken, false), (line) => notes.push(line));
    expect(port).not.toBe(taken);
    expect(await isFree(port)).toBe(true);
    expect(notes).toEqual([`port ${taken} is taken, using ${port} for the API`]);
  });

  it('refuses to replace a port that a person has set', async () => {
    const taken = await takenPort();
    await expect(choosePort(wanted(taken, true), () => undefined)).rejects.toThrow(
      `PORT=${taken} is taken by another program`,
    );
  });

  it('never gives the same port to two parts of one stack', async () => {
    const ports = await Promise.all(Array.from({ length: 50 }, () => freePort()));
    expect(new Set(ports).size).toBe(50);
    const [first = 0] = ports;
    expect(await choosePort(wanted(first, false), () => undefined)).not.toBe(first);
  });
});
