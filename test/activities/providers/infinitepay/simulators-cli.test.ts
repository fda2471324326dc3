import { spawn, type ChildProcess } from 'node:child_process';
import { createServer, type AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

function run(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/cli/simulators.ts'], {
    env: { ...process.env, STRIPE_SIMULATOR_PORT: '0', ...env },
  });
  children.push(child);
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const exit = new Promise<{ code: number | null; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, err })),
  );
  const ready = new Promise<Record<string, string>>((resolve) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^READY (\{.*\})$/m.exec(out);
      if (line !== null) resolve(JSON.parse(line[1] ?? '') as Record<string, string>);
    });
  });
  return { child, exit, ready };
}

describe('npm run simulators', () => {
  it('says where InfinitePay is, and stops it with the others', async () => {
    const { child, exit, ready } = run({ INFINITEPAY_SIMULATOR_PORT: '0' });
    const { stripe, infinitepay } = await ready;
    expect(infinitepay).not.toBe(stripe);
    expect(await (await fetch(`${infinitepay}/_sim/ledger`)).json()).toEqual([]);
    child.kill('SIGTERM');
    expect((await exit).code).toBe(0);
  });

  it('tells when the port that was asked for is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => other.once('listening', resolve));
    const { port } = other.address() as AddressInfo;
    const { code, err } = await run({ INFINITEPAY_SIMULATOR_PORT: String(port) }).exit;
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port}`);
    expect(err).toContain('INFINITEPAY_SIMULATOR_PORT');
    other.close();
  });

  it('gives way when somebody else has the port that nobody asked for', async () => {
    const first = run({});
    const second = run({});
    const urls = [(await first.ready)['infinitepay'], (await second.ready)['infinitepay']];
    expect(new Set(urls).size).toBe(2);
  });
});
