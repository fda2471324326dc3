/**
 * Records the histories that `replay.int.test.ts` replays: `npm run replay:capture`, beside a stack
 * that runs (`npm start -- --no-demo`). One file a run: `<behaviour>.<run>@<version>.json`, where
 * the version is the lifecycle's. Recorded histories are kept for good; a new version adds its own.
 */
import { randomUUID } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Client, Connection } from '@temporalio/client';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { z } from 'zod';

const VERSION = 1;
/** The same in every record, as its host is shown in the run. */
const MERCHANT_PORT = 4_099;
const stack = z
  .object({
    api: z.string(),
    temporalAddress: z.string(),
    simulators: z.object({ stripe: z.string() }),
    keys: z.object({ checkout: z.string(), sales: z.string(), admin: z.string() }),
  })
  .parse(JSON.parse(readFileSync('.holdfast/stack.json', 'utf8')));
const payment = z.object({
  id: z.string(),
  status: z.string(),
  nextAction: z.object({ url: z.string() }).nullable(),
});
type Payment = z.infer<typeof payment>;

const post = async (path: string, key: string, body: object): Promise<Payment> =>
  payment.parse(await ask(path, key, body));

async function ask(path: string, key: string, body: object): Promise<unknown> {
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
  return answer;
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
  'merchant-told': tellMerchant,
};

/** A merchant that refuses each event once. Returns the id of the run that told it of a payment. */
async function tellMerchant(): Promise<string> {
  const taken: string[] = [];
  const refused = new Set<string>();
  const server = createServer((request, response) => {
    const event = String(request.headers['webhook-id']);
    if (refused.has(event)) taken.push(event);
    response.writeHead(refused.has(event) ? 204 : 503).end();
    refused.add(event);
  }).listen(MERCHANT_PORT, '127.0.0.1');
  const created = await ask('/v1/webhook-endpoints', stack.keys.admin, {
    url: `http://127.0.0.1:${MERCHANT_PORT}/`,
  });
  const endpoint = z.object({ id: z.string() }).parse(created);
  const { id } = await start();
  await command(id, 'capture');
  while (taken.length < 2) await new Promise((resolve) => setTimeout(resolve, 100));
  await ask(`/v1/webhook-endpoints/${endpoint.id}/disable`, stack.keys.admin, {});
  server.close();
  return `deliver-${endpoint.id}-${id}`;
}

/** Who recorded it, and when a task was retried where, says nothing about the behaviour. */
const anonymous = (json: string): string =>
  json
    .replace(/("identity": ?)"[^"]*"/g, '$1"recorded"')
    .replace(/("stackTrace": ?)"[^"]*"/g, '$1""');

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
