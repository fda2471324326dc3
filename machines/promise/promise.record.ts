/** What each fact changes, and where the amounts put the payment. Pure. */
import { assert, assertNever } from '../shared/assert.ts';
import { formatMoney } from '../shared/money.ts';
import type { PromiseContext, PromiseEvent, PromiseStatus } from './promise.types.ts';

/** Not received, and still owed. */
export function openMinor(c: PromiseContext): number {
  const open = c.requestedMinor - c.receivedMinor - c.writtenOffMinor;
  return open > 0 ? open : 0;
}

export const refundableMinor = (c: PromiseContext): number => c.receivedMinor - c.refundedMinor;

export function record(c: PromiseContext, event: PromiseEvent): PromiseContext {
  switch (event.type) {
    case 'receipt.recorded': {
      const { amountMinor, reference, receivedOn } = event;
      const id = `receipt_${Object.keys(c.receipts).length + 1}`;
      const receipt = { amountMinor, reference, receivedOn, bounced: false };
      return {
        ...c,
        receivedMinor: c.receivedMinor + amountMinor,
        receipts: { ...c.receipts, [id]: receipt },
        attention: null,
      };
    }
    case 'receipt.bounced': {
      const receipt = c.receipts[event.receiptId];
      assert(receipt !== undefined, 'a receipt that is not there has bounced');
      return {
        ...c,
        receivedMinor: c.receivedMinor - receipt.amountMinor,
        receipts: { ...c.receipts, [event.receiptId]: { ...receipt, bounced: true } },
        attention:
          `${formatMoney(receipt.amountMinor, c.currency)} did not arrive after all` +
          `${receipt.reference === null ? '' : ` (${receipt.reference})`}. ` +
          `Ask the buyer for it again, or write it off.`,
      };
    }
    case 'reminder.due':
      return { ...c, isReminded: true };
    case 'payment.overdue':
      return { ...c, isReminded: true, isOverdue: true };
    case 'payment.written_off':
      return { ...c, writtenOffMinor: c.writtenOffMinor + event.amountMinor, attention: null };
    case 'payment.cancelled':
      return { ...c, isCancelled: true };
    case 'refund.recorded':
      return { ...c, refundedMinor: c.refundedMinor + event.amountMinor };
    default:
      return assertNever(event);
  }
}

export function restingStatus(c: PromiseContext): PromiseStatus {
  if (c.isCancelled) return 'cancelled';
  if (c.refundedMinor > 0) {
    return c.refundedMinor < c.receivedMinor ? 'partially_refunded' : 'refunded';
  }
  if (openMinor(c) === 0) return c.writtenOffMinor > 0 ? 'written_off' : 'received';
  if (c.isOverdue) return 'overdue';
  return c.receivedMinor > 0 ? 'partially_received' : 'promised';
}
