/** The calls that move money, each made once and its answer read. */
import {
  type AuthorizationOutcome,
  type AuthorizeTerms,
  type Call,
  type OperationOutcome,
  ProviderNotReached,
  type Refused,
} from '../provider.ts';
import { toStripeAmount, UnsendableAmount } from './amounts.ts';
import { customerDetails, intentDetails } from './buyer.ts';
import { callStripe, type Form, type StripeAccount } from './client.ts';
import {
  customer,
  paymentIntent,
  type PaymentIntent,
  type Refund,
  refund,
  toAuthorizationOutcome,
} from './mapping.ts';
import { type Refusal, refused, refusedAuthorization, refusedOperation } from './refusals.ts';
import {
  type Effect,
  isOver,
  isReleased,
  receivedAfter,
  refusedUpon,
  isIn,
  otherCurrency,
} from './sightings.ts';
import { OPERATION_TAG, PAYMENT_TAG } from './tags.ts';

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
  if (typeof amount !== 'number') return amount;
  const manual = effect.captureMode === 'manual';
  const owner = await ownerOf(account, effect, terms, call);
  if (isRefused(owner)) return owner;
  const form: Form = {
    ...owner,
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
  return notAuthorized(answer);
}

/**
 * Whose payment it is, as far as Stripe takes it: what is wrong with a buyer's details must not cost the
 * payment. They are shown to a customer of their own first; refused there, they are left out here, too.
 * A card is used again without its buyer only where it belongs to a customer of the account.
 * Source: https://docs.stripe.com/payments/save-during-payment, read 2026-11-21.
 */
async function ownerOf(
  account: StripeAccount,
  { keepsMethod }: Effect<'authorize'>,
  terms: AuthorizeTerms,
  call: Call,
): Promise<Form | Refused> {
  const usage = keepsMethod ? { setup_future_usage: 'off_session' } : {};
  const details = customerDetails(terms);
  if (details !== null) {
    const known = await makeCustomer(account, details, call, 'buyer');
    if (typeof known === 'string') return { customer: known, ...usage, ...intentDetails(terms) };
  }
  if (!keepsMethod) return {};
  const nameless = await makeCustomer(account, {}, call, 'customer');
  return typeof nameless === 'string' ? { customer: nameless, ...usage } : refused(nameless);
}

/** Moves no money: an answer that does not come is as good as none sent. Its key is its own, so that each
 *  attempt finds the same customer, and the authorization has the same form. */
async function makeCustomer(
  account: StripeAccount,
  details: Form,
  call: Call,
  which: 'buyer' | 'customer',
): Promise<string | Refusal> {
  const form: Form = { ...details, metadata: { [PAYMENT_TAG]: call.paymentId } };
  const request = { method: 'POST', path: '/v1/customers', form } as const;
  const answer = await callStripe(account.connection, request, customer, {
    ...call,
    idempotencyKey: `${call.idempotencyKey}_${which}`,
  });
  if (answer.kind === 'ok') return answer.body.id;
  if (answer.kind === 'error') return answer;
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
  if (typeof amount !== 'number') return amount;
  const path = `/v1/payment_intents/${effect.providerRef}`;
  const old = await callStripe(account.connection, { method: 'GET', path }, paymentIntent, call);
  if (old.kind === 'error') return refused(old);
  // Nothing was sent yet that could have acted.
  if (old.kind === 'unknown') throw new ProviderNotReached(old.reason);
  const { customer: owner, payment_method: method, receipt_email: email } = old.body;
  if (typeof owner !== 'string' || typeof method !== 'string') {
    const reason = 'the card was not kept when the payment was authorized';
    return { kind: 'refused', reason, code: 'payment_method_not_kept' };
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
    receipt_email: email ?? undefined,
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
  return notAuthorized(answer);
}

const multicaptureOf = (account: StripeAccount): Form =>
  account.multicapture
    ? { payment_method_options: { card: { request_multicapture: 'if_available' } } }
    : {};

/** The PaymentIntent may be there all the same, and its error tells which it is. */
function notAuthorized(refusal: Refusal): AuthorizationOutcome {
  const intent = refusal.error.payment_intent ?? null;
  if (intent !== null && MOVED.has(intent.status)) {
    return { kind: 'unknown', reason: `refused, and ${intent.id} is ${intent.status}` };
  }
  const outcome = refusedAuthorization(refusal);
  return outcome.kind === 'refused' ? outcome : { ...outcome, providerRef: intent?.id ?? null };
}

const MOVED: ReadonlySet<string> = new Set(['processing', 'requires_capture', 'succeeded']);

export async function capture(
  account: StripeAccount,
  effect: Effect<'capture'>,
  call: Call,
): Promise<OperationOutcome> {
  const amount = sendable(effect.amountMinor, effect.currency);
  if (typeof amount !== 'number') return amount;
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
  return refusedUpon(effect, answer);
}

function readCapture(intent: PaymentIntent, effect: Effect<'capture'>): OperationOutcome {
  const expected = receivedAfter(effect);
  if (!isIn(effect.currency, intent)) return otherCurrency(intent);
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
  if (answer.kind === 'error') return refusedUpon(effect, answer);
  if (!isIn(effect.currency, answer.body)) return otherCurrency(answer.body);
  if (isReleased(answer.body, effect)) return { kind: 'approved' };
  const { id, status, amount_received: received } = answer.body;
  return isOver(status)
    ? { kind: 'overtaken', reason: `${id} received ${received} before it was cancelled` }
    : { kind: 'unknown', reason: `${id} is ${status} after a cancel` };
}

export async function refundPart(
  account: StripeAccount,
  effect: Effect<'refund'>,
  call: Call,
): Promise<OperationOutcome> {
  const amount = sendable(effect.amountMinor, effect.currency);
  if (typeof amount !== 'number') return amount;
  const form: Form = {
    payment_intent: effect.providerRef,
    amount,
    metadata: { ...tags(call), ...(effect.reason === null ? {} : { reason: effect.reason }) },
  };
  const request = { method: 'POST', path: '/v1/refunds', form } as const;
  const answer = await callStripe(account.connection, request, refund, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'error') return refusedOperation(answer);
  return readRefund(answer.body, { amount, currency: effect.currency });
}

/** Source: https://docs.stripe.com/api/refunds/object#refund_object-status, read 2026-11-21. */
export function readRefund(
  body: Refund,
  { amount, currency }: { readonly amount: number; readonly currency: string },
): OperationOutcome {
  if (body.amount !== amount || body.currency !== currency.toLowerCase()) {
    const found = `${body.amount} ${body.currency}`;
    return {
      kind: 'unknown',
      reason: `${body.id} is over ${found}, expected ${amount} ${currency}`,
    };
  }
  switch (body.status) {
    case 'succeeded':
      return { kind: 'approved', providerRef: body.id };
    case 'pending':
    case 'requires_action':
      return { kind: 'pending', providerRef: body.id };
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

/** The amount in Stripe's units, or why it cannot be sent: then nothing is. */
export function sendable(amountMinor: number, currency: string): number | Refused {
  try {
    return toStripeAmount(amountMinor, currency);
  } catch (error) {
    if (!(error instanceof UnsendableAmount)) throw error;
    return { kind: 'refused', reason: error.message, code: 'unsupported_amount' };
  }
}

const isRefused = (owner: Form | Refused): owner is Refused => owner['kind'] === 'refused';
