import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { newsOf } from '../support/news.ts';

/** Asks that the outage outlasts: of an hour's schedule, the first ones. */
const ASKS = 4;
const SAMPLES = 30;
/** What others may notice of it: generous, because the machine is shared. */
const SLOWER_AT_MOST = 5;
const FLOOR_MS = 100;

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

describe('a provider that is down', () => {
  let holdfast: Holdfast;
  let well: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ webhooks: true });
    // Only for its simulator: the integration of another provider's account.
    well = await createHoldfast({ workerless: true });
    const { status } = await holdfast.request('PUT', '/v1/integrations/stripe_well', {
      body: {
        provider: 'stripe',
        mode: 'test',
        baseUrl: well.stripe.url,
        settings: { multicapture: true },
        credentials: { secretKey: 'sk_test_holdfast' },
      },
    });
    expect(status).toBe(200);
  });
  afterAll(async () => {
    await holdfast.close();
    await well.close();
  });

  const timed = async (act: () => Promise<unknown>): Promise<number> => {
    const from = performance.now();
    await act();
    return performance.now() - from;
  };

  /** A payment of the other integration, from checkout to its refund, and a look at it. */
  async function elsewhere() {
    const read: number[] = [];
    const pay: number[] = [];
    for (let sample = 0; sample < SAMPLES; sample += 1) {
      let id = '';
      pay.push(
        await timed(async () => {
          const { body, status } = await holdfast.start({ method: 'stripe_well.card' });
          expect([status, body.status]).toEqual([201, 'authorized']);
          id = body.id;
          const captured = await holdfast.command(id, 'capture');
          expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
        }),
      );
      read.push(await timed(() => holdfast.get(id)));
      read.push(await timed(() => holdfast.request('GET', '/v1/payments?limit=20')));
    }
    return { readMs: median(read), payMs: median(pay) };
  }

  const inconclusive = async (id: string): Promise<number> =>
    (await holdfast.facts(id)).filter((type) => type === 'inquiry.inconclusive').length;

  it(
    'makes its payments wait and finish by themselves, and nobody else',
    { timeout: 150_000 },
    async () => {
      const before = await elsewhere();

      const started = async (body: Record<string, unknown> = {}) =>
        (await holdfast.start(body)).body.id;
      const challenged = { paymentToken: 'pm_card_authenticationRequired' };
      const [toCapture, toVoid, toRefund, ofBuyer, cancelled, refunded] = await Promise.all([
        started(),
        started(),
        started({ capture: 'automatic' }),
        started(challenged),
        started(),
        started({ capture: 'automatic' }),
      ]);
      for (const fault of ['status-500-before', 'drop-before', 'status-500-before']) {
        const times = fault === 'drop-before' ? 10 : 5;
        await holdfast.fault({ operation: '*', fault, times });
      }
      await holdfast.fault({ operation: '*', fault: 'status-500-before', times: 1_000_000 });

      // All that can be asked of it is answered in time, and nothing of it is claimed to be done.
      const hasty = { prefer: 'wait=1' };
      const answers = await Promise.all([
        holdfast.start({}, hasty),
        holdfast.start({ capture: 'automatic' }, hasty),
        holdfast.command(toCapture, 'capture', { amountMinor: 4_000, final: true }, hasty),
        holdfast.command(toVoid, 'void', {}, hasty),
        holdfast.command(toRefund, 'refund', { amountMinor: 1_000 }, hasty),
      ]);
      expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202]);
      const [newHold, newSale] = answers.map(({ body }) => body.id) as [string, string];
      await holdfast.atDashboard('pay', ofBuyer);
      await holdfast.atDashboard('cancel', cancelled);
      await holdfast.atDashboard('refund', refunded, { amountMinor: 700 });

      const during = await elsewhere();
      const all = { newHold, newSale, toCapture, toVoid, toRefund, ofBuyer, cancelled, refunded };
      for (const id of Object.values(all)) {
        await expect.poll(() => inconclusive(id), { timeout: 40_000 }).toBeGreaterThanOrEqual(ASKS);
      }
      const waiting = await Promise.all(Object.values(all).map((id) => holdfast.get(id)));
      expect(waiting.map(({ status }) => status)).toEqual([
        'inquiring',
        'inquiring',
        'inquiring',
        'inquiring',
        'inquiring',
        'awaiting_buyer',
        'authorized',
        'captured',
      ]);
      expect(waiting.map(({ needsAttention }) => needsAttention)).toEqual(waiting.map(() => null));

      await holdfast.clearFaults();
      const ends = {
        newHold: ['authorized', { authorized: 10_500 }],
        newSale: ['captured', { captured: 10_500 }],
        toCapture: ['captured', { captured: 4_000, voided: 6_500 }],
        toVoid: ['voided', { voided: 10_500 }],
        toRefund: ['partially_refunded', { refunded: 1_000 }],
        ofBuyer: ['authorized', { authorized: 10_500 }],
        cancelled: ['voided', { voided: 10_500 }],
        refunded: ['partially_refunded', { refunded: 700 }],
      } as const;
      for (const [name, [status, amounts]] of Object.entries(ends)) {
        const id = all[name as keyof typeof all];
        const payment = await holdfast.until(id, (now) => now.status === status);
        expect({ name, ...payment }).toMatchObject({ name, amounts, needsAttention: null });
        const moved = (await holdfast.movements(id)).map(({ kind }) => kind);
        expect(new Set(moved).size).toBe(moved.length);
      }
      const after = await elsewhere();
      const shown = (ms: number) => Number(ms.toFixed(1));
      console.info('of others, median ms:', {
        read: [before, during, after].map(({ readMs }) => shown(readMs)),
        pay: [before, during, after].map(({ payMs }) => shown(payMs)),
      });
      expect(during.readMs).toBeLessThan(before.readMs * SLOWER_AT_MOST + FLOOR_MS);
      expect(during.payMs).toBeLessThan(before.payMs * SLOWER_AT_MOST + FLOOR_MS);

      // The news that came meanwhile is over, too.
      const news = newsOf(holdfast);
      const open = async () => {
        await news.sweep();
        return (await news.kept('&state=waiting')).length;
      };
      await expect.poll(open, { timeout: 20_000 }).toBe(0);
    },
  );
});
