import type { CalendarDate } from '../shared/calendar.ts';
import type { Money } from '../shared/money.ts';

export type PromiseInput = {
  readonly paymentId: string;
  readonly total: Money;
  /** As people say it: `Payment terms`. */
  readonly provider: string;
  readonly dueOn: CalendarDate;
  /** When that day is over where the merchant is; milliseconds since 1970. */
  readonly dueAt: number;
  /** When the buyer is to be reminded before that; null is never. */
  readonly remindAt: number | null;
  /** What the shop shows its buyer: whom to pay, and where to send it. */
  readonly payTo: string | null;
  readonly sendTo: string | null;
  readonly at: number;
};

/** Money that has come, as somebody recorded it. */
export type Receipt = {
  readonly amountMinor: number;
  /** Number of the check or of the transfer. */
  readonly reference: string | null;
  readonly receivedOn: CalendarDate | null;
  readonly bounced: boolean;
};

type At = { readonly at: number };

/** What happened, in the past tense: the facts of its story. */
export type PromiseEvent =
  | (At & {
      type: 'receipt.recorded';
      amountMinor: number;
      reference: string | null;
      receivedOn: CalendarDate | null;
    })
  /** The check was returned, the transfer recalled: the money is not there. */
  | (At & { type: 'receipt.bounced'; receiptId: string; reason: string | null })
  | (At & { type: 'reminder.due' })
  | (At & { type: 'payment.overdue'; dueOn: CalendarDate })
  | (At & { type: 'payment.written_off'; amountMinor: number; reason: string | null })
  /** A credit note: so much less is owed. */
  | (At & { type: 'payment.reduced'; amountMinor: number; reason: string | null })
  | (At & { type: 'payment.cancelled'; reason: string | null })
  | (At & { type: 'refund.recorded'; amountMinor: number; reason: string | null });

export type PromiseContext = {
  readonly paymentId: string;
  readonly provider: string;
  readonly currency: string;
  readonly requestedMinor: number;
  readonly receivedMinor: number;
  readonly refundedMinor: number;
  readonly writtenOffMinor: number;
  /** By credit notes. */
  readonly reducedMinor: number;
  /** What refunds took that were no overpayment: so much less is owed. */
  readonly forgivenMinor: number;
  readonly receipts: Readonly<Record<string, Receipt>>;
  readonly dueOn: CalendarDate;
  readonly dueAt: number;
  readonly remindAt: number | null;
  readonly isReminded: boolean;
  readonly isOverdue: boolean;
  readonly isCancelled: boolean;
  readonly payTo: string | null;
  readonly sendTo: string | null;
  readonly attention: string | null;
};

/** States, equal to the database's values. */
export type PromiseStatus =
  | 'promised'
  | 'partially_received'
  | 'overdue'
  | 'received'
  | 'partially_refunded'
  | 'refunded'
  | 'written_off'
  | 'cancelled';
