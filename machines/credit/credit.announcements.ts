import type { PaymentView } from '../shared/lifecycle.ts';
import type { CreditEvent } from './credit.events.ts';

/** What merchants are told, one name a fact; facts that matter to Holdfast alone are not told. */
export function announceCredit(
  event: CreditEvent,
  before: PaymentView,
  after: PaymentView,
): string | null {
  if (after.status === 'parked' && before.status !== 'parked') return 'payment.needs_attention';
  const name = nameOf(event, before, after);
  if (name !== null) return name;
  const isNew = after.needsAttention !== null && before.needsAttention === null;
  return isNew ? 'payment.needs_attention' : null;
}

function nameOf(
  { type }: CreditEvent,
  before: PaymentView,
  { amounts, status }: PaymentView,
): string | null {
  switch (type) {
    case 'offer.approved':
      return 'payment.action_required';
    case 'order.approved':
    case 'order.found':
      // An order that is not wanted any more is about to be cancelled.
      return status === 'authorized' ? 'payment.authorized' : null;
    case 'order.declined':
    case 'order.refused':
    case 'offer.refused':
      return 'payment.declined';
    case 'order.absent':
    case 'payment.abandoned':
    case 'offer.timed_out':
      return 'payment.expired';
    case 'offer.withdrawn':
      return 'payment.cancelled';
    case 'cancellation.approved':
    case 'cancellation.found':
      return status === 'declined' ? 'payment.declined' : 'payment.cancelled';
    case 'order.lapsed':
      return status === 'expired' ? 'payment.expired' : 'payment.hold_expired';
    case 'invoice.approved':
    case 'invoice.found':
      return 'payment.invoiced';
    case 'invoice.declined':
    case 'invoice.refused':
    case 'invoice.absent':
      return 'payment.invoice_failed';
    case 'shipment.approved':
      return 'payment.shipped';
    case 'shipment.declined':
    case 'shipment.refused':
    case 'shipment.absent':
      return 'payment.shipment_failed';
    case 'invoice_cancellation.approved':
    case 'invoice_cancellation.found':
      return 'payment.invoice_cancelled';
    case 'cancellation.declined':
    case 'cancellation.refused':
    case 'cancellation.absent':
    case 'invoice_cancellation.declined':
    case 'invoice_cancellation.refused':
    case 'invoice_cancellation.absent':
      return 'payment.cancellation_failed';
    case 'invoice.funded':
      return 'payment.funded';
    case 'invoice.closed':
      return 'payment.invoice_closed';
    case 'funding.overdue':
      return 'payment.funding_late';
    case 'return.approved':
    case 'return.found':
      return amounts.refunded > before.amounts.refunded ? 'payment.refunded' : 'payment.returned';
    case 'return.declined':
    case 'return.refused':
    case 'return.absent':
      return 'payment.refund_failed';
    case 'resolution.applied':
      return 'payment.resolved';
    default:
      return null;
  }
}
