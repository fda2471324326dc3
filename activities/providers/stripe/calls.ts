/** The four calls that move money, each made once and its answer read. */
import type { CardOperationEffect } from '../../../machines/card/card.types.ts';
import type { AuthorizationOutcome, AuthorizeTerms, Call, OperationOutcome } from '../provider.ts';
import { toStripeAmount, UnsendableAmount } from './amounts.ts';
import { callStripe, type Form, type StripeAccount } from './client.ts';
import {
  HOLD_EXPIRED_CODES,
  paymentIntent,
  type PaymentIntent,
  type Refund,
  refund,
  type StripeError,
  toAuthorizationOutcome,
  toDecline,
} from './mapping.ts';

export type Effect<T extends CardOperationEffect['type']> = Extract<
  CardOperationEffect,
  { type: T }
>;

/** Our own names in Stripe's metadata: by them an operation is found again. */
export const OPERATION_TAG = 'holdfast_operation';
const PAYMENT_TAG = 'holdfast_payment';

const tags = (call: Call): Form => ({
  [PAYMENT_TAG]: call.paymentId,
  [OPERATION_TAG]: call.operationId,
});

export async function authorize(
  account: StripeAccount,
  effect: Effect<'authorize'>,
  terms: AuthorizeTerms,
  call: Call,
): Promise<AuthorizationOutcome> {
  const { amountMinor, currency } = terms.amount;
  const amount = sendable(amountMinor, currency);
  if (typeof amount === 'string') return { kind: 'refused', reason: amount };
  const manual = effect.captureMode === 'manual';
  const form: Form = {
    amount,
    currency: currency.toLowerCase(),
    payment_method: terms.paymentToken,
    allowed_payment_method_types: { 0: 'card' },
    confirm: true,
    capture_method: manual ? 'manual' : 'automatic',
    return_url: terms.returnUrl,
    description: terms.description,
    metadata: tags(call),
    expand: { 0: 'latest_charge' },
    ...(manual && account.multicapture
      ? { payment_method_options: { card: { request_multicapture: 'if_available' } } }
      : {}),
  };
  const request = { method: 'POST', path: '/v1/payment_intents', form } as const;
  const answer = await callStripe(account.connection, request, paymentIntent, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'ok') {
    return toAuthorizationOutcome(answer.body, { amount, amountMinor, currency });
  }
  return refusedAuthorization(answer.status, answer.error);
}

function refusedAuthorization(status: number, error: StripeError): AuthorizationOutcome {
  const providerRef = error.payment_intent?.id ?? null;
  if (status === 402) return { kind: 'declined', providerRef, decline: toDecline(error) };
  // Checkout's token is wrong or used up: the buyer can try another, so it is a no like any other.
  if (error.param === 'payment_method') {
    const decline = { ...toDecline(error), code: 'invalid_payment_token' };
    return { kind: 'declined', providerRef, decline };
  }
  // So is an amount or a currency that Stripe does not take: its own list, which changes.
  if (error.param === 'amount' || error.param === 'currency') {
    const decline = { ...toDecline(error), code: error.code ?? `unsupported_${error.param}` };
    return { kind: 'declined', providerRef, decline };
  }
  return { kind: 'refused', reason: reasonOf(status, error) };
}

export async function capture(
  account: StripeAccount,
  effect: Effect<'capture'>,
  call: Call,
): Promise<OperationOutcome> {
  const amount = sendable(effect.amountMinor, effect.currency);
  if (typeof amount === 'string') return { kind: 'refused', reason: amount };
  const form: Form = {
    amount_to_capture: amount,
    // True is Stripe's default; false is a parameter that only accounts with multicapture may send.
    ...(effect.final ? {} : { final_capture: false }),
    expand: { 0: 'latest_charge' },
  };
  const path = `/v1/payment_intents/${effect.providerRef}/capture`;
  const request = { method: 'POST', path, form } as const;
  const answer = await callStripe(account.connection, request, paymentIntent, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'ok') return readCapture(answer.body, effect);
  return refusedOperation(answer.status, answer.error);
}

/** What this capture must have brought the PaymentIntent to. */
export function receivedAfter(effect: Effect<'capture'>): number {
  return toStripeAmount(effect.capturedMinor + effect.amountMinor, effect.currency);
}

function readCapture(intent: PaymentIntent, effect: Effect<'capture'>): OperationOutcome {
  const expected = receivedAfter(effect);
  return intent.amount_received === expected
    ? { kind: 'approved' }
    : {
        kind: 'unknown',
        reason: `${intent.id} received ${intent.amount_received}, expected ${expected}`,
      };
}

export async function voidHold(
  account: StripeAccount,
  effect: Effect<'void'>,
  call: Call,
): Promise<OperationOutcome> {
  const intent = `/v1/payment_intents/${effect.providerRef}`;
  // What is left after a part was captured is released by a last capture of nothing.
  // Source: https://docs.stripe.com/payments/multicapture, read 2026-11-21.
  const request =
    effect.capturedMinor > 0
      ? ({
          method: 'POST',
          path: `${intent}/capture`,
          form: { amount_to_capture: 0, final_capture: true },
        } as const)
      : ({
          method: 'POST',
          path: `${intent}/cancel`,
          form: { cancellation_reason: 'requested_by_customer' },
        } as const);
  const answer = await callStripe(account.connection, request, paymentIntent, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'error') return refusedOperation(answer.status, answer.error);
  return isReleased(answer.body, effect)
    ? { kind: 'approved' }
    : { kind: 'unknown', reason: `${answer.body.id} is ${answer.body.status} after a cancel` };
}

/** Nothing is held any more, and no more was taken than before the void. */
export const isReleased = (intent: PaymentIntent, effect: Effect<'void'>): boolean =>
  intent.amount_received === toStripeAmount(effect.capturedMinor, effect.currency) &&
  (intent.status === 'canceled' ||
    (intent.status === 'succeeded' && effect.capturedMinor > 0 && intent.amount_capturable === 0));

export async function refundPart(
  account: StripeAccount,
  effect: Effect<'refund'>,
  call: Call,
): Promise<OperationOutcome> {
  const amount = sendable(effect.amountMinor, effect.currency);
  if (typeof amount === 'string') return { kind: 'refused', reason: amount };
  const form: Form = {
    payment_intent: effect.providerRef,
    amount,
    metadata: { ...tags(call), ...(effect.reason === null ? {} : { reason: effect.reason }) },
  };
  const request = { method: 'POST', path: '/v1/refunds', form } as const;
  const answer = await callStripe(account.connection, request, refund, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'error') return refusedOperation(answer.status, answer.error);
  return readRefund(answer.body, amount);
}

/** Source: https://docs.stripe.com/api/refunds/object#refund_object-status, read 2026-11-21. */
export function readRefund(body: Refund, amount: number): OperationOutcome {
  if (body.amount !== amount) {
    return { kind: 'unknown', reason: `${body.id} is over ${body.amount}, expected ${amount}` };
  }
  switch (body.status) {
    case 'succeeded':
      return { kind: 'approved', providerRef: body.id };
    case 'pending':
    case 'requires_action':
      return { kind: 'pending' };
    case 'failed':
    case 'canceled': {
      const code = body.failure_reason ?? `refund_${body.status}`;
      const message = 'Stripe could not give the money back to the card.';
      return { kind: 'declined', decline: { code, message, advice: null } };
    }
    default:
      return { kind: 'unknown', reason: `${body.id} is ${body.status ?? 'without a status'}` };
  }
}

function refusedOperation(status: number, error: StripeError): OperationOutcome {
  if (status === 402) return { kind: 'declined', decline: toDecline(error) };
  if (error.code !== null && error.code !== undefined) {
    if (HOLD_EXPIRED_CODES.has(error.code)) return { kind: 'hold_expired' };
    // The PaymentIntent is not where we think it is: ask where it is rather than guess why.
    if (error.code === 'payment_intent_unexpected_state') {
      return { kind: 'unknown', reason: reasonOf(status, error) };
    }
  }
  return { kind: 'refused', reason: reasonOf(status, error) };
}

const reasonOf = (status: number, error: StripeError): string =>
  `HTTP ${status} ${error.code ?? error.type}${error.param ? ` (${error.param})` : ''}`;

/** The amount in Stripe's units, or why it cannot be sent: then nothing is. */
export function sendable(amountMinor: number, currency: string): number | string {
  try {
    return toStripeAmount(amountMinor, currency);
  } catch (error) {
    if (error instanceof UnsendableAmount) return error.message;
    throw error;
  }
}
