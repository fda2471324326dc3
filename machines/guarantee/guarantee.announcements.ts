import type { PaymentView } from '../shared/lifecycle.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';

/** What merchants are told, one name a fact; facts that matter to Holdfast alone are not told. */
export function announceGuarantee(
  event: GuaranteeEvent,
  before: PaymentView,
  after: PaymentView,
): string | null {
  if (after.status === 'parked' && before.status !== 'parked') return 'payment.needs_attention';
  const name = nameOf(event, before, after);
  if (name !== null) return name;
  const isNew = after.needsAttention !== null && before.needsAttention === null;
  return isNew ? 'payment.needs_attention' : null;
}

const recovered = (view: PaymentView): number => Number(view.details?.['recoveredMinor'] ?? 0);

function nameOf({ type }: GuaranteeEvent, before: PaymentView, after: PaymentView): string | null {
  switch (type) {
    case 'reservation.approved':
      return 'payment.reserved';
    case 'reservation.declined':
    case 'reservation.refused':
      return 'payment.declined';
    case 'reservation.absent':
    case 'payment.abandoned':
      return 'payment.expired';
    case 'modification.approved':
      return 'payment.modified';
    case 'modification.declined':
    case 'modification.refused':
    case 'modification.absent':
      return 'payment.modification_failed';
    case 'capture.approved':
    case 'capture.found':
      return 'payment.order_captured';
    case 'capture.declined':
    case 'capture.refused':
    case 'capture.absent':
      return 'payment.capture_failed';
    case 'activation.approved':
      return 'payment.guaranteed';
    case 'activation.declined':
      return 'payment.guarantee_denied';
    case 'activation.refused':
    case 'activation.absent':
      return 'payment.activation_failed';
    case 'cancellation.approved':
    case 'cancellation.found':
      // What was paid is not cancelled: only its order is over there.
      return after.status === 'cancelled' ? 'payment.cancelled' : 'payment.limit_released';
    case 'limit.released':
      return 'payment.limit_released';
    case 'cancellation.declined':
    case 'cancellation.refused':
    case 'cancellation.absent':
      return 'payment.cancellation_failed';
    case 'receipt.recorded':
    case 'payment.found':
      return recovered(after) > recovered(before) ? 'payment.recovered' : 'payment.received';
    case 'receipt.bounced':
      return 'payment.bounced';
    case 'refund.recorded':
      return 'payment.refunded';
    case 'claim.recorded':
    case 'claim.found':
      return 'payment.claimed';
    case 'payment.written_off':
      return 'payment.written_off';
    case 'payment.overdue':
      return 'payment.overdue';
    case 'resolution.applied':
      return 'payment.resolved';
    default:
      return null;
  }
}
