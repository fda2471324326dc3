/**
 * One attempt to pay a PaymentIntent: authenticate if the card wants it, then authorize, decline or submit a debit.
 * Sources: https://docs.stripe.com/payments/paymentintents/lifecycle, https://docs.stripe.com/testing#regulatory-cards,
 * https://docs.stripe.com/payments/place-a-hold-on-a-payment-method, read 2026-11-21.
 */
import { AUTHENTICATION_REQUIRED, type Decline } from './cards.ts';
import { DEBIT_SETTLES_MS, insertCharge } from './charges.ts';
import { copyOf, StripeFailure } from './errors.ts';
import { keepForCustomer } from './customers.ts';
import { disputeIfTested } from './disputes.ts';
import { awaitEndOfHold, holdMsOf } from './holds.ts';
import { mustAuthenticate } from './methods.ts';
import { reviewIfTested, warnIfTested } from './radar.ts';
import type { PaymentIntent, StripeErrorObject } from './objects.ts';
import type { Account, Call, IntentRecord, MethodRecord } from './store.ts';

export type AttemptWish = { offSession: boolean; errorOnAction: boolean };

/** @throws StripeFailure 402 on a decline; the PaymentIntent has then gone back to `requires_payment_method`. */
export function attemptPayment(
  account: Account,
  call: Call,
  record: IntentRecord,
  method: MethodRecord,
  wish: AttemptWish,
): void {
  record.offSession = wish.offSession;
  record.wire.payment_method = method.wire.id;
  record.wire.last_payment_error = null;
  if (!mustAuthenticate(record.wire, method, wish.offSession)) {
    return authorize(account, call, record, method);
  }
  if (wish.offSession || wish.errorOnAction) {
    decline(account, call, record, method, AUTHENTICATION_REQUIRED);
  }
  askForAuthentication(account, call, record);
}

/** What the customer did on the authentication page. Never throws: a decline is in the PaymentIntent. */
export function finishAuthentication(
  account: Account,
  record: IntentRecord,
  method: MethodRecord,
  call: Call,
  passed: boolean,
): void {
  record.wire.next_action = null;
  if (!passed) {
    // https://docs.stripe.com/error-codes#payment-intent-authentication-failure, read 2026-11-21.
    fail(account, call, record, {
      type: 'invalid_request_error',
      code: 'payment_intent_authentication_failure',
      message:
        'The provided PaymentMethod has failed authentication. You can provide a new PaymentMethod to attempt to fulfill this PaymentIntent.',
      payment_method: copyOf(method.wire),
    });
    return;
  }
  try {
    authorize(account, call, record, method);
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
  }
}

/** Without a `return_url` the action is one for Stripe.js. The page is the same.
 *  https://docs.stripe.com/api/payment_intents/object#payment_intent_object-next_action, read 2026-11-21. */
function askForAuthentication(account: Account, call: Call, { wire, returnUrl }: IntentRecord) {
  const url = `${account.origin()}/_pages/3ds/${wire.id}`;
  wire.status = 'requires_action';
  wire.next_action =
    returnUrl === null
      ? {
          type: 'use_stripe_sdk',
          use_stripe_sdk: { type: 'three_d_secure_redirect', stripe_js: url },
        }
      : { type: 'redirect_to_url', redirect_to_url: { return_url: returnUrl, url } };
  account.emit('payment_intent.requires_action', wire, call);
}

function authorize(account: Account, call: Call, record: IntentRecord, method: MethodRecord): void {
  if (method.test.type === 'us_bank_account') return submitDebit(account, call, record, method);
  if (method.test.decline !== null) decline(account, call, record, method, method.test.decline);

  const { wire } = record;
  const held = wire.capture_method === 'manual';
  const holdMs = held ? holdMsOf(account, record, method) : null;
  const charge = insertCharge(account, record, method, { holdMs });
  if (held) awaitEndOfHold(account, record, charge);
  wire.latest_charge = charge.id;
  wire.next_action = null;
  move(account, call, wire, 'authorize');
  keepForCustomer(account, call, record, method);
  account.emit('charge.succeeded', charge, call);
  reviewIfTested(account, wire);
  if (held) {
    wire.status = 'requires_capture';
    wire.amount_capturable = wire.amount;
    account.emit('payment_intent.amount_capturable_updated', wire, call);
    return;
  }
  wire.status = 'succeeded';
  wire.amount_received = wire.amount;
  move(account, call, wire, 'capture');
  account.emit('payment_intent.succeeded', wire, call);
  disputeIfTested(account, charge);
  warnIfTested(account, wire);
}

/** Debits are submitted now and settle days later, or come back:
 *  https://docs.stripe.com/payments/ach-direct-debit, read 2026-11-21. */
function submitDebit(account: Account, call: Call, record: IntentRecord, method: MethodRecord) {
  const { wire } = record;
  const charge = insertCharge(account, record, method, { pending: true });
  record.dueAt = account.plane.now() + DEBIT_SETTLES_MS;
  account.wakeAt(record.dueAt);
  record.submittedKey = call.key;
  wire.latest_charge = charge.id;
  wire.status = 'processing';
  keepForCustomer(account, call, record, method);
  account.emit('charge.pending', charge, call);
  account.emit('payment_intent.processing', wire, call);
}

/** The clock has come to the day a submitted debit settles. */
export function settleDebit(account: Account, record: IntentRecord, method: MethodRecord): void {
  const { wire, submittedKey } = record;
  const call: Call = { key: null, requestId: null };
  const charge = account.state.charges.get(wire.latest_charge ?? '');
  if (charge === undefined) throw new Error(`A processing PaymentIntent has a charge: ${wire.id}`);
  record.dueAt = null;
  const { decline: returned } = method.test;
  if (returned !== null) {
    Object.assign(charge, { status: 'failed', paid: false, captured: false, amount_captured: 0 });
    Object.assign(charge, { failure_code: returned.code, failure_message: returned.message });
    account.emit('charge.failed', charge, call);
    fail(account, call, record, { type: 'invalid_request_error', ...returned, charge: charge.id });
    return;
  }
  Object.assign(charge, { status: 'succeeded', paid: true });
  wire.status = 'succeeded';
  wire.amount_received = wire.amount;
  move(account, { key: submittedKey, requestId: null }, wire, 'authorize');
  move(account, { key: submittedKey, requestId: null }, wire, 'capture');
  account.emit('charge.succeeded', charge, call);
  account.emit('payment_intent.succeeded', wire, call);
}

/** A failed attempt leaves a failed charge: https://docs.stripe.com/declines, read 2026-11-21. */
function decline(
  account: Account,
  call: Call,
  record: IntentRecord,
  method: MethodRecord,
  reason: Decline,
): never {
  const charge = insertCharge(account, record, method, { decline: reason });
  record.wire.latest_charge = charge.id;
  account.emit('charge.failed', charge, call);
  const error: StripeErrorObject = {
    type: 'card_error',
    ...reason,
    charge: charge.id,
    payment_method: copyOf(method.wire),
  };
  fail(account, call, record, error);
  throw new StripeFailure(402, { ...error, payment_intent: copyOf(record.wire) }, true);
}

function fail(account: Account, call: Call, { wire }: IntentRecord, error: StripeErrorObject) {
  wire.status = 'requires_payment_method';
  wire.payment_method = null;
  wire.next_action = null;
  wire.last_payment_error = error;
  account.emit('payment_intent.payment_failed', wire, call);
}

function move(account: Account, { key }: Call, wire: PaymentIntent, kind: 'authorize' | 'capture') {
  account.plane.move({
    kind,
    ref: wire.id,
    amountMinor: wire.amount,
    currency: wire.currency.toUpperCase(),
    key,
  });
}
