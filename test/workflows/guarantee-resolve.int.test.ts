/** An operator says what became of an operation that InfinitePay gave no usable answer about. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { guaranteeProviderOf } from '../../activities/providers/registry.ts';
import type { Call } from '../../activities/providers/provider.ts';
import { createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast, type HoldfastOptions } from '../support/holdfast.ts';

const CASES = [
  { verb: 'reserve', before: [], body: {}, done: 'reserved', undone: 'expired' },
  {
    verb: 'modify',
    before: [],
    body: { amountMinor: 90_000 },
    done: 'reserved',
    undone: 'reserved',
  },
  { verb: 'capture', before: [], body: {}, done: 'captured', undone: 'reserved' },
  { verb: 'activate', before: ['capture'], body: {}, done: 'guaranteed', undone: 'captured' },
  { verb: 'cancel', before: ['capture'], body: {}, done: 'cancelled', undone: 'captured' },
  {
    verb: 'receipts',
    before: ['capture', 'activate'],
    body: { amountMinor: 40_000 },
    done: 'guaranteed',
    undone: 'guaranteed',
  },
] as const;
type Case = (typeof CASES)[number];

const SETTINGS = { timeoutMs: 500, policy: { inquireWithinMs: 900 } };
const SEEN = 'Seen in the portal on Friday.';

let count = 0;

/** Brings a payment, at an InfinitePay of its own, to where nobody knows whether `verb` took place. */
async function park(holdfast: Holdfast, { verb, before, body: terms }: Case, took: boolean) {
  count += 1;
  const infinitepay = await createGuarantees(holdfast, SETTINGS, `infinitepay_${count}`);
  const operation = verb === 'receipts' ? 'apply' : verb;
  const deaf = async () => {
    await infinitepay.fault({ operation, fault: took ? 'drop-after' : 'drop-before', times: 1 });
    await infinitepay.fault({ operation: 'inquire', fault: 'garbage-after', times: 99 });
  };
  if (verb === 'reserve') await deaf();
  const { body } = await infinitepay.start();
  for (const each of before) await holdfast.command(body.id, each);
  if (verb !== 'reserve') await deaf();
  if (verb !== 'reserve') await holdfast.command(body.id, verb, terms, { prefer: 'wait=0' });
  const payment = await holdfast.until(body.id, ({ status }) => status === 'parked');
  expect(payment.commands.slice(0, 2)).toEqual([{ verb: 'recheck' }, { verb: 'resolve' }]);
  return { infinitepay, payment };
}

const resolve = (
  { infinitepay, payment }: { infinitepay: Guarantees; payment: { id: string } },
  outcome: 'succeeded' | 'failed',
  {
    key = randomUUID(),
    ...said
  }: { key?: string; amountMinor?: number; providerRef?: string } = {},
) => infinitepay.operate(payment, 'resolve', { outcome, reason: SEEN, ...said }, key);

describe.concurrent('a parked operation of a guaranteed invoice', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  it.each(
    CASES.flatMap((each) => [
      { ...each, outcome: 'succeeded' as const },
      { ...each, outcome: 'failed' as const },
    ]),
  )('is resolved: $verb $outcome, and a later look finds nothing against it', async (each) => {
    const { outcome, verb } = each;
    const took = outcome === 'succeeded';
    const parked = await park(holdfast, each, took);
    const { infinitepay, payment } = parked;
    const { status, body } = await resolve(parked, outcome);
    expect([status, body.status]).toEqual([200, took ? each.done : each.undone]);
    expect(body.decline).toBeNull();
    const { authorized, captured, voided } = body.amounts;
    const told = verb === 'receipts' && !took ? 40_000 : 0;
    expect(authorized - captured - voided).toBe((await infinitepay.blocked(payment)) - told);
    if (told > 0) expect(body.needsAttention).toContain('was not told that the buyer has paid');
    else expect(body.needsAttention).toBeNull();

    await infinitepay.clearFaults();
    const looked = await infinitepay.operate(payment, 'recheck');
    const isOver = body.status === 'expired' || body.status === 'cancelled';
    expect(looked.status).toBe(isOver ? 409 : 200);
    if (!isOver) {
      const looks = async () =>
        expect((await holdfast.facts(payment.id)).at(-1)).toBe('picture.confirmed');
      await vi.waitFor(looks, { timeout: 10_000 });
    }
    expect((await holdfast.get(payment.id)).amounts).toEqual(body.amounts);
    await infinitepay.close();
  });

  it.each(CASES.filter(({ verb }) => verb !== 'modify'))(
    'is not resolved as failed where InfinitePay has it: $verb',
    async (each) => {
      const parked = await park(holdfast, each, true);
      await parked.infinitepay.clearFaults();
      const key = randomUUID();
      const refused = await resolve(parked, 'failed', { key });
      expect([refused.status, refused.body.code]).toEqual([409, 'contradicts-proof']);
      expect((await resolve(parked, 'failed', { key })).status).toBe(409);
      const payment = await holdfast.get(parked.payment.id);
      expect([payment.status, payment.needsAttention]).toEqual([each.done, null]);
      expect(await holdfast.facts(payment.id)).not.toContain('resolution.applied');
      await parked.infinitepay.close();
    },
  );

  it('is captured with the true amount, whatever was said of a modification', async () => {
    const [, modify] = CASES;
    const parked = await park(holdfast, modify, false);
    const { infinitepay, payment } = parked;
    expect((await resolve(parked, 'succeeded')).body.amounts.authorized).toBe(90_000);
    await infinitepay.clearFaults();
    const { body } = await holdfast.command(payment.id, 'capture');
    expect([body.status, body.decline?.code]).toEqual(['reserved', 'SIM_AMOUNT']);
    expect(await infinitepay.moved(payment)).toEqual([`reserve ${TOTAL}`]);
    await holdfast.command(payment.id, 'modify', { amountMinor: TOTAL });
    expect((await holdfast.command(payment.id, 'capture')).body.status).toBe('captured');
    await infinitepay.close();
  });

  it.each([
    ['another amount', { amountMinor: TOTAL - 1 }],
    ['another reference', { providerRef: 'R-OTHER' }],
  ])('is not resolved with %s: the journal knows better', async (_what, said) => {
    const parked = await park(holdfast, CASES[2], true);
    const refused = await resolve(parked, 'succeeded', said);
    expect([refused.status, refused.body.code]).toEqual([409, 'contradicts-proof']);
    expect((await holdfast.get(parked.payment.id)).status).toBe('parked');
    await parked.infinitepay.close();
  });
});

describe('a parked operation that never reached InfinitePay', () => {
  /** A request may be on its way for two minutes; to the second worker they are over. */
  const LATER: HoldfastOptions['instead'] = {
    guaranteeProviderOf: (integration) => {
      const provider = guaranteeProviderOf(integration);
      const later = (call: Call): Call => ({
        ...call,
        lastSentAt: (call.lastSentAt ?? 0) - 180_000,
      });
      return {
        ...provider,
        inquire: (effect, terms, call, asking) =>
          provider.inquire(effect, terms, later(call), asking),
      };
    },
  };

  it.each(CASES.filter(({ verb }) => verb !== 'modify'))(
    'is not resolved as done, once that is proven: $verb',
    async (each) => {
      const holdfast = await createHoldfast({ workerless: true });
      const first = await holdfast.startWorker();
      const parked = await park(holdfast, each, false);
      await first.stop();
      await parked.infinitepay.clearFaults();
      const second = await holdfast.startWorker(LATER);
      const refused = await resolve(parked, 'succeeded');
      expect([refused.status, refused.body.code]).toEqual([409, 'contradicts-proof']);
      expect((await holdfast.get(parked.payment.id)).status).toBe(each.undone);
      expect(await holdfast.facts(parked.payment.id)).not.toContain('resolution.applied');
      await second.stop();
      await holdfast.close();
      await parked.infinitepay.close();
    },
  );
});
