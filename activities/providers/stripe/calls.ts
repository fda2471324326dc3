/** The calls that move money, each made once and its answer read. */
import type { CardOperationEffect } from '../../../machines/card/card.types.ts';
import {
  type AuthorizationOutcome,
  type AuthorizeTerms,
  type Call,
  type OperationOutcome,
  ProviderNotReached,
} from '../provider.ts';
import { toStripeAmount, UnsendableAmount } from './amounts.ts';
import { callStripe, type Form, type StripeAccount } from './client.ts';
import {
  customer,
  HOLD_EXPIRED_CODES,
  paymentIntent,
  type PaymentIntent,
  type Refund,
  refund,
  type StripeError,
  toAuthorizationOutcome,
  toDecline,
} from './mapping.ts';
import { OPERATION_TAG, PAYMENT_TAG } from './tags.ts';

export type Effect<T extends CardOperationEffect['type']> = Extract<
  CardOperationEffect,
  { type: T }
>;

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
  const kept = effect.keepsMethod ? await keepMethod(account, call) : {};
  if (typeof kept === 'string') return { kind: 'refused', reason: kept };
  const form: Form = {
    ...kept,
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
    ...(manual ? multicaptureOf(account) : {}),
  };
  const request = { method: 'POST', path: '/v1/payment_intents', form } as const;
  const answer = await callStripe(account.connection, request, paymentIntent, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'ok') {
    return toAuthorizationOutcome(answer.body, { amount, amountMinor, currency });
  }
  return refusedAuthorization(answer.status, answer.error);
}

/**
 * A card is used again without its buyer only where it belongs to a customer of the account.
 * Making one moves no money: an answer that does not come is as good as none sent.
 * Source: https://docs.stripe.com/payments/save-during-payment, read 2026-11-21.
 */
async function keepMethod(account: StripeAccount, call: Call): Promise<Form | string> {
  const form: Form = { metadata: { [PAYMENT_TAG]: call.paymentId } };
  const request = { method: 'POST', path: '/v1/customers', form } as const;
  const answer = await callStripe(account.connection, request, customer, {
    ...call,
    idempotencyKey: `${call.idempotencyKey}_customer`,
  });
  if (answer.kind === 'ok') return { customer: answer.body.id, setup_future_usage: 'off_session' };
  if (answer.kind === 'error') return reasonOf(answer.status, answer.error);
  throw new ProviderNotReached(`no customer could be made: ${answer.reason}`);
}

/** A new PaymentIntent for what is left of the old one's hold, with its card and without its buyer.
 *  Stripe has no call that renews a hold: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method,
 *  read 2026-11-21. */
export async function reauthorize(
  account: StripeAccount,
  effect: Effect<'reauthorize'>,
  terms: AuthorizeTerms,
  call: Call,
): Promise<AuthorizationOutcome> {
  const { amountMinor, currency } = effect;
  const amount = sendable(amountMinor, currency);
  if (typeof amount === 'string') return { kind: 'refused', reason: amount };
  const path = `/v1/payment_intents/${effect.providerRef}`;
  const old = await callStripe(account.connection, { method: 'GET', path }, paymentIntent, call);
  if (old.kind === 'error') return { kind: 'refused', reason: reasonOf(old.status, old.error) };
  // Nothing was sent yet that could have acted.
  if (old.kind === 'unknown') throw new ProviderNotReached(old.reason);
  const { customer: owner, payment_method: method } = old.body;
  if (typeof owner !== 'string' || typeof method !== 'string') {
    return { kind: 'refused', reason: 'the card was not kept when the payment was authorized' };
  }
  const form: Form = {
    amount,
    currency: currency.toLowerCase(),
    customer: owner,
    payment_method: method,
    allowed_payment_method_types: { 0: 'card' },
    confirm: true,
    off_session: true,
    capture_method: 'manual',
    description: terms.description,
    metadata: tags(call),
    expand: { 0: 'latest_charge' },
    ...multicaptureOf(account),
  };
  const request = { method: 'POST', path: '/v1/payment_intents', form } as const;
  const answer = await callStripe(account.connection, request, paymentIntent, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'ok') {
    return toAuthorizationOutcome(answer.body, { amount, amountMinor, currency });
  }
  return refusedAuthorization(answer.status, answer.error);
}

const multicaptureOf = (account: StripeAccount): Form =>
  account.multicapture
    ? { payment_method_options: { card: { request_multicapture: 'if_available' } } }
    : {};

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
  // More: a part was captured in the dashboard besides. This one was, or Stripe would not say 200.
  return intent.amount_received >= expected
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
  if (isReleased(answer.body, effect)) return { kind: 'approved' };
  const { id, status, amount_received: received } = answer.body;
  return isOver(status)
    ? { kind: 'overtaken', reason: `${id} received ${received} before it was cancelled` }
    : { kind: 'unknown', reason: `${id} is ${status} after a cancel` };
}

/** Nothing can happen to such a PaymentIntent any more, apart from refunds and disputes. */
export const isOver = (status: string): boolean => status === 'canceled' || status === 'succeeded';

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
