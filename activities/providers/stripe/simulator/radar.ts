/**
 * Radar: reviews by a person, and what issuers warn of early. Sources, read 2026-12-01:
 * https://docs.stripe.com/api/radar/reviews/object, https://docs.stripe.com/api/radar/early_fraud_warnings/object,
 * https://docs.stripe.com/radar/reviews (a review ends with a refund, a cancellation or a dispute, too) and
 * https://docs.stripe.com/testing#fraud-prevention.
 */
import { refused } from './errors.ts';
import type { Charge, EarlyFraudWarning, PaymentIntent, Review } from './objects.ts';
import { newId, NO_CALL, seconds, type Account } from './store.ts';

type ClosedReason = NonNullable<Review['closed_reason']>;

export function openReview(
  account: Account,
  wire: PaymentIntent,
  openedReason: Review['opened_reason'],
): Review {
  const charge = chargeOf(account, wire);
  if (reviewOf(account, wire.id)?.open === true) throw refused(`${wire.id} is in review already.`);
  const review: Review = {
    id: newId('prv'),
    object: 'review',
    billing_zip: charge.billing_details.address.postal_code,
    charge: charge.id,
    closed_reason: null,
    created: seconds(account.plane.now()),
    ip_address: null,
    ip_address_location: null,
    livemode: false,
    open: true,
    opened_reason: openedReason,
    payment_intent: wire.id,
    reason: openedReason,
    session: null,
  };
  account.state.reviews.set(review.id, review);
  wire.review = review.id;
  charge.review = review.id;
  account.emit('review.opened', review, NO_CALL);
  return review;
}

/** @throws StripeFailure if nothing of the payment is in review. */
export function openReviewOf(account: Account, intentId: string): Review {
  const review = reviewOf(account, intentId);
  if (review?.open !== true) throw refused(`${intentId} is not in review.`);
  return review;
}

export function closeReview(account: Account, review: Review, reason: ClosedReason): Review {
  Object.assign(review, { open: false, closed_reason: reason, reason });
  account.emit('review.closed', review, NO_CALL, { open: true, closed_reason: null });
  return review;
}

/** What happens to the payment ends its review. */
export function endReview(account: Account, intentId: string, reason: ClosedReason): void {
  const review = reviewOf(account, intentId);
  if (review?.open === true) closeReview(account, review, reason);
}

function reviewOf({ state }: Account, intentId: string): Review | undefined {
  return [...state.reviews.values()].findLast(({ payment_intent: id }) => id === intentId);
}

export function warnOfFraud(
  account: Account,
  wire: PaymentIntent,
  fraudType = 'made_with_stolen_card',
): EarlyFraudWarning {
  const charge = chargeOf(account, wire);
  const warning: EarlyFraudWarning = {
    id: newId('issfr'),
    object: 'radar.early_fraud_warning',
    actionable: !charge.disputed && !charge.refunded,
    charge: charge.id,
    created: seconds(account.plane.now()),
    fraud_type: fraudType,
    livemode: false,
    payment_intent: wire.id,
  };
  account.state.warnings.set(warning.id, warning);
  account.emit('radar.early_fraud_warning.created', warning, NO_CALL);
  return warning;
}

/** The sandbox's cards: a rule asks for a review with the authorization, an issuer warns once there is money. */
export function reviewIfTested(account: Account, wire: PaymentIntent): void {
  const method = account.state.methods.get(wire.payment_method ?? '');
  if (method?.test.isReviewed === true) openReview(account, wire, 'rule');
}

export function warnIfTested(account: Account, wire: PaymentIntent): void {
  const warning = account.state.methods.get(wire.payment_method ?? '')?.test.fraudWarning;
  if (warning !== undefined) warnOfFraud(account, wire, warning);
}

function chargeOf(account: Account, wire: PaymentIntent): Charge {
  const charge = account.state.charges.get(wire.latest_charge ?? '');
  if (charge?.status === 'succeeded') return charge;
  throw refused(`${wire.id} has no charge that succeeded: the status is ${wire.status}.`);
}
