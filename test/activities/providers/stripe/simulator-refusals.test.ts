import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, simulatorClient } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const SALE = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };

describe('the parameters of a creation', () => {
  it.each([
    ['unknown', { foo: '1' }, 'parameter_unknown', 'foo'],
    [
      'unknown and nested',
      { 'payment_method_options[card][foo]': '1' },
      'parameter_unknown',
      'payment_method_options[card][foo]',
    ],
    ['unknown below an array', { 'automatic_payment_methods[x]': '1' }, 'parameter_unknown'],
    ['no integer', { amount: '10.5' }, 'parameter_invalid_integer', 'amount'],
    ['zero', { amount: '0' }, 'parameter_invalid_integer', 'amount'],
    ['negative', { amount: '-5' }, 'parameter_invalid_integer', 'amount'],
    ['too large', { amount: '100000000' }, 'amount_too_large', 'amount'],
    ['too large for INR', { amount: '1000000000', currency: 'inr' }, 'amount_too_large', 'amount'],
    ['empty', { amount: '' }, 'parameter_invalid_empty', 'amount'],
    ['an unknown currency', { currency: 'xxx' }, undefined, 'currency'],
    ['a currency in capitals', { currency: 'USD' }, undefined, 'currency'],
    [
      'three decimals not ending in 0',
      { currency: 'kwd', amount: '1005' },
      'parameter_invalid_integer',
      'amount',
    ],
    [
      'ISK with decimals',
      { currency: 'isk', amount: '1050' },
      'parameter_invalid_integer',
      'amount',
    ],
    ['no choice of the enum', { capture_method: 'later' }, undefined, 'capture_method'],
    ['no boolean', { confirm: 'yes' }, undefined, 'confirm'],
    ['no URL', { return_url: 'shop' }, 'url_invalid', 'return_url'],
    [
      'a test card nobody has',
      { payment_method: 'pm_card_gold' },
      'resource_missing',
      'payment_method',
    ],
    [
      'a bare card number',
      { payment_method: '4242424242424242' },
      'resource_missing',
      'payment_method',
    ],
    ['not simulated', { 'transfer_data[destination]': 'acct_1' }, undefined, 'transfer_data'],
  ])('are refused when %s', async (_, form, code?: string, param?: string) => {
    const { status, body } = await stripe.post('/v1/payment_intents', { ...SALE, ...form });
    expect(status).toBe(400);
    expect(body['error'].type).toBe('invalid_request_error');
    expect(body['error'].code).toBe(code);
    if (param !== undefined) expect(body['error'].param).toBe(param);
    expect(await stripe.ledger()).toEqual([]);
  });

  it('are missed by name', async () => {
    const { body } = await stripe.post('/v1/payment_intents', { currency: 'usd' });
    expect(body['error']).toMatchObject({ code: 'parameter_missing', param: 'amount' });
  });

  it.each([
    ['jpy', '1000'],
    ['kwd', '1010'],
    ['isk', '1000'],
  ])('take %s %s, in its smallest unit', async (currency, amount) => {
    const { body } = await stripe.post('/v1/payment_intents', { ...SALE, currency, amount });
    expect(body).toMatchObject({ status: 'succeeded', amount: Number(amount), currency });
    expect((await stripe.ledger())[0]).toMatchObject({ currency: currency.toUpperCase() });
  });

  it('need a return_url where the payment methods may redirect', async () => {
    const { 'allowed_payment_method_types[]': _, ...form } = SALE;
    const refusal = await stripe.post('/v1/payment_intents', form);
    expect(refusal.body['error'].message).toContain('return_url');
    const never = {
      'automatic_payment_methods[enabled]': 'true',
      'automatic_payment_methods[allow_redirects]': 'never',
    };
    const { body } = await stripe.post('/v1/payment_intents', { ...form, ...never });
    expect(body['status']).toBe('succeeded');
  });
});

describe('the version of the API', () => {
  const form = {
    amount: '1000',
    currency: 'usd',
    confirm: 'true',
    payment_method: 'pm_card_visa',
    'payment_method_types[]': 'card',
  };
  const on = (version: string) =>
    stripe.post('/v1/payment_intents', form, { headers: { 'stripe-version': version } });

  it.each(['2026-08-26.preview', '2026-09-30.endive', '2026-10-28.endive'])(
    '%s takes no payment_method_types',
    async (version) => {
      const { status, body } = await on(version);
      expect(status).toBe(400);
      expect(body['error'].code).toBe('payment_method_types_no_longer_supported');
      expect(await stripe.ledger()).toEqual([]);
    },
  );

  it('2026-08-26.dahlia still takes them', async () => {
    expect((await on('2026-08-26.dahlia')).body['status']).toBe('succeeded');
  });

  it('is the simulated account’s own when the request names none', async () => {
    const { body } = await stripe.post('/v1/payment_intents', form);
    expect(body['error'].code).toBe('payment_method_types_no_longer_supported');
  });
});

describe('the choice of payment methods', () => {
  it('is made in one way only', async () => {
    for (const more of [
      { 'excluded_payment_method_types[]': 'link' },
      { 'automatic_payment_methods[enabled]': 'true' },
    ]) {
      const { body } = await stripe.post('/v1/payment_intents', { ...SALE, ...more });
      expect(body['error'].code).toBe('parameters_exclusive');
    }
  });

  it('refuses a payment method of another type', async () => {
    const form = { ...SALE, payment_method: 'pm_usBankAccount_success' };
    const { body } = await stripe.post('/v1/payment_intents', form);
    expect(body['error'].code).toBe('payment_intent_incompatible_payment_method');
  });

  it('left to Stripe wants no return_url from a merchant acting alone', async () => {
    const { 'allowed_payment_method_types[]': _, ...form } = SALE;
    const alone = { ...form, off_session: 'true' };
    expect((await stripe.post('/v1/payment_intents', alone)).body['status']).toBe('succeeded');
  });
});

describe('a declining card', () => {
  it.each([
    ['pm_card_chargeDeclined', 'card_declined', 'generic_decline'],
    ['pm_card_visa_chargeDeclinedInsufficientFunds', 'card_declined', 'insufficient_funds'],
    ['pm_card_visa_chargeDeclinedLostCard', 'card_declined', 'lost_card'],
    ['pm_card_visa_chargeDeclinedStolenCard', 'card_declined', 'stolen_card'],
    ['pm_card_visa_chargeDeclinedVelocityLimitExceeded', 'card_declined', 'card_velocity_exceeded'],
    ['pm_card_chargeDeclinedExpiredCard', 'expired_card', undefined],
    ['pm_card_chargeDeclinedIncorrectCvc', 'incorrect_cvc', undefined],
    ['pm_card_chargeDeclinedProcessingError', 'processing_error', undefined],
    ['pm_card_chargeCustomerFail', 'card_declined', 'generic_decline'],
  ])('%s answers 402 %s %s and moves nothing', async (payment_method, code, decline_code) => {
    const { status, body } = await stripe.post('/v1/payment_intents', { ...SALE, payment_method });
    expect(status).toBe(402);
    const { error } = body;
    expect([error.type, error.code, error.decline_code]).toEqual([
      'card_error',
      code,
      decline_code,
    ]);
    expect(error.payment_intent).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code },
    });
    const charge = await stripe.get(`/v1/charges/${error.charge}`);
    expect(charge.body).toMatchObject({ status: 'failed', failure_code: code, captured: false });
    expect(await stripe.ledger()).toEqual([]);
    expect((await stripe.eventTypes()).slice(-2)).toEqual([
      'charge.failed',
      'payment_intent.payment_failed',
    ]);
  });

  it('leaves a payment that another card can pay', async () => {
    const form = { ...SALE, payment_method: 'pm_card_chargeDeclined' };
    const { body } = await stripe.post('/v1/payment_intents', form);
    const { id } = body['error'].payment_intent;
    const again = await stripe.post(`/v1/payment_intents/${id}/confirm`, {
      payment_method: 'pm_card_visa',
    });
    expect(again.body).toMatchObject({ id, status: 'succeeded', last_payment_error: null });
  });
});

describe('refunds', () => {
  const paid = async (payment_method = 'pm_card_visa') =>
    (await stripe.post('/v1/payment_intents', { ...SALE, payment_method })).body;

  it('give back in parts up to what was captured', async () => {
    const { id, latest_charge: charge } = await paid();
    const first = await stripe.post(
      '/v1/refunds',
      { payment_intent: id, amount: '400', reason: 'requested_by_customer' },
      { key: 'r1' },
    );
    expect(first.body).toMatchObject({
      object: 'refund',
      status: 'succeeded',
      amount: 400,
      payment_intent: id,
      charge,
      reason: 'requested_by_customer',
    });
    const over = await stripe.post('/v1/refunds', { payment_intent: id, amount: '601' });
    expect(over.status).toBe(400);
    expect(over.body['error']).toMatchObject({ param: 'amount' });
    expect(over.body['error'].code).toBeUndefined();
    expect((await stripe.post('/v1/refunds', { charge })).body['amount']).toBe(600);
    const late = await stripe.post('/v1/refunds', { payment_intent: id, amount: '1' });
    expect(late.body['error'].code).toBe('charge_already_refunded');
    expect((await stripe.ledger()).slice(2)).toMatchObject([
      { kind: 'refund', ref: id, amountMinor: 400, key: 'r1' },
      { kind: 'refund', ref: id, amountMinor: 600 },
    ]);
    const list = await stripe.get(`/v1/refunds?payment_intent=${id}`);
    expect(list.body['data']).toHaveLength(2);
  });

  it('are refused for a hold that was not captured', async () => {
    const { id } = await stripe.hold();
    const { status, body } = await stripe.post('/v1/refunds', { payment_intent: id });
    expect(status).toBe(400);
    expect(body['error'].message).toContain('does not have a successful charge to refund');
  });

  it('fail later with pm_card_refundFail, and the money is back', async () => {
    const { id } = await paid('pm_card_refundFail');
    const { body } = await stripe.post('/v1/refunds', { payment_intent: id });
    expect(body['status']).toBe('succeeded');
    await stripe.advance(60_000);
    expect((await stripe.get(`/v1/refunds/${body['id']}`)).body).toMatchObject({
      status: 'failed',
      failure_reason: 'expired_or_canceled_card',
    });
    expect((await stripe.ledger()).at(-1)).toMatchObject({ kind: 'refund-failed', key: null });
    expect((await stripe.eventTypes()).at(-1)).toBe('refund.failed');
  });

  it('succeed later with pm_card_pendingRefund', async () => {
    const { id } = await paid('pm_card_pendingRefund');
    const { body } = await stripe.post('/v1/refunds', { payment_intent: id });
    expect(body['status']).toBe('pending');
    await stripe.advance(60_000);
    expect((await stripe.get(`/v1/refunds/${body['id']}`)).body['status']).toBe('succeeded');
  });
});

describe('the API', () => {
  it.each([
    ['no key', ''],
    ['a live key', 'Bearer sk_live_1'],
    ['a publishable key', 'Bearer pk_test_1'],
  ])('answers 401 to %s', async (_, authorization) => {
    const answer = await stripe.post('/v1/payment_intents', SALE, { headers: { authorization } });
    expect(answer.status).toBe(401);
    expect(answer.body['error'].type).toBe('invalid_request_error');
  });

  it('takes the key as Basic user name, too', async () => {
    const authorization = `Basic ${Buffer.from('sk_test_x:').toString('base64')}`;
    const answer = await stripe.post('/v1/payment_intents', SALE, { headers: { authorization } });
    expect(answer.status).toBe(200);
  });

  it('names each request and echoes the version', async () => {
    const headers = { 'stripe-version': '2026-09-30.preview' };
    const answer = await stripe.post('/v1/payment_intents', SALE, { headers });
    expect(answer.headers.get('request-id')).toMatch(/^req_/);
    expect(answer.headers.get('stripe-version')).toBe('2026-09-30.preview');
  });

  it('answers 404 to unknown paths and unknown payments', async () => {
    expect((await stripe.get('/v1/customers')).status).toBe(404);
    const { status, body } = await stripe.get('/v1/payment_intents/pi_none');
    expect(status).toBe(404);
    expect(body['error']).toMatchObject({ code: 'resource_missing', param: 'intent' });
  });

  it('refuses JSON bodies and impossible expansions, before it acts', async () => {
    const json = await stripe.post('/v1/payment_intents', '{"amount":1}', {
      headers: { 'content-type': 'application/json' },
    });
    expect(json.status).toBe(400);
    const expand = await stripe.post('/v1/payment_intents', { ...SALE, 'expand[]': 'amount' });
    expect(expand.status).toBe(400);
    expect(await stripe.ledger()).toEqual([]);
  });
});
