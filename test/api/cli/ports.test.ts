import { createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { choosePort, freePort, isFree } from '../../../api/cli/dev/ports.ts';

const listeners: Server[] = [];

/** A port that another program holds for the length of a test. */
async function takenPort(): Promise<number> {
  const port = await freePort();
  await listen(port);
  return port;
}

async function listen(port: number): Promise<void> {
  const server = createServer();
  listeners.push(server);
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
}

afterEach(async () => {
  vi.restoreAllMocks();
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

describe('a free port', () => {
  it('is none that the system gives to a program that asks for any', async () => {
    const ports = await Promise.all(Array.from({ length: 200 }, () => freePort()));
    expect(Math.min(...ports)).toBeGreaterThanOrEqual(15_000);
    expect(Math.max(...ports)).toBeLessThan(30_000);
  });

  it('is another one where a program listens', async () => {
    const taken = await freePort();
    vi.resetModules();
    const another = await import('../../../api/cli/dev/ports.ts');
    await listen(taken);
    // Drawn first, by a process that has not handed it out.
    const random = vi.spyOn(Math, 'random').mockReturnValueOnce((taken - 15_000 + 0.5) / 15_000);
    expect(await another.freePort()).not.toBe(taken);
    expect(random.mock.calls.length).toBeGreaterThan(1);
  });

  it('is not looked for without end', async () => {
    const taken = await freePort();
    vi.spyOn(Math, 'random').mockReturnValue((taken - 15_000 + 0.5) / 15_000);
    await expect(freePort()).rejects.toThrow('No free port on 127.0.0.1.');
  });
});
