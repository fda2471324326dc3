/** POST /v1/payments: what checkout hears, and that it hears it once and for all. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { pageOf } from '../support/buyer.ts';
import { assertBooks } from '../support/books.ts';
import type { StartedResource } from '../../api/payments/schemas.ts';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

describe('starting a payment', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterEach(() => assertBooks(holdfast.pool));
  afterAll(() => holdfast.close());

  it('answers 201 authorized when the money is held', async () => {
    const { status, body, headers } = await holdfast.start();
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'authorized',
      amounts: { currency: 'EUR', requested: 10_500, authorized: 10_500, captured: 0 },
      commands: [{ verb: 'capture', maxMinor: 10_500 }, { verb: 'void' }],
      nextAction: null,
      decline: null,
    });
    expect(headers.get('location')).toBe(body.links['self']);
    expect(await holdfast.get(body.id)).toEqual(body);
  });

  it('answers 201 captured when the money is taken at once', async () => {
    const { status, body } = await holdfast.start({ capture: 'automatic' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'captured',
      amounts: { authorized: 10_500, captured: 10_500, voided: 0 },
      commands: [{ verb: 'refund', maxMinor: 10_500 }],
    });
  });

  it('answers 201 declined with the issuer’s reason, and no money moves', async () => {
    const paymentToken = 'pm_card_chargeDeclinedInsufficientFunds';
    const { status, body } = await holdfast.start({ paymentToken });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'declined',
      amounts: { authorized: 0, captured: 0 },
      decline: { verb: 'authorize', code: 'insufficient_funds', advice: 'try_again_later' },
      commands: [],
    });
    expect(await holdfast.movements(body.id)).toEqual([]);
  });

  it.each([
    [150_000_000, 'HUF'],
    [100_000_000, 'INR'],
  ])('holds %d %s, which is no large amount there', async (amountMinor, currency) => {
    const { status, body } = await holdfast.start({ amount: { amountMinor, currency } });
    expect([status, body.status]).toEqual([201, 'authorized']);
  });

  it.each([
    [100_000_000, 'EUR'],
    [1_000_000, 'ISK'],
  ])(
    'answers 201 declined where the provider finds %d %s too large',
    async (amountMinor, currency) => {
      const { status, body } = await holdfast.start({ amount: { amountMinor, currency } });
      expect(status).toBe(201);
      expect(body).toMatchObject({ status: 'declined', decline: { code: 'amount_too_large' } });
    },
  );

  it('answers 201 declined for a token that the provider does not know', async () => {
    const { status, body } = await holdfast.start({ paymentToken: 'pm_of_nobody' });
    expect(status).toBe(201);
    expect(body).toMatchObject({
      status: 'declined',
      decline: { verb: 'authorize', code: 'invalid_payment_token' },
    });
  });

  it.each([
    { outcome: 'complete', status: 'authorized', authorized: 10_500 },
    { outcome: 'fail', status: 'declined', authorized: 0 },
  ])(
    'sends the buyer to the issuer, and $outcome there ends $status',
    async ({ outcome, status, authorized }) => {
      const paymentToken = 'pm_card_authenticationRequired';
      const started = await holdfast.start({ paymentToken });
      expect(started.status).toBe(201);
      expect(started.body).toMatchObject({
        status: 'awaiting_buyer',
        nextAction: { type: 'redirect', url: expect.stringContaining(holdfast.stripe.url) },
        deadline: { event: 'buyer.timed_out' },
        commands: [{ verb: 'void' }],
      });
      await fetch(pageOf(started.body), {
        method: 'POST',
        body: new URLSearchParams({ outcome }),
        redirect: 'manual',
      });
      const ended = await holdfast.until(started.body.id, (each) => each.status === status);
      expect(ended).toMatchObject({ nextAction: null, amounts: { authorized } });
    },
  );

  it('answers 202 when nobody waits for a slow provider, and GET tells the outcome later', async () => {
    const key = randomUUID();
    await holdfast.fault({ operation: 'authorize', fault: 'delay', times: 1, delayMs: 1_000 });
    const { status, body } = await holdfast.start({}, { key, prefer: 'wait=0' });
    expect(status).toBe(202);
    expect(body).toMatchObject({ status: 'authorizing', amounts: { authorized: 0 }, commands: [] });
    const later = await holdfast.until(body.id, (each) => each.status === 'authorized');
    expect(later.amounts.authorized).toBe(10_500);
    expect(await holdfast.start({}, { key })).toMatchObject({ status: 201, body: later });
  });
});

describe('starting a payment again with its key', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  it.each([
    { what: 'an authorization', change: {} },
    { what: 'a sale', change: { capture: 'automatic' } },
    { what: 'a decline', change: { paymentToken: 'pm_card_chargeDeclined' } },
    { what: 'a buyer’s turn', change: { paymentToken: 'pm_card_authenticationRequired' } },
  ])('gives the very same answer to $what', async ({ change }) => {
    const key = randomUUID();
    const first = await holdfast.start(change, { key });
    const again = await holdfast.start(change, { key });
    expect({ status: again.status, body: again.body }).toEqual({ status: 201, body: first.body });
  });

  it('gives twenty concurrent callers one payment and one answer', async () => {
    const key = randomUUID();
    const all = await Promise.all(Array.from({ length: 20 }, () => holdfast.start({}, { key })));
    expect(all.map(({ status }) => status)).toEqual(Array(20).fill(201));
    for (const { body } of all) expect(body).toEqual(all[0]!.body);
    const movements = await holdfast.movements(all[0]!.body.id);
    expect(movements.map(({ kind }) => kind)).toEqual(['authorize']);
  });

  it('gives the first answer still when the payment has moved on', async () => {
    const key = randomUUID();
    const first = await holdfast.start({}, { key });
    await holdfast.command(first.body.id, 'capture', { amountMinor: 6_000, final: true });
    await holdfast.command(first.body.id, 'refund', { amountMinor: 1_000 });
    const again = await holdfast.start({}, { key });
    expect(again.status).toBe(201);
    expect(again.body).toEqual(first.body);
    expect((await holdfast.get(first.body.id)).status).toBe('partially_refunded');
  });

  it('gives the first answer still when the buyer has acted meanwhile', async () => {
    const key = randomUUID();
    const change = { paymentToken: 'pm_card_authenticationRequired' };
    const first = await holdfast.start(change, { key });
    await holdfast.command(first.body.id, 'void');
    expect((await holdfast.start(change, { key })).body).toEqual(first.body);
    expect((await holdfast.get(first.body.id)).status).toBe('voided');
  });

  it('takes the same body written in another order and with other spaces', async () => {
    const key = randomUUID();
    const first = await holdfast.start({}, { key });
    const { amount, ...rest } = ORDER;
    const { amountMinor, currency } = amount;
    const other = { ...rest, amount: { currency, amountMinor } };
    const backwards = Object.fromEntries(Object.entries(other).toReversed());
    const again = await holdfast.request('POST', '/v1/payments', {
      key: holdfast.keys.checkout,
      headers: { 'idempotency-key': key },
      body: JSON.stringify(backwards, null, 4),
    });
    expect(again).toMatchObject({ status: 201, body: first.body });
  });

  it('refuses another body under the key and leaves the payment alone', async () => {
    const key = randomUUID();
    const source = { kind: 'order', number: randomUUID() };
    const first = await holdfast.start({ source }, { key });
    const other = { amount: { amountMinor: 10_501, currency: 'EUR' } };
    expect(await holdfast.start(other, { key })).toMatchObject({
      status: 422,
      body: { code: 'idempotency-key-reused' },
    });
    expect(await holdfast.get(first.body.id)).toEqual(first.body);
  });

  it('answers for the first body when the integration is switched off meanwhile', async () => {
    const key = randomUUID();
    await holdfast.saveIntegration('stripe_later', 'test', {});
    const change = { method: 'stripe_later.card' };
    const first = await holdfast.start(change, { key });
    const saved = await holdfast.request('PUT', '/v1/integrations/stripe_later', {
      body: {
        provider: 'stripe',
        mode: 'test',
        baseUrl: holdfast.stripe.url,
        credentials: { secretKey: 'sk_test_holdfast' },
        enabled: false,
      },
    });
    expect(saved.status).toBe(200);
    expect(await holdfast.start(change, { key })).toMatchObject({ status: 201, body: first.body });
    expect((await holdfast.start(change)).status).toBe(422);
  });
});

describe('a second payment for the same order', () => {
  const othersOf = (started: object) => (started as StartedResource).otherPayments;
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    await holdfast.saveIntegration('stripe_live', 'live', {});
  });
  afterAll(() => holdfast.close());

  it('is told of in the answer to the start and in its repeat, as it stands then', async () => {
    const number = randomUUID();
    const source = { kind: 'order', number };
    const first = await holdfast.start({ source });
    expect(othersOf(first.body)).toBeUndefined();
    const terms = { key: randomUUID() };
    const again = { source, amount: { amountMinor: 5_000, currency: 'EUR' } };
    const second = await holdfast.start(again, terms);
    const held = { id: first.body.id, status: 'authorized', amountMinor: 10_500 };
    expect(othersOf(second.body)).toEqual([held]);
    await holdfast.command(first.body.id, 'void');
    const repeated = await holdfast.start(again, terms);
    expect(othersOf(repeated.body)).toEqual([{ ...held, status: 'voided' }]);
    expect(repeated.body).toEqual({ ...second.body, otherPayments: othersOf(repeated.body) });
  });

  it('is none of another kind, number or account', async () => {
    const number = randomUUID();
    await holdfast.start({ source: { kind: 'order', number } });
    const { apiKeys } = holdfast.deps;
    const key = await apiKeys.issue({ accountId: 'main', mode: 'live', role: 'checkout' });
    await holdfast.request('POST', '/v1/payments', {
      key,
      body: { ...ORDER, method: 'stripe_live.card', source: { kind: 'invoice', number } },
      headers: { 'idempotency-key': randomUUID() },
    });
    const invoice = await holdfast.start({ source: { kind: 'invoice', number } });
    expect(othersOf(invoice.body)).toBeUndefined();
  });
});
