import { describe, expect, it } from 'vitest';
import {
  paymentIntent,
  type PaymentIntent,
  refund,
  toAuthorizationOutcome,
} from '../../../../activities/providers/stripe/mapping.ts';
import { errorBody, toDecline } from '../../../../activities/providers/stripe/errors.ts';
import { readRefund } from '../../../../activities/providers/stripe/calls.ts';

const ASKED = { amount: 105_000, amountMinor: 1_050, currency: 'ISK' };

/** As Stripe writes it, with fields that nobody here reads.
 *  Source: https://docs.stripe.com/api/payment_intents/object, read 2026-11-21. */
function intent(change: Record<string, unknown> = {}): PaymentIntent {
  return paymentIntent.parse({
    id: 'pi_1',
    object: 'payment_intent',
    status: 'requires_capture',
    amount: 105_000,
    amount_capturable: 105_000,
    amount_received: 0,
    currency: 'isk',
    created: 1_790_000_000,
    cancellation_reason: null,
    client_secret: 'pi_1_secret_2',
    metadata: { holdfast_operation: 'op_1' },
    latest_charge: {
      id: 'ch_1',
      payment_method_details: {
        type: 'card',
        card: { capture_before: 1_790_604_800, multicapture: { status: 'available' } },
      },
    },
    next_action: null,
    last_payment_error: null,
    livemode: false,
    ...change,
  });
}
const outcome = (change: Record<string, unknown>) => toAuthorizationOutcome(intent(change), ASKED);

describe('a PaymentIntent', () => {
  it('that requires capture is a hold, with its end and whether it may be captured in parts', () => {
    expect(outcome({})).toEqual({
      kind: 'approved',
      providerRef: 'pi_1',
      amountMinor: 1_050,
      captured: false,
      holdEndsAt: 1_790_604_800_000,
      multicapture: true,
    });
  });

  it.each([
    ['is not expanded', 'ch_1'],
    ['is missing', null],
    ['is of no card', { payment_method_details: { type: 'us_bank_account' } }],
    [
      'names no date',
      { payment_method_details: { card: { multicapture: { status: 'unavailable' } } } },
    ],
  ])('whose charge %s holds without a date and in one part', (_what, charge) => {
    expect(outcome({ latest_charge: charge })).toMatchObject({
      kind: 'approved',
      holdEndsAt: null,
      multicapture: false,
    });
  });

  it('that succeeded is a sale', () => {
    const taken = { status: 'succeeded', amount_received: 105_000, amount_capturable: 0 };
    expect(outcome(taken)).toMatchObject({ kind: 'approved', captured: true, amountMinor: 1_050 });
  });

  it.each([
    ['processing', {}, { kind: 'review', providerRef: 'pi_1' }],
    [
      'requires_action',
      {
        next_action: {
          type: 'redirect_to_url',
          redirect_to_url: { url: 'https://bank.example/3ds' },
        },
      },
      {
        kind: 'buyer_action',
        providerRef: 'pi_1',
        nextAction: { type: 'redirect', url: 'https://bank.example/3ds' },
      },
    ],
    [
      'requires_payment_method',
      {
        last_payment_error: {
          type: 'card_error',
          code: 'card_declined',
          decline_code: 'lost_card',
        },
      },
      { kind: 'declined', providerRef: 'pi_1', decline: { code: 'lost_card' } },
    ],
    ['canceled', {}, { kind: 'declined', providerRef: 'pi_1', decline: { code: 'canceled' } }],
  ])('that is %s means what Stripe documents', (status, change, expected) => {
    expect(outcome({ status, ...change })).toMatchObject(expected);
  });

  it.each([
    ['has a status that nobody documented', { status: 'requires_blessing' }],
    ['requires a confirmation that was sent with it', { status: 'requires_confirmation' }],
    [
      'asks for an action that is no redirect',
      { status: 'requires_action', next_action: { type: 'use_stripe_sdk' } },
    ],
    ['asks for an action and names none', { status: 'requires_action' }],
    ['requires a method and tells no error', { status: 'requires_payment_method' }],
    ['is over another amount', { amount: 105_100 }],
    ['is in another currency', { currency: 'eur' }],
    ['holds less than was asked for', { amount_capturable: 104_900 }],
    ['received less than was asked for', { status: 'succeeded', amount_received: 104_900 }],
  ])('that %s is unknown: never approved, never declined', (_what, change) => {
    expect(outcome(change)).toEqual({ kind: 'unknown', reason: expect.stringContaining('pi_1') });
  });

  it.each([
    ['an amount that is no whole number', { amount: 10.5 }],
    ['no status', { status: undefined }],
    ['another object', { object: 'charge' }],
    [
      'a next address that is none',
      { next_action: { type: 'x', redirect_to_url: { url: 'nowhere' } } },
    ],
  ])('with %s cannot be read', (_what, change) => {
    expect(() => intent(change)).toThrow();
  });
});

describe('a decline', () => {
  const decline = (error: object) => toDecline(errorBody.parse({ error }).error);

  it('has the issuer’s code before Stripe’s own, with what to do', () => {
    expect(
      decline({
        type: 'card_error',
        code: 'card_declined',
        decline_code: 'insufficient_funds',
        advice_code: 'try_again_later',
        message: 'Your card has insufficient funds.',
        charge: 'ch_1',
      }),
    ).toEqual({
      code: 'insufficient_funds',
      message: 'Your card has insufficient funds.',
      advice: 'try_again_later',
    });
  });

  it.each([
    [{ type: 'card_error', code: 'expired_card' }, 'expired_card'],
    [{ type: 'card_error', code: null, decline_code: null }, 'declined'],
  ])('has the next best code when there is none: %o', (error, code) => {
    expect(decline(error)).toEqual({ code, message: 'The card was declined.', advice: null });
  });
});

describe('a Refund', () => {
  const read = (change: object) =>
    readRefund(
      refund.parse({
        id: 're_1',
        object: 'refund',
        amount: 1_000,
        currency: 'eur',
        status: 'succeeded',
        metadata: {},
        ...change,
      }),
      { amount: 1_000, currency: 'EUR' },
    );

  /** Source: https://docs.stripe.com/api/refunds/object#refund_object-status, read 2026-11-21. */
  it.each([
    [{ status: 'succeeded' }, { kind: 'approved' }],
    [{ status: 'pending' }, { kind: 'pending' }],
    [{ status: 'requires_action' }, { kind: 'pending' }],
    [
      { status: 'failed', failure_reason: 'lost_or_stolen_card' },
      { kind: 'declined', decline: { code: 'lost_or_stolen_card' } },
    ],
    [{ status: 'canceled' }, { kind: 'declined', decline: { code: 'refund_canceled' } }],
    [{ status: 'returned_by_pigeon' }, { kind: 'unknown' }],
    [{ status: null }, { kind: 'unknown' }],
    [{ amount: 999 }, { kind: 'unknown' }],
  ])('%o is %o', (change, expected) => {
    expect(read(change)).toMatchObject(expected);
  });
});
