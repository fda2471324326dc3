/** What each fact changes, and where the amounts put the payment. Pure. */
import { assert, assertNever } from '../shared/assert.ts';
import { formatMoney } from '../shared/money.ts';
import type { PromiseContext, PromiseEvent, PromiseStatus, Receipt } from './promise.types.ts';

/** Not received, and still owed. */
export function openMinor(c: PromiseContext): number {
  if (c.isCancelled) return 0;
  const open = c.requestedMinor - c.receivedMinor - c.writtenOffMinor;
  return open > 0 ? open : 0;
}

export const refundableMinor = (c: PromiseContext): number => c.receivedMinor - c.refundedMinor;

/** What was sent back already has been there. */
export const mayBounce = (c: PromiseContext, { amountMinor, bounced }: Receipt): boolean =>
  !bounced && c.receivedMinor - amountMinor >= c.refundedMinor;

export function record(c: PromiseContext, event: PromiseEvent): PromiseContext {
  switch (event.type) {
    case 'receipt.recorded': {
      const { amountMinor, reference, receivedOn } = event;
      const id = `receipt_${Object.keys(c.receipts).length + 1}`;
      const receipt = { amountMinor, reference, receivedOn, bounced: false };
      const now = {
        ...c,
        receivedMinor: c.receivedMinor + amountMinor,
        receipts: { ...c.receipts, [id]: receipt },
        attention: null,
      };
      return c.isCancelled ? owedBack(now) : now;
    }
    case 'receipt.bounced': {
      const receipt = c.receipts[event.receiptId];
      assert(receipt !== undefined, 'a receipt that is not there has bounced');
      const now = {
        ...c,
        receivedMinor: c.receivedMinor - receipt.amountMinor,
        receipts: { ...c.receipts, [event.receiptId]: { ...receipt, bounced: true } },
      };
      // Nobody is owed it, so nobody has to ask for it again.
      if (c.isCancelled) return owedBack(now);
      return {
        ...now,
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
      // A bounce before it asks for nothing any more.
      return { ...c, isCancelled: true, attention: null };
    case 'refund.recorded': {
      const now = { ...c, refundedMinor: c.refundedMinor + event.amountMinor };
      return c.isCancelled ? owedBack(now) : now;
    }
    default:
      return assertNever(event);
  }
}

/** What is there of a cancelled payment belongs to the buyer: somebody has to send it back. */
function owedBack(c: PromiseContext): PromiseContext {
  const money = formatMoney(refundableMinor(c), c.currency);
  const attention =
    refundableMinor(c) === 0
      ? null
      : `${money} came although the payment was cancelled. Send it back, and record the refund.`;
  return { ...c, attention };
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
