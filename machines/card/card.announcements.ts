import type { PaymentView } from '../shared/lifecycle.ts';
import type { CardEvent } from './card.types.ts';

/** What merchants are told, one name a fact; facts that matter to Holdfast alone are not told. */
export function announceCard(event: CardEvent, after: PaymentView): string | null {
  if (after.status === 'parked') return 'payment.needs_attention';
  switch (event.type) {
    case 'authorization.approved':
      return 'payment.authorized';
    case 'sale.approved':
    case 'capture.succeeded':
      return 'payment.captured';
    case 'authorization.declined':
      return 'payment.declined';
    case 'buyer.action_required':
      return 'payment.action_required';
    case 'void.succeeded':
      return after.status === 'expired' ? 'payment.expired' : 'payment.voided';
    case 'refund.succeeded':
      return 'payment.refunded';
    case 'hold.expired':
    case 'authorization.absent':
    case 'payment.abandoned':
      return 'payment.expired';
    case 'capture.declined':
    case 'capture.refused':
    case 'capture.absent':
      return 'payment.capture_failed';
    case 'void.declined':
    case 'void.refused':
    case 'void.absent':
      return 'payment.void_failed';
    case 'refund.declined':
    case 'refund.refused':
    case 'refund.absent':
      return 'payment.refund_failed';
    default:
      return null;
  }
}
