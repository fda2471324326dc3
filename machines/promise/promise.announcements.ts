import type { PaymentView } from '../shared/lifecycle.ts';
import type { PromiseEvent } from './promise.types.ts';

const TOLD: Readonly<Record<PromiseEvent['type'], string>> = {
  'receipt.recorded': 'payment.received',
  'receipt.bounced': 'payment.bounced',
  'reminder.due': 'payment.reminder_due',
  'payment.overdue': 'payment.overdue',
  'payment.written_off': 'payment.written_off',
  'payment.reduced': 'payment.reduced',
  'payment.cancelled': 'payment.cancelled',
  'refund.recorded': 'payment.refunded',
};

/** Of what was written off; the former versions did not tell it apart. */
const recoveredIn = (view: PaymentView): number => Number(view.details?.['recoveredMinor'] ?? 0);

/** What merchants are told, one name a fact. */
export function announcePromise(
  event: PromiseEvent,
  before: PaymentView,
  after: PaymentView,
): string {
  const isRecovery = event.type === 'receipt.recorded' && recoveredIn(after) > recoveredIn(before);
  return isRecovery ? 'payment.recovered' : TOLD[event.type];
}
