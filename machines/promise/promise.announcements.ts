import type { PromiseEvent } from './promise.types.ts';

const TOLD: Readonly<Record<PromiseEvent['type'], string>> = {
  'receipt.recorded': 'payment.received',
  'receipt.bounced': 'payment.bounced',
  'reminder.due': 'payment.reminder_due',
  'payment.overdue': 'payment.overdue',
  'payment.written_off': 'payment.written_off',
  'payment.cancelled': 'payment.cancelled',
  'refund.recorded': 'payment.refunded',
};

/** What merchants are told, one name a fact. */
export const announcePromise = (event: PromiseEvent): string => TOLD[event.type];
