/** The four ways to carry one payment: authorize EUR 105.00, then capture it. */
import { randomUUID } from 'node:crypto';
import type { Child } from '../../api/cli/dev/children.ts';
import { authorizeCall, captureCall } from './stripe-calls.ts';
import { COLLECTS, type Process, type World } from './world.ts';

const AMOUNT_MINOR = 10_500;

export type Variant = {
  readonly letter: 'A' | 'B' | 'C' | 'D';
  readonly name: string;
  /** Answers with what `capture` needs. */
  authorize(): Promise<string>;
  capture(id: string): Promise<unknown>;
  /** Whose processor time it costs, apart from the simulator's and ours. */
  readonly processes: readonly Process[];
};

async function post(url: string, body: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  const answer = (await response.json()) as { id: string; status?: string };
  if (!response.ok || response.status === 202) {
    throw new Error(`${url}: ${response.status} ${JSON.stringify(answer)}`);
  }
  return answer;
}

export async function startVariants(world: World): Promise<readonly Variant[]> {
  const { postgres, temporal } = world.processes;
  const processOf = ({ child }: { child: Child }): Process => ({
    name: child.spec.name,
    pid: child.pid,
    collects: COLLECTS.every((option) => child.spec.args.includes(option)),
  });
  const simple = await world.run('simple-api', 'test/bench/simple/api.ts');
  const bareWorker = await world.run('bare-worker', 'test/bench/bare/worker.ts');
  const bareApi = await world.run('bare-api', 'test/bench/bare/api.ts');
  const worker = await world.run('worker', 'activities/worker.ts', COLLECTS);
  const api = await world.run('api', 'api/server.ts', COLLECTS);
  const plain = (url: string) => ({
    authorize: async () => (await post(`${url}/payments`, { amountMinor: AMOUNT_MINOR })).id,
    capture: (id: string) => post(`${url}/payments/${id}/capture`, {}),
  });
  const { checkout, sales } = world.keys;
  const url = world.urlOf(api);
  const headers = (key: string) => ({
    authorization: `Bearer ${key}`,
    'idempotency-key': randomUUID(),
  });
  return [
    {
      letter: 'A',
      name: 'direct call to the provider',
      authorize: async () => (await authorizeCall(world.stripe, randomUUID(), AMOUNT_MINOR)).id,
      capture: (id) => captureCall(world.stripe, randomUUID(), id),
      processes: [],
    },
    {
      letter: 'B',
      name: 'Hono and a Postgres row',
      ...plain(world.urlOf(simple)),
      processes: [processOf(simple), postgres],
    },
    {
      letter: 'C',
      name: 'bare Temporal workflow',
      ...plain(world.urlOf(bareApi)),
      processes: [processOf(bareApi), processOf(bareWorker), temporal],
    },
    {
      letter: 'D',
      name: 'Holdfast',
      authorize: async () =>
        (await post(`${url}/v1/payments`, HOLDFAST_ORDER, headers(checkout))).id,
      capture: (id) => post(`${url}/v1/payments/${id}/capture`, {}, headers(sales)),
      processes: [processOf(api), processOf(worker), temporal, postgres],
    },
  ];
}

const HOLDFAST_ORDER = {
  amount: { amountMinor: AMOUNT_MINOR, currency: 'EUR' },
  method: 'stripe_test.card',
  source: { kind: 'order', number: '4711' },
  capture: 'manual',
  paymentToken: 'pm_card_visa',
};
