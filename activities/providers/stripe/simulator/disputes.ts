/**
 * Disputes (chargebacks): the cardholder's bank takes the money back, and the merchant may contest it.
 * Sources, read 2026-11-21: https://docs.stripe.com/api/disputes/object, https://docs.stripe.com/api/events/types
 * (charge.dispute.*), https://support.stripe.com/questions/how-to-handle-disputes and
 * https://support.stripe.com/questions/dispute-for-full-charge-amount-after-a-partial-refund-was-issued
 * (a charge may be disputed in full though it was refunded in part). The cards of https://docs.stripe.com/testing#disputes
 * were read in a copy of 2026-08-07, the refusal `charge_disputed` in recorded answers of Stripe's.
 *
 * Fees, inquiries (`warning_*`), appeals and the evidence itself are left out.
 */
import { refused } from './errors.ts';
import type { BalanceTransaction, Charge, Dispute, DisputeReason } from './objects.ts';
import { endReview } from './radar.ts';
import { newId, NO_CALL, seconds, type Account, type StripeState } from './store.ts';

const DAY_S = 86_400;
/** The card network's affair, told per dispute: https://support.stripe.com/questions/how-to-handle-disputes. A week is as
 *  short as any. Nothing happens here when it is over. */
const RESPOND_WITHIN_S = 7 * DAY_S;

type DisputeWish = {
  readonly amountMinor?: number | undefined;
  /** Where the bank counts in another one: https://docs.stripe.com/disputes/measuring, read 2026-12-01. */
  readonly currency?: string | undefined;
  readonly reason?: DisputeReason;
};

/** The bank withdraws the amount at once, all that was captured unless it says less. Stripe can show several disputes of
 *  one charge; here one at a time may be open. */
export function openDispute(account: Account, charge: Charge, wish: DisputeWish = {}): Dispute {
  const { amountMinor: amount = charge.amount_captured, reason = 'fraudulent' } = wish;
  const taken = disputesOf(account.state, charge.id).filter(({ status }) => status !== 'won');
  if (taken.some(({ status }) => status !== 'lost')) {
    throw refused(`Charge ${charge.id} is disputed already.`);
  }
  const currency = wish.currency ?? charge.currency;
  const lost = taken.filter((each) => each.currency === charge.currency);
  const left = lost.reduce((rest, each) => rest - each.amount, charge.amount_captured);
  const isMore = currency === charge.currency && amount > left;
  if (charge.status !== 'succeeded' || charge.amount_captured === 0 || amount < 1 || isMore) {
    throw refused(`Charge ${charge.id} has ${left} left to dispute, not ${amount}.`);
  }
  const now = seconds(account.plane.now());
  const dispute: Dispute = {
    id: newId('dp'),
    object: 'dispute',
    amount,
    balance_transactions: [],
    charge: charge.id,
    created: now,
    currency,
    enhanced_eligibility_types: [],
    evidence: {},
    evidence_details: {
      due_by: endOfDay(now + RESPOND_WITHIN_S),
      has_evidence: false,
      past_due: false,
      submission_count: 0,
    },
    is_charge_refundable: false,
    livemode: false,
    metadata: {},
    payment_intent: charge.payment_intent,
    reason,
    status: 'needs_response',
  };
  account.state.disputes.set(dispute.id, dispute);
  charge.disputed = true;
  account.emit('charge.dispute.created', dispute, NO_CALL);
  book(account, dispute, -amount);
  move(account, dispute, 'dispute');
  account.emit('charge.dispute.funds_withdrawn', dispute, NO_CALL);
  endReview(account, charge.payment_intent, 'disputed');
  return dispute;
}

/** The bank corrects what it takes back. */
export function changeDispute(account: Account, dispute: Dispute, amount: number): Dispute {
  const previous = { amount: dispute.amount };
  dispute.amount = amount;
  book(account, dispute, previous.amount - amount);
  move(account, { ...dispute, amount: amount - previous.amount }, 'dispute-changed');
  account.emit('charge.dispute.updated', dispute, NO_CALL, previous);
  return dispute;
}

/** The evidence convinced the bank, so evidence was handed in before: two steps of the merchant's in one. In which order
 *  Stripe sends the last two events is not documented. */
export function winDispute(account: Account, dispute: Dispute): void {
  dispute.status = 'under_review';
  Object.assign(dispute.evidence_details, { has_evidence: true, submission_count: 1 });
  account.emit('charge.dispute.updated', dispute, NO_CALL, { status: 'needs_response' });
  dispute.status = 'won';
  dispute.is_charge_refundable = true;
  account.emit('charge.dispute.closed', dispute, NO_CALL, { status: 'under_review' });
  book(account, dispute, dispute.amount);
  move(account, dispute, 'dispute-won');
  account.emit('charge.dispute.funds_reinstated', dispute, NO_CALL);
}

/** The merchant gives in. The money went when the dispute was opened: `dispute-lost` says that it stays away. */
export function loseDispute(account: Account, dispute: Dispute): void {
  const previous = { status: dispute.status };
  dispute.status = 'lost';
  move(account, dispute, 'dispute-lost');
  account.emit('charge.dispute.closed', dispute, NO_CALL, previous);
}

/** @throws StripeFailure if nothing of the payment is disputed now. */
export function openDisputeOf(account: Account, intentId: string): Dispute {
  const found = [...account.state.disputes.values()].find(
    ({ payment_intent, status }) => payment_intent === intentId && isOpen(status),
  );
  if (found === undefined) throw refused(`${intentId} has no open dispute.`);
  return found;
}

/** A disputed charge cannot be refunded, or the buyer would have the money twice. That it can be once the dispute is won
 *  is not documented, but then the money is the merchant's again. */
export function requireUndisputed(account: Account, charge: Charge): void {
  if (disputesOf(account.state, charge.id).every(({ status }) => status === 'won')) return;
  const message = `Charge ${charge.id} has been charged back; cannot issue a refund.`;
  throw refused(message, { code: 'charge_disputed' });
}

/** The sandbox's disputing cards: the buyer's bank is there as soon as the money is, unless it was before. */
export function disputeIfTested(account: Account, charge: Charge): void {
  const reason = account.state.methods.get(charge.payment_method)?.test.dispute;
  if (reason !== undefined && !charge.disputed) openDispute(account, charge, { reason });
}

function disputesOf({ disputes }: StripeState, chargeId: string): Dispute[] {
  return [...disputes.values()].filter(({ charge }) => charge === chargeId);
}

function isOpen(status: Dispute['status']): boolean {
  return status === 'needs_response' || status === 'under_review';
}

/** The bank's day ends at midnight, UTC in the examples of the API reference. */
function endOfDay(at: number): number {
  return (Math.floor(at / DAY_S) + 1) * DAY_S - 1;
}

/** Without the dispute fee, which depends on the account's country and contract. */
function book(account: Account, dispute: Dispute, amount: number): void {
  const now = seconds(account.plane.now());
  const transaction: BalanceTransaction = {
    id: newId('txn'),
    object: 'balance_transaction',
    amount,
    available_on: now,
    created: now,
    currency: dispute.currency,
    description: `Chargeback ${amount < 0 ? 'withdrawal' : 'reversal'} for ${dispute.charge}`,
    exchange_rate: null,
    fee: 0,
    fee_details: [],
    net: amount,
    reporting_category: amount < 0 ? 'dispute' : 'dispute_reversal',
    source: dispute.id,
    status: 'available',
    type: 'adjustment',
  };
  dispute.balance_transactions.push(transaction);
}

function move(account: Account, { payment_intent: ref, amount, currency }: Dispute, kind: string) {
  account.plane.move({
    kind,
    ref,
    amountMinor: amount,
    currency: currency.toUpperCase(),
    key: null,
  });
}
