import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { assertBooks } from '../support/books.ts';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

const { amount, source } = ORDER;
const DAY = 86_400_000;
const SETTINGS = {
  timeZone: 'Europe/Berlin',
  payTo: 'Acme GmbH',
  sendTo: 'Acme GmbH, Hafenstraße 1, Hamburg',
  terms: { net30: { kind: 'net', days: 30 }, eom10: { kind: 'end_of_month', days: 10 } },
  customers: { C1: 'eom10' },
  customerGroups: { wholesale: 'net30' },
};

type Problem = { code: string; allowed?: { verb: string }[] };

describe('a promised payment', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    await holdfast.saveOffline('offline', SETTINGS);
  });
  afterAll(() => holdfast.close());

  const promise = (body: Record<string, unknown> = {}, key: string = randomUUID()) =>
    holdfast.request<PaymentResource & Problem>('POST', '/v1/payments', {
      key: holdfast.keys.checkout,
      body: { amount, source, method: 'offline.terms', term: 'net30', ...body },
      headers: { 'idempotency-key': key },
    });
  const told = async (id: string): Promise<string[]> => {
    const { rows } = await holdfast.pool.query<{ type: string }>(
      'select type from outgoing_events where payment_id = $1 order by sequence',
      [id],
    );
    return rows.map(({ type }) => type);
  };

  it('is answered at once with its due date, and waits for it in Temporal', async () => {
    const { status, body } = await promise();
    expect([status, body.status, body.lifecycle]).toEqual([201, 'promised', 'promise']);
    expect(body.details).toMatchObject({ openMinor: 10_500, receipts: {} });
    expect(body.deadline?.event).toBe('payment.overdue');
    const handle = holdfast.temporal.workflow.getHandle(body.id);
    expect(await handle.describe()).toMatchObject({
      type: 'promisedPayment',
      status: { name: 'RUNNING' },
    });
    const details = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(details.currentDetails).toContain('The payment is due at');
  });

  it('is received in parts, and bounces, and is received again', async () => {
    const { body } = await promise();
    const part = await holdfast.command(body.id, 'receipts', {
      amountMinor: 4_000,
      reference: 'check 17',
      receivedOn: '2026-11-20',
    });
    expect([part.status, part.body.status]).toEqual([200, 'partially_received']);
    const rest = await holdfast.command(body.id, 'receipts');
    expect([rest.body.status, rest.body.amounts.captured]).toEqual(['received', 10_500]);
    const back = await holdfast.command(body.id, 'bounce', { receiptId: 'receipt_1' });
    expect([back.body.status, back.body.amounts.captured]).toEqual(['partially_received', 6_500]);
    expect(back.body.needsAttention).toContain('check 17');
    const more = await holdfast.command(body.id, 'receipts', { amountMinor: 5_000 });
    expect(more.body).toMatchObject({ status: 'received', details: { overpaidMinor: 1_000 } });
    const given = await holdfast.command(body.id, 'refund', { amountMinor: 1_000 });
    expect(given.body).toMatchObject({
      status: 'received',
      amounts: { refunded: 1_000 },
      details: { overpaidMinor: 0 },
    });
    expect(await told(body.id)).toEqual([
      'payment.received',
      'payment.received',
      'payment.bounced',
      'payment.received',
      'payment.refunded',
    ]);
  });

  it('is written off, recovered, reduced and given back, and each is told by its name', async () => {
    const { body } = await promise();
    await holdfast.command(body.id, 'reduce', { amountMinor: 500, reason: 'credit note 3' });
    await holdfast.command(body.id, 'write-off', { reason: 'insolvent' });
    const back = await holdfast.command(body.id, 'receipts', { amountMinor: 10_000 });
    expect(back.body).toMatchObject({
      status: 'received',
      details: { reducedMinor: 500, writtenOffMinor: 10_000, recoveredMinor: 10_000 },
    });
    expect(await told(body.id)).toEqual([
      'payment.reduced',
      'payment.written_off',
      'payment.recovered',
    ]);
  });

  it('takes a credit note from sales, up to what is owed in all', async () => {
    const { body } = await promise();
    const reduce = (amountMinor: number) => holdfast.command(body.id, 'reduce', { amountMinor });
    expect(await reduce(10_501)).toMatchObject({
      status: 422,
      body: { code: 'amount-out-of-range' },
    });
    expect(await reduce(500)).toMatchObject({
      status: 200,
      body: { details: { openMinor: 10_000 } },
    });
    const bare = await holdfast.command(body.id, 'reduce');
    expect([bare.status, (bare.body as unknown as Problem).code]).toEqual([422, 'invalid-request']);
    const { status } = await holdfast.request('POST', `/v1/payments/${body.id}/reduce`, {
      key: holdfast.keys.checkout,
      body: { amountMinor: 1 },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(status).toBe(403);
  });

  it.each([
    '1999-12-31',
    '0001-01-01',
    '9999-12-31',
    new Date(Date.now() + 3 * DAY).toISOString().slice(0, 10),
  ])('does not believe that money came on %s', async (receivedOn) => {
    const { body } = await promise();
    const refused = await holdfast.command(body.id, 'receipts', { amountMinor: 1, receivedOn });
    expect([refused.status, (refused.body as unknown as Problem).code]).toEqual([
      422,
      'invalid-request',
    ]);
  });

  it('has one effect for one receipt, however often it is recorded', async () => {
    const { body } = await promise();
    const key = 'bank-statement-17';
    const answers = await Promise.all(
      Array.from({ length: 5 }, () =>
        holdfast.command(body.id, 'receipts', { amountMinor: 100 }, { key }),
      ),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await holdfast.get(body.id)).amounts.captured).toBe(100);
    const again = await promise({}, 'order-1');
    expect((await promise({}, 'order-1')).body).toEqual(again.body);
  });

  it('is overdue once, when its day is over where the merchant is', async () => {
    const early = await createHoldfast({ now: () => Date.now() - 40 * DAY });
    await early.saveOffline('offline', SETTINGS);
    const { body } = await early.start({
      method: 'offline.terms',
      term: 'net30',
      capture: undefined,
      paymentToken: undefined,
    });
    await early.until(body.id, ({ status }) => status === 'overdue');
    const facts = async () =>
      (await early.facts(body.id)).filter((type) => type === 'payment.overdue');
    expect(await facts()).toHaveLength(1);
    expect((await early.get(body.id)).commands.map(({ verb }) => verb)).toContain('write-off');
    await early.close();
  });

  it('is written off as to what is still owed', async () => {
    const { body } = await promise();
    await holdfast.command(body.id, 'receipts', { amountMinor: 500 });
    const { body: over } = await holdfast.command(body.id, 'write-off', { reason: 'insolvent' });
    expect(over).toMatchObject({
      status: 'written_off',
      amounts: { captured: 500 },
      details: { openMinor: 0, writtenOffMinor: 10_000 },
    });
  });

  it('takes the order’s date, then its term, then the customer’s, then the group’s', async () => {
    const due = async (body: Record<string, unknown>) =>
      (await promise({ term: undefined, ...body })).body.details?.['dueOn'];
    const inDays = (days: number) =>
      new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(
        Date.now() + days * DAY,
      );
    const buyer = { customerNumber: 'C1', customerGroup: 'wholesale' };
    expect(await due({ dueOn: '2030-01-31', term: 'net30', buyer })).toBe('2030-01-31');
    expect(await due({ term: 'net30', buyer })).toBe(inDays(30));
    expect(await due({ buyer })).toMatch(/-10$/);
    expect(await due({ buyer: { customerNumber: 'C2', customerGroup: 'wholesale' } })).toBe(
      inDays(30),
    );
    const none = await promise({ term: undefined, buyer: { customerNumber: 'C2' } });
    expect([none.status, none.body.code]).toEqual([422, 'no-payment-term']);
    const unknown = await promise({ term: 'net90' });
    expect([unknown.status, unknown.body.code]).toEqual([422, 'no-payment-term']);
  });

  it('shows whom a check is to be paid to, and where it is to be sent', async () => {
    const { body } = await promise({ method: 'offline.check', term: undefined });
    expect(body.details).toMatchObject({ payTo: SETTINGS.payTo, sendTo: SETTINGS.sendTo });
  });

  it.each([
    ['a token', { paymentToken: 'pm_card_visa' }],
    ['a capture', { capture: 'manual' }],
    ['a date that no calendar has', { dueOn: '2026-02-30' }],
    ['a date that has passed', { dueOn: '2020-01-01' }],
  ])('refuses %s', async (_what, terms) => {
    const { status, body } = await promise(terms);
    expect([status, body.code]).toEqual([422, 'invalid-request']);
  });

  it('refuses what is not legal, and says what is', async () => {
    const { body } = await promise();
    await holdfast.command(body.id, 'receipts', { amountMinor: 100 });
    const cancel = await holdfast.command(body.id, 'cancel');
    expect(cancel).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
    const capture = await holdfast.command(body.id, 'capture');
    expect(capture).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
    const card = await holdfast.start();
    const receipts = await holdfast.command(card.body.id, 'receipts', { amountMinor: 1 });
    expect(receipts).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
  });

  it('is cancelled before anything came, and its run ends', async () => {
    const { body } = await promise();
    const cancelled = await holdfast.command(body.id, 'cancel', { reason: 'order withdrawn' });
    expect([cancelled.status, cancelled.body.status]).toEqual([200, 'cancelled']);
    await expect(holdfast.temporal.workflow.getHandle(body.id).result()).resolves.toMatchObject({
      status: 'cancelled',
    });
  });
});

/** What happened outside is recorded, whatever was recorded before it. */
describe('a promise of 10000', () => {
  let holdfast: Holdfast;
  let late: Holdfast;
  /** How far behind its clock is: what is started then is due already. */
  let behindMs = 40 * DAY;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    late = await createHoldfast({ now: () => Date.now() - behindMs });
    for (const each of [holdfast, late]) await each.saveOffline('offline', SETTINGS);
  });
  afterAll(() => Promise.all([holdfast.close(), late.close()]));

  type Step = readonly [path: string, body?: Record<string, unknown>];
  const receive = (amountMinor: number): Step => ['receipts', { amountMinor }];
  const refund = (amountMinor: number): Step => ['refund', { amountMinor }];
  const bounce: Step = ['bounce', { receiptId: 'receipt_1' }];
  const writeOff: Step = ['write-off', {}];

  const start = async (stack: Holdfast): Promise<string> => {
    const { body } = await stack.request<PaymentResource>('POST', '/v1/payments', {
      key: stack.keys.checkout,
      body: {
        amount: { amountMinor: 10_000, currency: 'EUR' },
        source,
        method: 'offline.terms',
        term: 'net30',
      },
      headers: { 'idempotency-key': randomUUID() },
    });
    return body.id;
  };
  const play = async (stack: Holdfast, id: string, steps: readonly Step[]) => {
    for (const [path, body] of steps) {
      const answer = await stack.command(id, path, body);
      expect(answer.status, `${path} ${JSON.stringify(answer.body)}`).toBe(200);
    }
    return stack.get(id);
  };

  it.each<[string, readonly Step[], object]>([
    [
      'is owed again when its check bounces after the overpayment went back',
      [receive(12_000), refund(2_000), bounce],
      {
        status: 'promised',
        amounts: { captured: 0, refunded: 2_000 },
        details: { openMinor: 10_000, uncoveredMinor: 2_000 },
        needsAttention: expect.stringContaining('EUR 20.00') as string,
      },
    ],
    [
      'is owed again when a check bounces after the rest was written off',
      [receive(6_000), writeOff, bounce],
      { status: 'promised', details: { openMinor: 6_000, writtenOffMinor: 4_000 } },
    ],
    [
      'that was written off and paid twice gives back what is too much',
      [writeOff, receive(10_000), receive(10_000), refund(10_000)],
      { status: 'received', amounts: { captured: 20_000, refunded: 10_000 } },
    ],
    [
      'takes more after a part was given back',
      [receive(6_000), refund(1_000), receive(5_000)],
      { status: 'received', details: { openMinor: 0, overpaidMinor: 1_000 } },
    ],
    [
      'is received when the overpayment went back',
      [receive(12_000), refund(2_000)],
      { status: 'received', details: { openMinor: 0, overpaidMinor: 0 } },
    ],
    [
      'is owed as to the rest when a part was given back',
      [receive(6_000), refund(1_000)],
      {
        status: 'partially_received',
        details: { openMinor: 4_000, forgivenMinor: 1_000 },
        deadlines: [expect.objectContaining({ event: 'payment.overdue' }) as object],
      },
    ],
    [
      'may bounce when a part was given back',
      [receive(6_000), refund(1_000), bounce],
      { status: 'promised', details: { openMinor: 9_000, uncoveredMinor: 1_000 } },
    ],
    [
      'may be written off when a part was given back',
      [receive(6_000), refund(1_000), writeOff],
      { status: 'written_off', details: { openMinor: 0, writtenOffMinor: 4_000 } },
    ],
    [
      'is refunded when all went back',
      [receive(10_000), refund(10_000)],
      { status: 'refunded', details: { openMinor: 0 } },
    ],
  ])('%s', async (_what, steps, shown) => {
    const id = await start(holdfast);
    expect(await play(holdfast, id, steps)).toMatchObject(shown);
    await assertBooks(holdfast.pool);
  });

  it('gives all back when it is overdue, and is cancelled then', async () => {
    const id = await start(late);
    behindMs = 0;
    await late.until(id, ({ status }) => status === 'overdue');
    const given = await play(late, id, [receive(6_000), refund(6_000)]);
    expect(given).toMatchObject({ status: 'overdue', details: { openMinor: 4_000 } });
    const { body } = await late.command(id, 'cancel');
    expect(body).toMatchObject({ status: 'cancelled', details: { openMinor: 0 } });
  });

  it('shows operators what is there in their words', async () => {
    const id = await start(holdfast);
    await play(holdfast, id, [receive(6_000)]);
    const handle = holdfast.temporal.workflow.getHandle(id);
    await handle.signal('reduce', { amountMinor: 1_000, reason: 'credit note 7' });
    await holdfast.until(id, ({ details }) => details?.['reducedMinor'] === 1_000);
    const { currentDetails } = await handle.query<{ currentDetails: string }>(
      '__temporal_workflow_metadata',
    );
    expect(currentDetails).toContain('| Paid | EUR 60.00 |');
    expect(currentDetails).toContain('EUR 30.00 is still owed');
    expect(currentDetails).toContain('EUR 10.00 was taken off by credit notes.');
    expect(currentDetails).toContain('reduce up to EUR 90.00');
    await handle.signal('receive', { amountMinor: 1, receivedOn: '1999-12-31' });
    await expect
      .poll(async () => {
        const shown = await handle.query<{ currentDetails: string }>(
          '__temporal_workflow_metadata',
        );
        return shown.currentDetails;
      })
      .toContain('no day on which it can have come');
    expect((await holdfast.get(id)).amounts.captured).toBe(6_000);
  });
});
