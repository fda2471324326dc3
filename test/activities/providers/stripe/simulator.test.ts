import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, DAY_MS, simulatorClient } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const MULTI = { 'payment_method_options[card][request_multicapture]': 'if_available' };

describe('a PaymentIntent with manual capture', () => {
  it('holds the amount and tells until when on its charge', async () => {
    const held = await stripe.hold({ 'expand[]': 'latest_charge' }, { key: 'k1' });
    expect(held).toMatchObject({
      object: 'payment_intent',
      status: 'requires_capture',
      amount_capturable: 1000,
      amount_received: 0,
      latest_charge: { captured: false, amount_captured: 0, status: 'succeeded' },
    });
    const { capture_before: until } = held['latest_charge'].payment_method_details.card;
    expect(until - held['latest_charge'].created).toBe((7 * DAY_MS) / 1000);
    expect(await stripe.ledger()).toMatchObject([
      { kind: 'authorize', ref: held['id'], amountMinor: 1000, currency: 'USD', key: 'k1' },
    ]);
  });

  it('holds a Visa payment without the customer for 4 days and 18 hours only', async () => {
    const held = await stripe.hold({ off_session: 'true', 'expand[]': 'latest_charge' });
    const { capture_before: until } = held['latest_charge'].payment_method_details.card;
    expect(until - held['latest_charge'].created).toBe((4 * 24 + 18) * 3600);
  });

  it('captures in part once and releases the rest with the same key', async () => {
    const { id } = await stripe.hold();
    const { body } = await stripe.post(
      `/v1/payment_intents/${id}/capture`,
      { amount_to_capture: '700' },
      { key: 'cap' },
    );
    expect(body).toMatchObject({
      status: 'succeeded',
      amount_received: 700,
      amount_capturable: 0,
      amount: 1000,
    });
    expect((await stripe.ledger()).slice(1)).toMatchObject([
      { kind: 'capture', amountMinor: 700, key: 'cap' },
      { kind: 'void', amountMinor: 300, key: 'cap' },
    ]);
    expect((await stripe.get(`/v1/refunds?payment_intent=${id}`)).body['data']).toEqual([]);
  });

  it('refuses a second capture after a final one', async () => {
    const { id } = await stripe.hold();
    await stripe.post(`/v1/payment_intents/${id}/capture`, { amount_to_capture: '700' });
    const again = await stripe.post(`/v1/payment_intents/${id}/capture`);
    expect(again.status).toBe(400);
    expect(again.body['error']).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { id, status: 'succeeded' },
    });
    expect((await stripe.ledger()).filter(({ kind }) => kind === 'capture')).toHaveLength(1);
  });

  it.each([
    ['1001', 'amount_too_large'],
    ['0', 'parameter_invalid_integer'],
    ['-1', 'parameter_invalid_integer'],
  ])('refuses to capture %s of 1000 with %s', async (amount_to_capture, code) => {
    const { id } = await stripe.hold();
    const answer = await stripe.post(`/v1/payment_intents/${id}/capture`, { amount_to_capture });
    expect(answer.status).toBe(400);
    expect(answer.body['error'].code).toBe(code);
    expect(await stripe.ledger()).toHaveLength(1);
  });

  it('is cancelled with its reason and releases the hold', async () => {
    const { id } = await stripe.hold();
    const { body } = await stripe.post(
      `/v1/payment_intents/${id}/cancel`,
      { cancellation_reason: 'requested_by_customer' },
      { key: 'void' },
    );
    expect(body).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'requested_by_customer',
      amount_capturable: 0,
    });
    expect((await stripe.ledger()).at(-1)).toMatchObject({
      kind: 'void',
      amountMinor: 1000,
      key: 'void',
    });
  });

  it('refuses to be cancelled twice, and a reason Stripe does not know', async () => {
    const { id } = await stripe.hold();
    const wrong = await stripe.post(`/v1/payment_intents/${id}/cancel`, {
      cancellation_reason: 'expired',
    });
    expect(wrong.body['error']).toMatchObject({ param: 'cancellation_reason' });
    await stripe.post(`/v1/payment_intents/${id}/cancel`);
    const again = await stripe.post(`/v1/payment_intents/${id}/cancel`);
    expect(again.body['error'].code).toBe('payment_intent_unexpected_state');
  });
});

describe('an authorization window', () => {
  it('ends in canceled with the reason expired, without a Refund', async () => {
    const { id } = await stripe.hold();
    await stripe.advance(7 * DAY_MS - 2000);
    expect((await stripe.get(`/v1/payment_intents/${id}`)).body['status']).toBe('requires_capture');
    await stripe.advance(2000);
    const { body } = await stripe.get(`/v1/payment_intents/${id}?expand[]=latest_charge`);
    expect(body).toMatchObject({
      status: 'canceled',
      cancellation_reason: 'expired',
      latest_charge: { refunded: false, amount_refunded: 0, captured: false },
    });
    expect((await stripe.ledger()).at(-1)).toMatchObject({
      kind: 'void',
      amountMinor: 1000,
      key: null,
    });
    expect((await stripe.eventTypes()).slice(-2)).toEqual([
      'payment_intent.canceled',
      'charge.expired',
    ]);
  });

  it('lets no capture pass afterwards', async () => {
    const { id } = await stripe.hold();
    await stripe.advance(8 * DAY_MS);
    const late = await stripe.post(`/v1/payment_intents/${id}/capture`);
    expect(late.status).toBe(400);
    expect(late.body['error']).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { status: 'canceled' },
    });
  });

  it('ends a partly captured payment as succeeded and releases the rest', async () => {
    const { id } = await stripe.hold(MULTI);
    await stripe.post(`/v1/payment_intents/${id}/capture`, {
      amount_to_capture: '400',
      final_capture: 'false',
    });
    await stripe.advance(8 * DAY_MS);
    const { body } = await stripe.get(`/v1/payment_intents/${id}`);
    expect(body).toMatchObject({ status: 'succeeded', amount_received: 400, amount_capturable: 0 });
    expect((await stripe.ledger()).at(-1)).toMatchObject({ kind: 'void', amountMinor: 600 });
  });
});

describe('multicapture', () => {
  const capture = (id: string, form: Record<string, string>) =>
    stripe.post(`/v1/payment_intents/${id}/capture`, form);

  it('is available only where it was requested', async () => {
    const asked = await stripe.hold({ ...MULTI, 'expand[]': 'latest_charge' });
    const silent = await stripe.hold({ 'expand[]': 'latest_charge' });
    const status = (held: typeof asked) =>
      held['latest_charge'].payment_method_details.card.multicapture.status as string;
    expect([status(asked), status(silent)]).toEqual(['available', 'unavailable']);
  });

  it.each([
    ['the card lacks it', {}, 'pm_card_credit_disableEnterpriseCardFeatures'],
    ['the account lacks it', { multicapture: false }, 'pm_card_visa'],
  ])('refuses a non-final capture where %s', async (_, options, payment_method) => {
    const other = simulatorClient(options);
    const { id } = await other.hold({ ...MULTI, payment_method });
    const form = { amount_to_capture: '100', final_capture: 'false' };
    const answer = await other.post(`/v1/payment_intents/${id}/capture`, form);
    expect(answer.status).toBe(400);
    expect(answer.body['error'].param).toBe('final_capture');
    expect(await other.ledger()).toHaveLength(1);
    other.simulator.close();
  });

  it('keeps the rest on hold after a non-final capture', async () => {
    const { id } = await stripe.hold(MULTI);
    const { body } = await capture(id, {
      amount_to_capture: '700',
      final_capture: 'false',
      'expand[]': 'latest_charge',
    });
    expect(body).toMatchObject({
      status: 'requires_capture',
      amount_capturable: 300,
      amount_received: 700,
      latest_charge: { captured: false, amount_captured: 700 },
    });
    expect((await stripe.ledger()).map(({ kind }) => kind)).toEqual(['authorize', 'capture']);
  });

  it('releases the rest by a final capture of zero', async () => {
    const { id } = await stripe.hold(MULTI);
    await capture(id, { amount_to_capture: '700', final_capture: 'false' });
    const { body } = await capture(id, { amount_to_capture: '0', final_capture: 'true' });
    expect(body).toMatchObject({ status: 'succeeded', amount_received: 700, amount_capturable: 0 });
    expect((await stripe.ledger()).slice(-2)).toMatchObject([
      { kind: 'capture', amountMinor: 700 },
      { kind: 'void', amountMinor: 300 },
    ]);
  });

  it('keeps what was captured when the payment is cancelled', async () => {
    const { id } = await stripe.hold(MULTI);
    await capture(id, { amount_to_capture: '700', final_capture: 'false' });
    const { body } = await stripe.post(`/v1/payment_intents/${id}/cancel`);
    expect(body).toMatchObject({ status: 'canceled', amount_received: 700, amount_capturable: 0 });
  });

  it('refunds what was captured while the rest is on hold, by payment or by charge', async () => {
    const { id, latest_charge: charge } = await stripe.hold(MULTI);
    await capture(id, { amount_to_capture: '700', final_capture: 'false' });
    const first = await stripe.post('/v1/refunds', { payment_intent: id, amount: '300' });
    const second = await stripe.post('/v1/refunds', { charge });
    expect([first.body['amount'], second.body['amount']]).toEqual([300, 400]);
    const before = await stripe.get(`/v1/charges/${charge}`);
    expect(before.body).toMatchObject({ amount_refunded: 700, refunded: false });
    await capture(id, { amount_to_capture: '0' });
    expect((await stripe.get(`/v1/charges/${charge}`)).body['refunded']).toBe(true);
  });

  it('takes 50 non-final captures and then a final one', async () => {
    const { id } = await stripe.hold(MULTI);
    const form = { amount_to_capture: '1', final_capture: 'false' };
    for (let count = 0; count < 50; count++) expect((await capture(id, form)).status).toBe(200);
    expect((await capture(id, form)).status).toBe(400);
    const { body } = await capture(id, { amount_to_capture: '1' });
    expect(body).toMatchObject({ status: 'succeeded', amount_received: 51 });
  });

  it('says so in events: capturable on each capture, captured only at the end', async () => {
    const { id } = await stripe.hold(MULTI);
    await capture(id, { amount_to_capture: '400', final_capture: 'false' });
    await capture(id, { amount_to_capture: '600' });
    expect(await stripe.eventTypes()).toEqual([
      'payment_intent.created',
      'charge.succeeded',
      'payment_intent.amount_capturable_updated',
      'charge.updated',
      'payment_intent.amount_capturable_updated',
      'charge.updated',
      'payment_intent.amount_capturable_updated',
      'charge.captured',
      'payment_intent.succeeded',
    ]);
  });
});

describe('a PaymentIntent with automatic capture', () => {
  it('authorizes and captures under one key', async () => {
    const form = { ...CARD, amount: '1050', payment_method: 'pm_card_mastercard' };
    const { body } = await stripe.post('/v1/payment_intents', form, { key: 'sale' });
    expect(body).toMatchObject({ status: 'succeeded', amount_received: 1050 });
    expect(await stripe.ledger()).toMatchObject([
      { kind: 'authorize', amountMinor: 1050, key: 'sale' },
      { kind: 'capture', amountMinor: 1050, key: 'sale' },
    ]);
  });

  it('is created first and confirmed later, too', async () => {
    const form = { amount: '500', currency: 'eur', 'allowed_payment_method_types[]': 'card' };
    const created = await stripe.post('/v1/payment_intents', form);
    expect(created.body['status']).toBe('requires_payment_method');
    const { id } = created.body;
    const early = await stripe.post(`/v1/payment_intents/${id}/confirm`);
    expect(early.body['error'].code).toBe('payment_intent_unexpected_state');
    const confirmed = await stripe.post(`/v1/payment_intents/${id}/confirm`, {
      payment_method: 'pm_card_amex',
    });
    expect(confirmed.body['status']).toBe('succeeded');
  });
});

describe('a bank debit', () => {
  const debit = (payment_method: string) =>
    stripe.hold({
      payment_method,
      'allowed_payment_method_types[]': 'us_bank_account',
      capture_method: 'automatic',
    });

  it('is processing for days and then succeeds, under the key it was submitted with', async () => {
    const { id, status } = await stripe.hold(
      {
        payment_method: 'pm_usBankAccount_success',
        'allowed_payment_method_types[]': 'us_bank_account',
        capture_method: 'automatic',
      },
      { key: 'ach' },
    );
    expect(status).toBe('processing');
    expect(await stripe.ledger()).toEqual([]);
    await stripe.advance(4 * DAY_MS);
    expect((await stripe.get(`/v1/payment_intents/${id}`)).body['status']).toBe('succeeded');
    expect((await stripe.ledger()).map(({ kind, key }) => [kind, key])).toEqual([
      ['authorize', 'ach'],
      ['capture', 'ach'],
    ]);
  });

  it('comes back without money when the account has none', async () => {
    const { id } = await debit('pm_usBankAccount_insufficientFunds');
    await stripe.advance(4 * DAY_MS);
    const { body } = await stripe.get(`/v1/payment_intents/${id}`);
    expect(body).toMatchObject({
      status: 'requires_payment_method',
      last_payment_error: { code: 'insufficient_funds' },
    });
    expect(await stripe.ledger()).toEqual([]);
  });
});

describe('lists and search', () => {
  it('pages newest first', async () => {
    const ids: string[] = [];
    for (const amount of ['100', '200', '300']) ids.unshift((await stripe.hold({ amount }))['id']);
    const first = await stripe.get('/v1/payment_intents?limit=2');
    expect(first.body).toMatchObject({ object: 'list', has_more: true });
    const seen = (body: typeof first.body) =>
      (body['data'] as { id: string }[]).map(({ id }) => id);
    expect(seen(first.body)).toEqual(ids.slice(0, 2));
    const rest = await stripe.get(`/v1/payment_intents?limit=2&starting_after=${ids[1]}`);
    expect(seen(rest.body)).toEqual(ids.slice(2));
    expect(rest.body['has_more']).toBe(false);
    const back = await stripe.get(`/v1/payment_intents?ending_before=${ids[2]}`);
    expect(seen(back.body)).toEqual(ids.slice(0, 2));
  });

  it('keeps to the creation time asked for', async () => {
    await stripe.hold();
    await stripe.advance(DAY_MS);
    const { id, created } = await stripe.hold();
    const { body } = await stripe.get(`/v1/payment_intents?created[gte]=${created}`);
    expect((body['data'] as { id: string }[]).map((one) => one.id)).toEqual([id]);
  });

  it('finds payments by metadata', async () => {
    const { id } = await stripe.hold({ 'metadata[ref]': 'txn_7' });
    await stripe.hold({ 'metadata[ref]': 'txn_8' });
    const query = encodeURIComponent("metadata['ref']:'txn_7' AND status:'requires_capture'");
    const { body } = await stripe.get(`/v1/payment_intents/search?query=${query}`);
    expect((body['data'] as { id: string }[]).map((one) => one.id)).toEqual([id]);
  });

  it.each(['0', '101', 'x'])('refuses a limit of %s', async (limit) => {
    expect((await stripe.get(`/v1/payment_intents?limit=${limit}`)).status).toBe(400);
  });
});
