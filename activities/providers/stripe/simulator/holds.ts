/**
 * How long an authorization holds the amount. Source: https://docs.stripe.com/payments/place-a-hold-on-a-payment-method,
 * read 2026-11-21: 7 days online; a Visa payment without the customer has 4 days and 18 hours; an account based in Japan
 * has 30 days for JPY, but not with American Express. Whether those 30 days are Visa's without the customer, too, is not
 * said; here they are.
 */
import { cardOf, secondWhenHoldEnds } from './charges.ts';
import { refused } from './errors.ts';
import type { Charge } from './objects.ts';
import { NO_CALL, type Account, type IntentRecord, type MethodRecord } from './store.ts';

const DAY_MS = 86_400_000;
const HOLD_MS = 7 * DAY_MS;
const VISA_MIT_HOLD_MS = 4 * DAY_MS + 18 * 3_600_000;
const JAPAN_HOLD_MS = 30 * DAY_MS;
const JAPAN_BRANDS = ['visa', 'mastercard', 'jcb', 'diners', 'discover'];

export function holdMsOf(account: Account, record: IntentRecord, { test }: MethodRecord): number {
  const everyHold = account.holdMs();
  if (everyHold !== null) return everyHold;
  const domestic = account.country === 'JP' && record.wire.currency === 'jpy';
  if (domestic && JAPAN_BRANDS.includes(test.brand)) return JAPAN_HOLD_MS;
  return record.offSession && test.brand === 'visa' ? VISA_MIT_HOLD_MS : HOLD_MS;
}

/** The hold lapses at the very instant its charge names: `capture_before` is the only record of it. */
export function awaitEndOfHold(account: Account, record: IntentRecord, charge: Charge): void {
  const until = cardOf(charge)?.capture_before;
  if (until === undefined) throw new Error(`${charge.id} holds an amount for ever.`);
  record.dueAt = until * 1000;
  account.wakeAt(record.dueAt);
}

/** The issuer lets go earlier or later than it said: networks do, so the charge has to be read. */
export function moveEndOfHold(account: Account, record: IntentRecord, endsInMs: number): Charge {
  const { wire } = record;
  const charge = account.state.charges.get(wire.latest_charge ?? '');
  const card = charge === undefined ? undefined : cardOf(charge);
  if (wire.status !== 'requires_capture' || charge === undefined || card === undefined) {
    throw refused(`Nothing is held: the status is ${wire.status}.`);
  }
  const previous = { card: { capture_before: card.capture_before } };
  card.capture_before = secondWhenHoldEnds(account.plane.now(), endsInMs);
  awaitEndOfHold(account, record, charge);
  account.emit('charge.updated', charge, NO_CALL, { payment_method_details: previous });
  return charge;
}
