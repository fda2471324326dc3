import type { PaymentView } from '../shared/lifecycle.ts';
import type { CardEvent } from './card.events.ts';

/** What merchants are told, one name a fact; facts that matter to Holdfast alone are not told. */
export function announceCard(
  event: CardEvent,
  before: PaymentView,
  after: PaymentView,
): string | null {
  // Money that is about to go back is not announced: nobody is to deliver for it.
  if (after.deadlines.some((due) => due.event === 'late_money.rejected')) return null;
  const name = nameOf(event, before, after);
  if (name !== null) return name;
  const isNew = after.needsAttention !== null && before.needsAttention === null;
  return isNew ? 'payment.needs_attention' : null;
}

function nameOf(event: CardEvent, before: PaymentView, after: PaymentView): string | null {
  if (after.status === 'parked' && before.status !== 'parked') return 'payment.needs_attention';
  switch (event.type) {
    case 'authorization.approved':
    case 'hold.found':
      return 'payment.authorized';
    case 'reauthorization.approved':
      return 'payment.reauthorized';
    case 'sale.approved':
    case 'capture.succeeded':
    case 'capture.found':
      return 'payment.captured';
    case 'authorization.declined':
      return 'payment.declined';
    case 'buyer.action_required':
      return 'payment.action_required';
    case 'void.succeeded':
    case 'void.found':
      return released(after);
    case 'refund.succeeded':
    case 'refund.found':
      return 'payment.refunded';
    case 'hold.ending':
      return 'payment.hold_ending';
    case 'hold.expired':
      return after.status === 'expired' ? 'payment.expired' : 'payment.hold_expired';
    case 'authorization.absent':
    case 'payment.abandoned':
      return 'payment.expired';
    case 'capture.declined':
    case 'capture.refused':
    case 'capture.absent':
      return 'payment.capture_failed';
    case 'capture.scheduled':
      return 'payment.capture_scheduled';
    case 'capture.unscheduled':
      return 'payment.capture_unscheduled';
    case 'void.declined':
    case 'void.refused':
    case 'void.absent':
      return 'payment.void_failed';
    case 'refund.declined':
    case 'refund.refused':
    case 'refund.absent':
    case 'refund.failed':
      return 'payment.refund_failed';
    case 'dispute.opened':
      return 'payment.disputed';
    case 'dispute.won':
      return 'payment.dispute_won';
    case 'dispute.lost':
      return 'payment.dispute_lost';
    case 'refund.pending':
      return after.amounts.refundPending === undefined ? null : 'payment.refund_pending';
    case 'dispute.changed':
      return 'payment.disputed';
    case 'risk_review.opened':
      return 'payment.in_review';
    case 'risk_review.closed':
      return 'payment.review_closed';
    case 'fraud_warning.received':
      return 'payment.fraud_warning';
    case 'authorization.given_up':
      return 'payment.given_up';
    case 'resolution.applied':
      return 'payment.resolved';
    default:
      return null;
  }
}

/** The hold that a new one has replaced is given back: nothing has changed for the merchant. */
function released({ status }: PaymentView): string | null {
  if (status === 'authorized' || status === 'partially_captured') return null;
  return status === 'expired' ? 'payment.expired' : 'payment.voided';
}
