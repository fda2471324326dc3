import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { newsOf } from '../support/news.ts';

type Step = readonly [action: string, terms?: Record<string, unknown>];
type Change = {
  readonly what: string;
  /** What Holdfast did itself before. */
  readonly own: readonly Step[];
  readonly capture?: 'automatic';
  /** What somebody does at Stripe. */
  readonly atStripe: readonly Step[];
  readonly status: string;
  readonly amounts: Partial<PaymentResource['amounts']>;
  readonly ledger: Record<string, number>;
  /** The last that the merchant is told. */
  readonly announced: string;
  readonly attention?: RegExp;
};

const PART = ['capture', { amountMinor: 4_000, final: false }] as const;

const CHANGES: readonly Change[] = [
  {
    what: 'a capture of all that is held',
    own: [],
    atStripe: [['capture']],
    status: 'captured',
    amounts: { captured: 10_500, voided: 0 },
    ledger: { order_receivable: -10_500, provider_balance: 10_500 },
    announced: 'payment.captured',
  },
  {
    what: 'a capture of a part, which releases the rest',
    own: [],
    atStripe: [['capture', { amountMinor: 4_000 }]],
    status: 'captured',
    amounts: { captured: 4_000, voided: 6_500 },
    ledger: { order_receivable: -4_000, provider_balance: 4_000 },
    announced: 'payment.captured',
  },
  {
    what: 'a capture of the rest after a part of ours',
    own: [PART],
    atStripe: [['capture']],
    status: 'captured',
    amounts: { captured: 10_500, voided: 0 },
    ledger: { order_receivable: -10_500, provider_balance: 10_500 },
    announced: 'payment.captured',
  },
  {
    what: 'a cancelled hold',
    own: [],
    atStripe: [['cancel']],
    status: 'voided',
    amounts: { captured: 0, voided: 10_500 },
    ledger: {},
    announced: 'payment.voided',
  },
  {
    what: 'a hold that is cancelled after a part was captured',
    own: [PART],
    atStripe: [['cancel']],
    status: 'captured',
    amounts: { captured: 4_000, voided: 6_500 },
    ledger: { order_receivable: -4_000, provider_balance: 4_000 },
    announced: 'payment.voided',
  },
  {
    what: 'a hold that the issuer ends before its date',
    own: [],
    atStripe: [['hold', { endsInMs: 0 }]],
    status: 'expired',
    amounts: { captured: 0, voided: 10_500 },
    ledger: {},
    announced: 'payment.expired',
  },
  {
    what: 'a hold that ends before its date after a part was captured',
    own: [PART],
    atStripe: [['hold', { endsInMs: 0 }]],
    status: 'captured',
    amounts: { captured: 4_000, voided: 6_500 },
    ledger: { order_receivable: -4_000, provider_balance: 4_000 },
    // Stripe says that it is over, and not that time ended it before its date.
    announced: 'payment.voided',
  },
  {
    what: 'a refund of all',
    own: [],
    capture: 'automatic',
    atStripe: [['refund']],
    status: 'refunded',
    amounts: { captured: 10_500, refunded: 10_500 },
    ledger: {},
    announced: 'payment.refunded',
  },
  {
    what: 'a refund of a part after one of ours',
    own: [['refund', { amountMinor: 1_000 }]],
    capture: 'automatic',
    atStripe: [['refund', { amountMinor: 500 }]],
    status: 'partially_refunded',
    amounts: { refunded: 1_500 },
    ledger: { order_receivable: -9_000, provider_balance: 9_000 },
    announced: 'payment.refunded',
  },
  {
    what: 'a refund while a part is still held',
    own: [PART],
    atStripe: [['refund', { amountMinor: 1_500 }]],
    status: 'partially_captured',
    amounts: { captured: 4_000, refunded: 1_500 },
    ledger: {
      authorizations: -6_500,
      holds: 6_500,
      order_receivable: -2_500,
      provider_balance: 2_500,
    },
    announced: 'payment.refunded',
  },
  {
    what: 'a refund of ours that fails afterwards',
    own: [['refund', { amountMinor: 1_000 }]],
    capture: 'automatic',
    atStripe: [['refund-fail']],
    status: 'captured',
    amounts: { refunded: 0 },
    ledger: { order_receivable: -10_500, provider_balance: 10_500 },
    announced: 'payment.refund_failed',
    attention: /refund of EUR 10\.00 failed/,
  },
  {
    what: 'a dispute that is opened',
    own: [],
    capture: 'automatic',
    atStripe: [['dispute']],
    status: 'disputed',
    amounts: { disputed: 10_500 },
    ledger: { disputes: 10_500, order_receivable: -10_500 },
    announced: 'payment.disputed',
    attention: /disputes EUR 105\.00/,
  },
  {
    what: 'a dispute that is won',
    own: [],
    capture: 'automatic',
    atStripe: [['dispute'], ['dispute-win']],
    status: 'captured',
    amounts: { disputed: 0, chargedBack: 0 },
    ledger: { order_receivable: -10_500, provider_balance: 10_500 },
    announced: 'payment.dispute_won',
  },
  {
    what: 'a dispute that is lost',
    own: [],
    capture: 'automatic',
    atStripe: [['dispute', { amountMinor: 7_000 }], ['dispute-lose']],
    status: 'charged_back',
    amounts: { disputed: 0, chargedBack: 7_000 },
    ledger: { chargebacks: 7_000, order_receivable: -10_500, provider_balance: 3_500 },
    announced: 'payment.dispute_lost',
  },
  {
    what: 'a dispute of all that was paid after a part was refunded',
    own: [['refund', { amountMinor: 2_500 }]],
    capture: 'automatic',
    atStripe: [['dispute']],
    status: 'disputed',
    amounts: { refunded: 2_500, disputed: 10_500 },
    ledger: { disputes: 10_500, order_receivable: -8_000, provider_balance: -2_500 },
    announced: 'payment.disputed',
    attention: /disputes EUR 105\.00/,
  },
  {
    what: 'a dispute that is won after a part was refunded',
    own: [['refund', { amountMinor: 2_500 }]],
    capture: 'automatic',
    atStripe: [['dispute'], ['dispute-win']],
    status: 'partially_refunded',
    amounts: { refunded: 2_500, disputed: 0 },
    ledger: { order_receivable: -8_000, provider_balance: 8_000 },
    announced: 'payment.dispute_won',
  },
];

async function prepare(holdfast: Holdfast, { own, capture }: Change): Promise<string> {
  const { body } = await holdfast.start(capture === undefined ? {} : { capture });
  for (const [verb, terms] of own) {
    expect((await holdfast.command(body.id, verb, terms)).status).toBe(200);
  }
  return body.id;
}

async function expectMoved(holdfast: Holdfast, id: string, change: Change): Promise<void> {
  const news = newsOf(holdfast);
  const isThere = (payment: PaymentResource): boolean =>
    payment.status === change.status &&
    Object.entries(change.amounts).every(
      ([name, minor]) => payment.amounts[name as keyof PaymentResource['amounts']] === minor,
    );
  const last = async () => (await news.announced(id)).at(-1);
  await expect.poll(last, { timeout: 30_000 }).toBe(change.announced);
  const payment = await holdfast.until(id, isThere);
  expect(await news.ledger(id)).toEqual(change.ledger);
  if (change.attention === undefined) expect(payment.needsAttention).toBeNull();
  else expect(payment.needsAttention).toMatch(change.attention);
}

describe('what is done at Stripe behind Holdfast’s back', () => {
  let holdfast: Holdfast;
  let worker: { stop(): Promise<void> } | null;
  beforeAll(async () => {
    holdfast = await createHoldfast({ webhooks: true, workerless: true });
    worker = await holdfast.startWorker();
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(async () => {
    await worker?.stop();
    await holdfast.close();
  });

  it.each(CHANGES)('moves the payment, its ledger and its merchant: $what', async (change) => {
    const id = await prepare(holdfast, change);
    for (const [action, terms] of change.atStripe) await holdfast.atDashboard(action, id, terms);
    await expectMoved(holdfast, id, change);
  });

  it('moves them too when no worker was there at the time', async () => {
    const ids = await Promise.all(CHANGES.map((change) => prepare(holdfast, change)));
    await worker?.stop();
    worker = null;
    await Promise.all(
      CHANGES.map(async ({ atStripe }, index) => {
        for (const [action, terms] of atStripe) {
          await holdfast.atDashboard(action, ids[index] ?? '', terms);
        }
      }),
    );
    const waits = async (id: string) => (await newsOf(holdfast).kept(`&payment=${id}`)).length;
    for (const id of ids)
      await expect.poll(() => waits(id), { timeout: 15_000 }).toBeGreaterThan(0);
    worker = await holdfast.startWorker();
    await Promise.all(
      CHANGES.map((change, index) => expectMoved(holdfast, ids[index] ?? '', change)),
    );
  });

  it('is found once an own capture in flight has its answer', async () => {
    const news = newsOf(holdfast);
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'delay', times: 1, delayMs: 1_500 });
    const own = holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    const ofOwn = async () =>
      (await holdfast.movements(body.id)).filter(({ kind }) => kind === 'capture').length;
    await expect.poll(ofOwn).toBe(1);
    await holdfast.atDashboard('capture', body.id, { amountMinor: 3_000 });
    expect((await own).body.amounts.captured).toBeGreaterThanOrEqual(4_000);
    // It was not told while an answer was on its way: that is the sweep's.
    await expect
      .poll(
        async () => {
          await news.sweep();
          return holdfast.get(body.id);
        },
        { timeout: 20_000 },
      )
      .toMatchObject({ status: 'captured', amounts: { captured: 7_000, voided: 3_500 } });
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type.startsWith('capture.'))).toEqual([
      'capture.requested',
      'capture.succeeded',
      'capture.found',
    ]);
  });

  it('is counted once together with an own capture that nobody answered', async () => {
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'status-500-after', times: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'status-500-before', times: 2 });
    const own = holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    await holdfast.until(body.id, ({ status }) => status === 'inquiring');
    await holdfast.atDashboard('capture', body.id, { amountMinor: 3_000 });
    await own;
    const payment = await holdfast.until(body.id, ({ status }) => status === 'captured');
    expect(payment.amounts).toMatchObject({ captured: 7_000, voided: 3_500 });
    const taken = (await holdfast.movements(body.id)).filter(({ kind }) => kind === 'capture');
    expect(taken.map(({ amountMinor }) => amountMinor)).toEqual([4_000, 3_000]);
  });

  it('leaves an own refund alone that is made at the same time', async () => {
    const { body } = await holdfast.start({ capture: 'automatic' });
    await holdfast.fault({ operation: 'refund', fault: 'drop-after', times: 1 });
    await Promise.all([
      holdfast.command(body.id, 'refund', { amountMinor: 1_000 }),
      holdfast.atDashboard('refund', body.id, { amountMinor: 700 }),
    ]);
    await holdfast.until(body.id, ({ amounts }) => amounts.refunded === 1_700);
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type === 'refund.succeeded')).toHaveLength(1);
    expect(facts.filter((type) => type === 'refund.found')).toHaveLength(1);
  });

  it('is no fact when it was done by Holdfast itself, and hardly a question', async () => {
    const news = newsOf(holdfast);
    const { body } = await holdfast.start();
    const ref = await news.refOf(body.id);
    for (const [verb, terms] of [
      ['capture', { amountMinor: 4_000, final: false }],
      ['capture', { amountMinor: 5_000 }],
      ['refund', { amountMinor: 1_000 }],
      ['refund', { amountMinor: 2_000 }],
    ] as const) {
      expect((await holdfast.command(body.id, verb, terms)).status).toBe(200);
    }
    const events = (await news.eventsOf(ref)).map(({ id }) => id);
    const sent = async () =>
      ((await holdfast.simulate('webhooks')) as { eventId: string; status: number }[]).filter(
        ({ eventId, status }) => events.includes(eventId) && status === 200,
      ).length;
    await expect.poll(sent, { timeout: 15_000 }).toBe(events.length);
    await news.sweep();
    const open = async () => (await news.kept(`&payment=${body.id}&state=waiting`)).length;
    await expect.poll(open, { timeout: 15_000 }).toBe(0);
    expect(await holdfast.facts(body.id)).toEqual([
      'payment.requested',
      'authorization.approved',
      'capture.requested',
      'capture.succeeded',
      'capture.requested',
      'capture.succeeded',
      'refund.requested',
      'refund.succeeded',
      'refund.requested',
      'refund.succeeded',
    ]);
    expect(await news.asked(ref)).toBeLessThanOrEqual(2);
  });

  it('is looked at once however often it is said', async () => {
    const news = newsOf(holdfast);
    const { body } = await holdfast.start();
    await holdfast.atDashboard('cancel', body.id);
    await holdfast.until(body.id, ({ status }) => status === 'voided');
    const ref = await news.refOf(body.id);
    const facts = await holdfast.facts(body.id);
    const [canceled] = (await news.eventsOf(ref)).filter(({ type }) => type.endsWith('.canceled'));
    const one = async () =>
      (await news.kept(`&payment=${body.id}`)).find(
        ({ providerEventId }) => providerEventId === canceled?.id,
      );
    await expect.poll(async () => (await one())?.state, { timeout: 15_000 }).toBe('settled');
    const asked = await news.asked(ref);
    for (let time = 0; time < 5; time += 1) {
      await holdfast.simulate('webhooks/resend', { eventId: canceled?.id });
    }
    await expect.poll(async () => (await one())?.received, { timeout: 15_000 }).toBe(6);
    expect(await one()).toMatchObject({ state: 'settled' });
    expect(await holdfast.facts(body.id)).toEqual(facts);
    expect(await news.asked(ref)).toBe(asked);
  });
});
