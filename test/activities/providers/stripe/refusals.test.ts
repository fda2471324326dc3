/** What Stripe's refusals mean, by status, code and type. */
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { classOf } from '../../../../activities/providers/stripe/error-codes.ts';
import {
  comesLater,
  refused,
  refusedAuthorization,
  refusedOperation,
} from '../../../../activities/providers/stripe/refusals.ts';

const refusal = (status: number, error: object) => ({
  status,
  error: { type: 'invalid_request_error', ...error },
});

/** The codes in the types of Stripe's own package: https://docs.stripe.com/error-codes. */
function codesOfStripe(): string[] {
  const types = 'node_modules/stripe/esm/resources/PaymentIntents.d.ts';
  const text = readFileSync(new URL(`../../../../${types}`, import.meta.url), 'utf8');
  const list = /type Code = ('account_closed'[^;]+);/.exec(text)?.[1] ?? '';
  return [...list.matchAll(/'(\w+)'/g)].map(([, code]) => code ?? '');
}

describe('Stripe’s list of error codes', () => {
  it('is known whole', () => {
    const codes = codesOfStripe();
    expect(codes.length).toBeGreaterThan(200);
    expect(codes.filter((code) => classOf(code) === null)).toEqual([]);
  });

  it('brings each code one outcome, for an authorization and for what follows', () => {
    const table: Record<string, string[]> = {};
    for (const code of codesOfStripe()) {
      if (comesLater(refusal(400, { code }))) continue;
      const [first, later] = [refusedAuthorization, refusedOperation].map((decide) => {
        const outcome = decide(refusal(400, { code }));
        return `${outcome.kind}${'fault' in outcome ? ` ${outcome.fault}` : ''}`;
      });
      (table[`${first}, then ${later}`] ??= []).push(code);
    }
    expect(Object.keys(table).toSorted()).toEqual([
      'declined, then refused',
      'refused account, then refused account',
      'refused credentials, then refused credentials',
      'refused, then hold_expired',
      'refused, then refused',
    ]);
    expect(table['refused credentials, then refused credentials']).toEqual([
      'api_key_expired',
      'livemode_mismatch',
      'platform_api_key_expired',
      'secret_key_required',
    ]);
    expect(table['refused, then hold_expired']).toEqual([
      'capture_charge_authorization_expired',
      'charge_expired_for_capture',
    ]);
  });
});

describe('a refused authorization', () => {
  it.each([
    ['a token', { code: 'resource_missing', param: 'payment_method' }, 'invalid_payment_token'],
    ['a token without a parameter', { code: 'resource_missing' }, 'invalid_payment_token'],
    [
      'a used token, in words alone',
      { message: 'This PaymentMethod was previously used without being attached to a Customer.' },
      'invalid_payment_token',
    ],
    [
      'a used token, in other words',
      { message: 'The provided PaymentMethod may not be used again.' },
      'invalid_payment_token',
    ],
    ['a used token, by its code', { code: 'token_already_used' }, 'token_already_used'],
    ['a small amount', { code: 'amount_too_small', param: 'amount' }, 'amount_too_small'],
    ['a small amount, by its code alone', { code: 'amount_too_small' }, 'amount_too_small'],
    ['a large amount, by its code alone', { code: 'amount_too_large' }, 'amount_too_large'],
    ['an amount, by its parameter alone', { param: 'amount' }, 'unsupported_amount'],
    ['a currency, by its parameter alone', { param: 'currency' }, 'unsupported_currency'],
    ['an address', { code: 'shipping_address_invalid' }, 'shipping_address_invalid'],
  ])('because of %s is a decline with a stable code', (_what, error, code) => {
    const outcome = refusedAuthorization(refusal(400, error));
    expect(outcome).toMatchObject({ kind: 'declined', decline: { code } });
  });

  it.each([
    [{ code: 'parameter_unknown', param: 'colour' }, 'parameter_unknown'],
    [{ code: 'resource_missing', param: 'customer' }, 'resource_missing'],
    [{ code: 'not_yet_invented' }, 'not_yet_invented'],
    [{}, undefined],
  ])('because of %o is refused with Stripe’s code, and nobody’s fault', (error, code) => {
    const outcome = refusedAuthorization(refusal(400, error));
    expect(outcome).toEqual({
      kind: 'refused',
      reason: expect.stringContaining('HTTP 400'),
      ...(code === undefined ? {} : { code }),
    });
  });
});

describe('whose fault a refusal is', () => {
  it.each([
    [401, {}, 'credentials'],
    [403, {}, 'credentials'],
    [401, { code: 'not_yet_invented' }, 'credentials'],
    [400, { code: 'secret_key_required' }, 'credentials'],
    [400, { code: 'testmode_charges_only' }, 'account'],
    [403, { code: 'account_invalid' }, 'account'],
    [402, { type: 'card_error', code: 'capability_not_active' }, 'account'],
    [400, { param: 'final_capture' }, 'account'],
    [400, { param: 'payment_method_options[card][request_multicapture]' }, 'account'],
    [400, { param: 'allowed_payment_method_types[0]' }, 'account'],
    [400, { message: 'Your account cannot currently make live charges.' }, 'account'],
    [400, { code: 'account_closed' }, undefined],
    [400, { code: 'charge_disputed' }, undefined],
    [404, { code: 'resource_missing' }, undefined],
  ])('with HTTP %d and %o it is of: %s', (status, error, fault) => {
    expect(refused(refusal(status, error)).fault).toBe(fault);
    for (const decide of [refusedAuthorization, refusedOperation]) {
      const outcome = decide(refusal(status, error));
      expect('fault' in outcome ? outcome.fault : undefined).toBe(fault);
    }
  });
});

describe('a refused capture, void or refund', () => {
  it.each([
    'charge_already_captured',
    'charge_already_refunded',
    'charge_disputed',
    'charge_not_refundable',
    'payment_intent_unexpected_state',
    'refund_disputed_payment',
    'resource_missing',
    'amount_too_large',
    'not_yet_invented',
  ])('with %s has not acted, and says so with its code', (code) => {
    const reason = expect.stringContaining(code);
    expect(refusedOperation(refusal(400, { code }))).toEqual({ kind: 'refused', reason, code });
  });

  it('has a code where Stripe says in words alone that the amount is too large', () => {
    const message = 'Refund amount ($93.90) is greater than charge amount ($54.45)';
    expect(refusedOperation(refusal(400, { message }))).toMatchObject({
      kind: 'refused',
      code: 'amount_too_large',
    });
  });

  it('is a decline where the card says no', () => {
    const error = { type: 'card_error', code: 'card_declined', decline_code: 'lost_card' };
    expect(refusedOperation(refusal(402, error))).toMatchObject({
      kind: 'declined',
      decline: { code: 'lost_card' },
    });
  });

  it('is refused where the payment’s state comes with a card’s status', () => {
    const error = { type: 'card_error', code: 'charge_already_refunded' };
    expect(refusedOperation(refusal(402, error)).kind).toBe('refused');
  });
});

describe('the reason of a refusal', () => {
  it.each([
    [{ message: 'x'.repeat(9_000), code: 'y'.repeat(9_000), param: 'z'.repeat(9_000) }],
    [{ type: '<html><body>502</body></html>', code: '<b>', param: '<i>' }],
    [{ code: '4242424242424242', message: '4242 4242 4242 4242' }],
  ])('is short, ours, and shows no card: %#', (error) => {
    const { reason } = refused(refusal(400, error));
    expect(reason.length).toBeLessThanOrEqual(200);
    expect(reason).not.toMatch(/<|4242|x{9}/);
  });

  it('names neither credentials nor settings unless Stripe does', () => {
    const { reason } = refused(refusal(400, { code: 'charge_disputed' }));
    expect(reason).not.toMatch(/credential|setting|account/i);
    expect(refused(refusal(401, {})).reason).toContain('credentials');
  });
});

describe('a decline’s message', () => {
  it.each([
    ['<html>no</html>', 'The card was declined.'],
    [`No: 4242424242424242`, 'No: [card number]'],
  ])('of %j is %j', (message, shown) => {
    const outcome = refusedOperation(refusal(402, { type: 'card_error', message }));
    expect(outcome).toMatchObject({ decline: { message: shown } });
  });
});

describe('a refusal that is none yet', () => {
  it.each([
    [429, {}],
    [429, { code: 'lock_timeout' }],
    [400, { code: 'rate_limit' }],
    [503, { type: 'rate_limit_error' }],
    [503, { code: 'lock_timeout' }],
  ])('may be sent again: HTTP %d with %o', (status, error) => {
    expect(comesLater(refusal(status, error))).toBe(true);
  });

  it.each([
    [429, { code: 'card_decline_rate_limit_exceeded' }],
    [503, {}],
    [409, { code: 'lock_timeout' }],
    [400, { code: 'charge_disputed' }],
  ])('is not HTTP %d with %o', (status, error) => {
    expect(comesLater(refusal(status, error))).toBe(false);
  });
});
