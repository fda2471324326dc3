/**
 * Refunds. Sources, read 2026-11-21: https://docs.stripe.com/api/refunds, https://docs.stripe.com/refunds,
 * https://docs.stripe.com/testing#refunds (the two asynchronous cards), and
 * https://docs.stripe.com/payments/multicapture#refunds: a partly captured hold can be refunded up to what was captured,
 * and its charge is `refunded` only after the final capture.
 */
import { displayAmount } from './currencies.ts';
import { requireUndisputed } from './disputes.ts';
import { badParameter, missing, refused } from './errors.ts';
import { metadataOf, type Charge, type Refund } from './objects.ts';
import type { CreateRefund } from './parameters.ts';
import { endReview } from './radar.ts';
import {
  newId,
  NO_CALL,
  seconds,
  type Account,
  type Call,
  type MethodRecord,
  type RefundRecord,
} from './store.ts';

/** "Some time later", says the testing page. */
export const ASYNC_OUTCOME_MS = 60_000;

export function createRefund(account: Account, call: Call, wish: CreateRefund): Refund {
  const charge = refundableCharge(account, wish);
  requireUndisputed(account, charge);
  const left = charge.amount_captured - charge.amount_refunded;
  if (charge.refunded) {
    throw refused(`Charge ${charge.id} has already been refunded.`, {
      code: 'charge_already_refunded',
    });
  }
  const amount = wish.amount ?? left;
  if (amount > left || amount === 0) {
    const [asked, rest] = [amount, left].map((one) => displayAmount(one, charge.currency));
    // Stripe sends no code with this one.
    throw refused(
      `Refund amount (${asked}) is greater than unrefunded amount on charge (${rest})`,
      { param: 'amount' },
    );
  }
  return giveBack(account, call, charge, amount, wish);
}

function refundableCharge(account: Account, wish: CreateRefund): Charge {
  const { payment_intent: intentId, charge: chargeId } = wish;
  if (intentId === undefined && chargeId === undefined) {
    throw badParameter('One of the following params should be provided: payment_intent, charge.', {
      code: 'parameter_missing',
    });
  }
  const intent = intentId === undefined ? undefined : account.state.intents.get(intentId);
  if (intentId !== undefined && intent === undefined) {
    throw missing('payment_intent', intentId, 'payment_intent', 400);
  }
  const id = chargeId ?? intent?.wire.latest_charge ?? '';
  const charge = account.state.charges.get(id);
  if (chargeId !== undefined && charge === undefined) {
    throw missing('charge', chargeId, 'charge', 400);
  }
  if (intentId !== undefined && charge !== undefined && charge.payment_intent !== intentId) {
    throw refused(`Charge ${charge.id} does not belong to PaymentIntent ${intentId}.`, {
      param: 'charge',
    });
  }
  if (charge === undefined || charge.status !== 'succeeded' || charge.amount_captured === 0) {
    const owner = intentId ?? charge?.payment_intent ?? '';
    throw refused(`This PaymentIntent (${owner}) does not have a successful charge to refund.`, {
      param: intentId === undefined ? 'charge' : 'payment_intent',
    });
  }
  return charge;
}

function giveBack(
  account: Account,
  call: Call,
  charge: Charge,
  amount: number,
  wish: CreateRefund,
): Refund {
  const { plane, state } = account;
  const { test } = methodOf(account, charge);
  const pending = test.refund === 'pending-then-succeeds';
  const wire: Refund = {
    id: newId('re'),
    object: 'refund',
    amount,
    balance_transaction: newId('txn'),
    charge: charge.id,
    created: seconds(plane.now()),
    currency: charge.currency,
    destination_details:
      test.type === 'card' ? { card: { type: 'refund' }, type: 'card' } : { type: test.type },
    metadata: metadataOf({}, wish.metadata),
    payment_intent: charge.payment_intent,
    reason: wish.reason ?? null,
    receipt_number: null,
    source_transfer_reversal: null,
    status: pending ? 'pending' : 'succeeded',
    transfer_reversal: null,
  };
  const outcomeMs = pending ? account.refundPendingMs() : ASYNC_OUTCOME_MS;
  const dueAt = test.refund === 'immediate' || outcomeMs === null ? null : plane.now() + outcomeMs;
  state.refunds.set(wire.id, { wire, dueAt });
  if (dueAt !== null) account.wakeAt(dueAt);
  charge.amount_refunded += amount;
  charge.refunded = charge.captured && charge.amount_refunded === charge.amount_captured;
  move(account, call, wire, 'refund');
  account.emit('refund.created', wire, call);
  account.emit('charge.refunded', charge, call);
  if (charge.refunded) endReview(account, charge.payment_intent, 'refunded');
  return wire;
}

/** The asynchronous cards: a pending refund succeeds, a succeeded one fails and the money is back with the merchant. */
export function settleRefund(account: Account, record: RefundRecord): void {
  const { wire } = record;
  record.dueAt = null;
  if (wire.status === 'pending') {
    wire.status = 'succeeded';
    account.emit('refund.updated', wire, NO_CALL, { status: 'pending' });
    return;
  }
  failRefund(account, record);
}

/** The newest refund of a payment that has not failed comes back, as a bank may decide days later. */
export function failNewestRefund(account: Account, intentId: string): Refund {
  const record = newestRefund(account, intentId, ['pending', 'succeeded']);
  failRefund(account, record);
  return record.wire;
}

export function settleNewestRefund(account: Account, intentId: string): Refund {
  const record = newestRefund(account, intentId, ['pending']);
  settleRefund(account, record);
  return record.wire;
}

function newestRefund(account: Account, intentId: string, statuses: readonly Refund['status'][]) {
  const record = [...account.state.refunds.values()].findLast(
    ({ wire }) => wire.payment_intent === intentId && statuses.includes(wire.status),
  );
  if (record === undefined)
    throw refused(`${intentId} has no refund that is ${statuses.join(' or ')}.`);
  return record;
}

/** `charge.refund.updated` comes on "selected payment methods" only, says https://docs.stripe.com/api/events/types (read
 *  2026-11-21) without selecting, and sends listeners to `refund.updated`: so it is not sent. */
function failRefund(account: Account, record: RefundRecord): void {
  const { wire } = record;
  record.dueAt = null;
  const charge = account.state.charges.get(wire.charge);
  if (charge === undefined) throw new Error(`${wire.id} refunds a charge that is not there.`);
  const previous = { status: wire.status };
  wire.status = 'failed';
  wire.failure_reason = 'expired_or_canceled_card';
  wire.failure_balance_transaction = newId('txn');
  charge.amount_refunded -= wire.amount;
  charge.refunded = false;
  move(account, NO_CALL, wire, 'refund-failed');
  account.emit('refund.updated', wire, NO_CALL, previous);
  account.emit('refund.failed', wire, NO_CALL, previous);
}

function methodOf(account: Account, charge: Charge): MethodRecord {
  const method = account.state.methods.get(charge.payment_method);
  if (method === undefined) throw new Error(`${charge.id} was paid by nothing.`);
  return method;
}

function move(account: Account, { key }: Call, refund: Refund, kind: string): void {
  account.plane.move({
    kind,
    ref: refund.payment_intent,
    amountMinor: refund.amount,
    currency: refund.currency.toUpperCase(),
    key,
  });
}
