/** POST /v1/payments: what is not taken, why, and that nothing of it is kept. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

type Refused = { code: string; detail: string; requestId: string; errors?: { path: string }[] };

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast();
  await holdfast.saveIntegration('stripe_live', 'live', {});
  const off = await holdfast.request('PUT', '/v1/integrations/stripe_off', {
    body: {
      provider: 'stripe',
      mode: 'test',
      baseUrl: holdfast.stripe.url,
      credentials: { secretKey: 'sk_test_holdfast' },
      enabled: false,
    },
  });
  expect(off.status).toBe(200);
});
/** Nothing that is refused leaves a payment, a fact, or a run. */
afterEach(async () => {
  const { rows } = await holdfast.pool.query('select id from payments');
  expect(rows).toEqual([]);
});
afterAll(() => holdfast.close());

const post = (body: unknown, headers: Record<string, string> = {}) =>
  holdfast.request<Refused>('POST', '/v1/payments', {
    key: holdfast.keys.checkout,
    body,
    headers: { 'idempotency-key': randomUUID(), ...headers },
  });

const without = (name: keyof typeof ORDER) =>
  Object.fromEntries(Object.entries(ORDER).filter(([each]) => each !== name));
const amount = (amountMinor: unknown, currency: unknown = 'EUR') => ({
  ...ORDER,
  amount: { amountMinor, currency },
});

describe('a start with an invalid body', () => {
  it.each([
    ['an unknown currency', amount(10_500, 'EUX'), 'amount.currency'],
    ['a currency in small letters', amount(10_500, 'eur'), 'amount.currency'],
    ['no currency', { ...ORDER, amount: { amountMinor: 10_500 } }, 'amount.currency'],
    ['an amount of zero', amount(0), 'amount.amountMinor'],
    ['a negative amount', amount(-1), 'amount.amountMinor'],
    ['a fraction of a minor unit', amount(10.5), 'amount.amountMinor'],
    ['an amount written as text', amount('10500'), 'amount.amountMinor'],
    ['an amount above twelve digits', amount(1_000_000_000_000), 'amount.amountMinor'],
    ['an amount beyond the safe integers', amount(2 ** 60), 'amount.amountMinor'],
    ['an unknown field', { ...ORDER, tip: 1 }, ''],
    ['an unknown field within a field', { ...ORDER, buyer: { vat: 'x' } }, 'buyer'],
    ['no method', without('method'), 'method'],
    ['no token', without('paymentToken'), 'paymentToken'],
    ['no source', without('source'), 'source'],
    ['no capture mode', without('capture'), 'capture'],
    ['no amount', without('amount'), 'amount'],
    ['another kind of source', { ...ORDER, source: { kind: 'cart', number: '1' } }, 'source.kind'],
    ['an empty number', { ...ORDER, source: { kind: 'order', number: ' ' } }, 'source.number'],
    [
      'control characters',
      { ...ORDER, source: { kind: 'order', number: 'a\u0000b' } },
      'source.number',
    ],
    [
      'half a character',
      { ...ORDER, source: { kind: 'order', number: 'a\ud800' } },
      'source.number',
    ],
    ['half a character in an address', { ...ORDER, returnUrl: 'https://a/\ud800' }, 'returnUrl'],
    ['a zero byte in an address', { ...ORDER, returnUrl: 'https://a/?\u0000' }, 'returnUrl'],
    ['another capture mode', { ...ORDER, capture: 'later' }, 'capture'],
    ['a method without its integration', { ...ORDER, method: 'card' }, 'method'],
    ['a method in capitals', { ...ORDER, method: 'Stripe_Test.card' }, 'method'],
    ['a token with spaces', { ...ORDER, paymentToken: 'pm card' }, 'paymentToken'],
    [
      'a return address that is a script',
      { ...ORDER, returnUrl: 'javascript:alert(1)' },
      'returnUrl',
    ],
    ['an e-mail address that is none', { ...ORDER, buyer: { email: 'x' } }, 'buyer.email'],
    ['a list', [ORDER], ''],
    ['null', 'null', ''],
  ])('is refused for %s, with the place named', async (_what, body, path) => {
    const answer = await post(body);
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    expect(answer.body.errors?.map((each) => each.path)).toContain(path);
  });

  it('is told all that is wrong with it at once', async () => {
    const { body } = await post({ ...amount(0, 'XXX'), capture: 'later' });
    expect(body.errors?.map(({ path }) => path).toSorted()).toEqual([
      'amount.amountMinor',
      'amount.currency',
      'capture',
    ]);
  });

  it('is never quoted back', async () => {
    const secret = 'Erika-Mustermann-1964';
    const { body } = await post({ ...amount(secret, secret), capture: secret, tip: secret });
    expect(JSON.stringify(body)).not.toContain(secret);
  });
});

describe('a start with a method that cannot be used', () => {
  it.each([
    ['its integration does not offer it', 'stripe_test.wire'],
    ['there is no such integration', 'nobody.card'],
    ['its integration is of the other mode', 'stripe_live.card'],
    ['its integration is switched off', 'stripe_off.card'],
  ])('is refused when %s', async (_what, method) => {
    expect(await post({ ...ORDER, method })).toMatchObject({
      status: 422,
      body: { code: 'unknown-payment-method' },
    });
  });

  it('is refused when the integration belongs to another account', async () => {
    const { apiKeys } = holdfast.deps;
    const key = await apiKeys.issue({ accountId: 'other', mode: 'test', role: 'checkout' });
    const answer = await holdfast.request('POST', '/v1/payments', {
      key,
      body: ORDER,
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(answer).toMatchObject({ status: 422, body: { code: 'unknown-payment-method' } });
  });
});

describe('a start with an amount that the provider cannot be asked for', () => {
  it.each([
    ['fils that Stripe would have to round', 10_501, 'KWD'],
    ['iraimbilanja, which Stripe does not know', 1_050, 'MGA'],
  ])('is refused for %s', async (_what, amountMinor, currency) => {
    expect(await post(amount(amountMinor, currency))).toMatchObject({
      status: 422,
      body: { code: 'amount-not-supported' },
    });
  });
});

describe('a start with an Idempotency-Key that cannot be used', () => {
  it('is refused with 400 when there is none', async () => {
    const answer = await holdfast.request('POST', '/v1/payments', {
      key: holdfast.keys.checkout,
      body: ORDER,
    });
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } });
  });

  it.each([
    ['is longer than 255 characters', 'k'.repeat(256)],
    ['has a space in it', 'order 4711'],
    ['is not ASCII', 'bestellung-ü'],
    ['is empty', ''],
  ])('is refused with 400 when it %s', async (_what, key) => {
    const answer = await post(ORDER, { 'idempotency-key': key });
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency-key-invalid' } });
  });
});

describe('a start whose body cannot be read', () => {
  it.each(['{"amount":', 'amount=1', '{"capture":"manual",}'])(
    'is refused with 400 when it is not JSON: %s',
    async (body) => {
      expect(await post(body)).toMatchObject({ status: 400, body: { code: 'invalid-json' } });
    },
  );

  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x'])(
    'is refused with 415 when it comes as %s',
    async (type) => {
      const answer = await post(ORDER, { 'content-type': type });
      expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported-media-type' } });
    },
  );

  it('is refused when there is none', async () => {
    expect(await post(undefined)).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
  });

  it.each([true, false])(
    'is refused with 413 above 3 MiB, its length announced: %s',
    async (announced) => {
      const text = JSON.stringify({ ...ORDER, padding: 'x'.repeat(3 * 1024 * 1024) });
      const length = announced ? { 'content-length': String(text.length) } : undefined;
      expect(await post(text, length)).toMatchObject({
        status: 413,
        body: { code: 'body-too-large' },
      });
    },
  );
});
