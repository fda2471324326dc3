/**
 * Records the histories that `replay.int.test.ts` replays: `npm run replay:capture`, beside a stack
 * that runs (`npm start -- --no-demo`). One file a run: `<behaviour>.<run>@<version>.json`, where
 * the version is the lifecycle's. Recorded histories are kept for good; a new version adds its own.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';

const VERSION = 1;
const stack = z
  .object({
    api: z.string(),
    temporalAddress: z.string(),
    simulators: z.object({ stripe: z.string() }),
    keys: z.object({ checkout: z.string(), sales: z.string() }),
  })
  .parse(JSON.parse(readFileSync('.holdfast/stack.json', 'utf8')));
const payment = z.object({
  id: z.string(),
  status: z.string(),
  nextAction: z.object({ url: z.string() }).nullable(),
});
type Payment = z.infer<typeof payment>;

async function post(path: string, key: string, body: object): Promise<Payment> {
  const response = await fetch(`${stack.api}${path}`, {
    method: 'POST',
    headers: {
      authorization: `Bearer ${key}`,
      'content-type': 'application/json',
      'idempotency-key': randomUUID(),
    },
    body: JSON.stringify(body),
  });
  const answer: unknown = await response.json();
  if (!response.ok) throw new Error(`${path}: ${JSON.stringify(answer)}`);
  return payment.parse(answer);
}

const start = (body: object = {}): Promise<Payment> =>
  post('/v1/payments', stack.keys.checkout, {
    amount: { amountMinor: 10_500, currency: 'EUR' },
    method: 'stripe_test.card',
    source: { kind: 'order', number: '4711' },
    capture: 'manual',
    paymentToken: 'pm_card_visa',
    ...body,
  });

const command = (id: string, verb: string, body: object = {}): Promise<Payment> =>
  post(`/v1/payments/${id}/${verb}`, stack.keys.sales, body);

async function fault(operation: string, name: string): Promise<void> {
  await fetch(`${stack.simulators.stripe}/_sim/faults`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ operation, fault: name, times: 1 }),
  });
}

async function until(id: string, status: string): Promise<void> {
  for (;;) {
    const response = await fetch(`${stack.api}/v1/payments/${id}`, {
      headers: { authorization: `Bearer ${stack.keys.sales}` },
    });
    if (payment.parse(await response.json()).status === status) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const BEHAVIOURS: Readonly<Record<string, () => Promise<string>>> = {
  async 'authorize-capture-refund'() {
    const { id } = await start();
    await command(id, 'capture', { amountMinor: 6_000 });
    await command(id, 'refund', { amountMinor: 1_000 });
    return id;
  },
  declined: async () => (await start({ paymentToken: 'pm_card_chargeDeclined' })).id,
  sale: async () => (await start({ capture: 'automatic' })).id,
  async void() {
    const { id } = await start();
    await command(id, 'void');
    return id;
  },
  async 'captures-in-parts'() {
    const { id } = await start();
    await command(id, 'capture', { amountMinor: 3_000, final: false });
    await command(id, 'capture', { amountMinor: 2_000, final: false });
    await command(id, 'void');
    return id;
  },
  async 'buyer-confirms'() {
    const { id, nextAction } = await start({ paymentToken: 'pm_card_authenticationRequired' });
    await fetch(nextAction?.url ?? '', {
      method: 'POST',
      body: new URLSearchParams({ outcome: 'complete' }),
      redirect: 'manual',
    });
    await until(id, 'authorized');
    await command(id, 'capture');
    return id;
  },
  async 'authorize-unknown-found'() {
    await fault('authorize', 'drop-after');
    const { id } = await start();
    await until(id, 'authorized');
    await command(id, 'void');
    return id;
  },
  async 'capture-unknown-found'() {
    const { id } = await start();
    await fault('capture', 'garbage-after');
    await command(id, 'capture');
    await until(id, 'captured');
    return id;
  },
};

/** Who recorded it, and when a task was retried where, says nothing about the behaviour. */
const anonymous = (json: string): string => json.replace(/("identity": ?)"[^"]*"/g, '$1"recorded"');

const connection = await Connection.connect({ address: stack.temporalAddress });
const client = new Client({ connection });
for (const [behaviour, live] of Object.entries(BEHAVIOURS)) {
  const id = await live();
  await client.workflow.getHandle(id).result();
  const runs: { runId: string; startTime: Date }[] = [];
  for await (const run of client.workflow.list({ query: `WorkflowId = '${id}'` })) runs.push(run);
  runs.sort((a, b) => a.startTime.getTime() - b.startTime.getTime());
  for (const [index, { runId }] of runs.entries()) {
    const history = await client.workflow.getHandle(id, runId).fetchHistory();
    const file = `test/replay/${behaviour}.${index + 1}@${VERSION}.json`;
    writeFileSync(file, `${anonymous(historyToJSON(history))}\n`);
    console.log(`${file}: ${history.events?.length} events`);
  }
}
await connection.close();
