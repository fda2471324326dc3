import { spawn, type ChildProcess } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, type Body } from './stripe-simulator.client.ts';

let dir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'simulators-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(dir, { recursive: true });
});

function run(env: Record<string, string>, args: string[] = []) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'api/cli/simulators.ts', ...args], {
    env: {
      ...process.env,
      STRIPE_SIMULATOR_PORT: '0',
      APRUVE_SIMULATOR_PORT: '0',
      SIMULATOR_DATA_DIR: dir,
      ...env,
    },
  });
  children.push(child);
  let out = '';
  let err = '';
  child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
  const exit = new Promise<{ code: number | null; out: string; err: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, out, err })),
  );
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk.toString();
      const line = /^READY (\{.*\})$/m.exec(out);
      if (line !== null) resolve((JSON.parse(line[1] ?? '') as { stripe: string }).stripe);
    });
    child.on('close', () => reject(new Error(`It ended before it was ready: ${err}`)));
  });
  ready.catch(() => undefined);
  return { child, exit, ready };
}

const pay = async (url: string, key: string) => {
  const form = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };
  return fetch(`${url}/v1/payment_intents`, {
    method: 'POST',
    body: new URLSearchParams(form),
    headers: { authorization: 'Bearer sk_test_x', 'idempotency-key': key },
  });
};

describe('npm run simulators', () => {
  it('says when it is ready, stops cleanly, and finds its payments again', async () => {
    const first = run({});
    const { id } = (await (await pay(await first.ready, 'k')).json()) as Body;
    first.child.kill('SIGTERM');
    const { code, out } = await first.exit;
    expect(code).toBe(0);
    expect(out).toMatch(/"apruve":"http:\/\/127\.0\.0\.1:\d+"/);
    expect(JSON.parse(await readFile(join(dir, 'stripe.json'), 'utf8'))).toBeTruthy();

    const second = run({});
    const url = await second.ready;
    const headers = { authorization: 'Bearer sk_test_x' };
    const read = await fetch(`${url}/v1/payment_intents/${id}`, { headers });
    expect(((await read.json()) as Body)['status']).toBe('succeeded');
    expect((await pay(url, 'k')).headers.get('idempotent-replayed')).toBe('true');
    expect(await (await fetch(`${url}/_sim/ledger`)).json()).toHaveLength(2);
    second.child.kill('SIGINT');
    expect((await second.exit).code).toBe(0);
  });

  it('tells which port is taken', async () => {
    const first = run({});
    const { port } = new URL(await first.ready);
    const { code, err } = await run({ STRIPE_SIMULATOR_PORT: port }).exit;
    expect(code).toBe(1);
    expect(err).toContain(`Port ${port}`);
    expect(err).toContain('STRIPE_SIMULATOR_PORT');
  });

  it('refuses a malformed environment by name', async () => {
    const { code, err } = await run({ STRIPE_SIMULATOR_PORT: 'many' }).exit;
    expect(code).toBe(1);
    expect(err).toContain('STRIPE_SIMULATOR_PORT');
  });

  it('holds for as long as it is told', async () => {
    const { ready } = run({ STRIPE_SIMULATOR_HOLD_MS: '90000' });
    const form = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };
    const held = await fetch(`${await ready}/v1/payment_intents`, {
      method: 'POST',
      body: new URLSearchParams({
        ...form,
        capture_method: 'manual',
        'expand[]': 'latest_charge',
      }),
      headers: { authorization: 'Bearer sk_test_x' },
    });
    const { latest_charge: charge } = (await held.json()) as Body;
    const { capture_before: until } = charge.payment_method_details.card;
    expect(until - charge.created).toBe(90);
  });

  it('explains itself', async () => {
    const { code, out } = await run({}, ['--help']).exit;
    expect(code).toBe(0);
    expect(out).toContain('STRIPE_SIMULATOR_WEBHOOK_URL');
  });
});
