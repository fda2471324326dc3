/**
 * Capturing, releasing and cancelling holds. Sources, read 2026-11-21:
 * https://docs.stripe.com/api/payment_intents/capture and /cancel,
 * https://docs.stripe.com/payments/multicapture (captures, release, events),
 * https://docs.stripe.com/changelog/basil/2025-03-31/remove-refund-from-partial-capture-and-payment-cancellation-flow
 * (a released rest is no Refund, an expired hold is cancelled with the reason `expired`).
 */
import { hasMulticapture } from './charges.ts';
import { disputeIfTested } from './disputes.ts';
import { copyOf, refused, unexpectedState } from './errors.ts';
import { metadataOf, type Charge, type PaymentIntent } from './objects.ts';
import type { CaptureIntent, CancelIntent } from './parameters.ts';
import { endReview, warnIfTested } from './radar.ts';
import { newId, NO_CALL, seconds, type Account, type Call, type IntentRecord } from './store.ts';

/** https://docs.stripe.com/payments/multicapture#availability: 50 non-final captures; then one final one. */
const NON_FINAL_CAPTURES_MAX = 50;

export function captureHold(
  account: Account,
  call: Call,
  record: IntentRecord,
  wish: CaptureIntent,
): void {
  const { wire } = record;
  requireCapturable(wire);
  const charge = chargeOf(account, wire);
  const amount = wish.amount_to_capture ?? wire.amount_capturable;
  const final = wish.final_capture ?? true;
  checkCapture(record, charge, amount, final);

  const before = wire.amount_capturable;
  wire.metadata = metadataOf(wire.metadata, wish.metadata);
  charge.amount_captured += amount;
  charge.balance_transaction ??= newId('txn');
  wire.amount_received += amount;
  if (wish.statement_descriptor_suffix !== undefined) {
    charge.statement_descriptor_suffix = wish.statement_descriptor_suffix;
  }
  if (amount > 0) move(account, call, wire, 'capture', amount);
  if (final) {
    release(account, call, record, charge, before - amount);
    wire.status = 'succeeded';
  } else {
    record.nonFinalCaptures += 1;
    wire.amount_capturable = before - amount;
  }
  announceCapture(account, call, { wire, charge, before, final });
  if (!final) return;
  disputeIfTested(account, charge);
  warnIfTested(account, wire);
}

/** Events of a capture: `charge.updated` each time where multicapture is on, `charge.captured` only at the end. */
function announceCapture(
  account: Account,
  call: Call,
  capture: { wire: PaymentIntent; charge: Charge; before: number; final: boolean },
): void {
  const { wire, charge, before, final } = capture;
  if (hasMulticapture(charge)) {
    account.emit('charge.updated', charge, call);
    const previous = { amount_capturable: before };
    account.emit('payment_intent.amount_capturable_updated', wire, call, previous);
  }
  if (!final) return;
  account.emit('charge.captured', charge, call, { captured: false });
  account.emit('payment_intent.succeeded', wire, call);
}

function requireCapturable(wire: PaymentIntent): void {
  if (wire.status === 'requires_capture') return;
  throw unexpectedState(
    wire.status === 'succeeded'
      ? 'The remaining amount on this PaymentIntent could not be captured because the remainder of the authorized amount has been released.'
      : `This PaymentIntent could not be captured because it has a status of ${wire.status}. Only a PaymentIntent with one of the following statuses may be captured: requires_capture.`,
    wire,
  );
}

/** Zero with `final_capture=true` releases the rest of a partly captured payment, and only of such a one. Which code
 *  refuses `final_capture=false` without multicapture is not documented. */
function checkCapture(record: IntentRecord, charge: Charge, amount: number, final: boolean): void {
  const { wire } = record;
  const payment_intent = copyOf(wire);
  if (amount > wire.amount_capturable) {
    throw refused(
      'The payment could not be captured because the requested capture amount is greater than the amount you can capture for this charge.',
      { code: 'amount_too_large', payment_intent },
    );
  }
  if (amount === 0 && !(final && wire.amount_received > 0)) {
    const details = { code: 'parameter_invalid_integer', param: 'amount', payment_intent };
    throw refused('This value must be greater than or equal to 1.', details);
  }
  if (final) return;
  const fault = {
    code: 'payment_intent_invalid_parameter',
    param: 'final_capture',
    payment_intent,
  };
  if (!hasMulticapture(charge)) {
    throw refused('`final_capture=false` needs multicapture, which is unavailable here.', fault);
  }
  if (record.nonFinalCaptures >= NON_FINAL_CAPTURES_MAX) {
    throw refused(`At most ${NON_FINAL_CAPTURES_MAX} non-final captures are possible.`, fault);
  }
}

const CANCELABLE = [
  'requires_payment_method',
  'requires_capture',
  'requires_confirmation',
  'requires_action',
  'processing',
];

/** Cancelling a partly captured payment releases the rest; what was captured stays received.
 *  https://docs.stripe.com/api/payment_intents/cancel ("the remaining amount_capturable"), read 2026-11-21. */
export function cancelIntent(
  account: Account,
  call: Call,
  record: IntentRecord,
  wish: CancelIntent,
): void {
  const { wire } = record;
  if (!CANCELABLE.includes(wire.status)) {
    throw unexpectedState(
      `You cannot cancel this PaymentIntent because it has a status of ${wire.status}. Only a PaymentIntent with one of the following statuses may be canceled: ${CANCELABLE.join(', ')}.`,
      wire,
    );
  }
  if (wire.status === 'processing') {
    const message = 'You cannot cancel this PaymentIntent because its debit was already submitted.';
    throw unexpectedState(message, wire);
  }
  close(account, call, record, wish.cancellation_reason ?? null);
}

/** The authorization window is over: an untouched hold is `canceled`, a partly captured one `succeeded`. */
export function expireHold(account: Account, record: IntentRecord): void {
  const { wire } = record;
  if (wire.amount_received === 0) {
    close(account, NO_CALL, record, 'expired');
    account.emit('charge.expired', chargeOf(account, wire), NO_CALL);
    return;
  }
  const charge = chargeOf(account, wire);
  release(account, NO_CALL, record, charge, wire.amount_capturable);
  wire.status = 'succeeded';
  account.emit('charge.captured', charge, NO_CALL, { captured: false });
  account.emit('payment_intent.succeeded', wire, NO_CALL);
}

function close(account: Account, call: Call, record: IntentRecord, reason: string | null): void {
  const { wire } = record;
  if (wire.status === 'requires_capture') {
    const charge = chargeOf(account, wire);
    release(account, call, record, charge, wire.amount_capturable);
    if (charge.captured) account.emit('charge.captured', charge, call, { captured: false });
  }
  wire.status = 'canceled';
  wire.next_action = null;
  wire.canceled_at = seconds(account.plane.now());
  wire.cancellation_reason = reason;
  record.dueAt = null;
  account.emit('payment_intent.canceled', wire, call);
  endReview(account, wire.id, 'canceled');
}

/** Ends the hold. Refunded in full is a charge only from here on, if all that was captured went back before. */
function release(
  account: Account,
  call: Call,
  record: IntentRecord,
  charge: Charge,
  rest: number,
): void {
  record.dueAt = null;
  record.wire.amount_capturable = 0;
  charge.captured = charge.amount_captured > 0;
  charge.refunded = charge.captured && charge.amount_refunded === charge.amount_captured;
  if (rest > 0) move(account, call, record.wire, 'void', rest);
}

function chargeOf(account: Account, wire: PaymentIntent): Charge {
  const charge = account.state.charges.get(wire.latest_charge ?? '');
  if (charge === undefined) throw new Error(`${wire.id} is ${wire.status} without a charge.`);
  return charge;
}

function move(
  account: Account,
  { key }: Call,
  wire: PaymentIntent,
  kind: 'capture' | 'void',
  amountMinor: number,
): void {
  const currency = wire.currency.toUpperCase();
  account.plane.move({ kind, ref: wire.id, amountMinor, currency, key });
}
