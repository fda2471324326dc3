/** What each fact changes. Pure. */
import { assert, assertNever } from '../shared/assert.ts';
import { formatMoney } from '../shared/money.ts';
import { forgivenBy, netMinor, openMinor, uncoveredMinor } from './promise.amounts.ts';
import type { PromiseContext, PromiseEvent } from './promise.types.ts';

type Fact<T extends PromiseEvent['type']> = Extract<PromiseEvent, { type: T }>;

export function record(c: PromiseContext, event: PromiseEvent): PromiseContext {
  const now = counted(c, event);
  return { ...now, attention: attentionAfter(now, event) };
}

function counted(c: PromiseContext, event: PromiseEvent): PromiseContext {
  switch (event.type) {
    case 'receipt.recorded':
      return withReceipt(c, event);
    case 'receipt.bounced':
      return withoutReceipt(c, event);
    case 'reminder.due':
      return { ...c, isReminded: true };
    case 'payment.overdue':
      return { ...c, isReminded: true, isOverdue: true };
    case 'payment.written_off':
      return { ...c, writtenOffMinor: c.writtenOffMinor + event.amountMinor };
    case 'payment.reduced':
      return { ...c, reducedMinor: c.reducedMinor + event.amountMinor };
    case 'payment.cancelled':
      return { ...c, isCancelled: true };
    case 'refund.recorded':
      return {
        ...c,
        refundedMinor: c.refundedMinor + event.amountMinor,
        // Kept as an amount: what comes or bounces later does not change why it was given back.
        forgivenMinor: c.forgivenMinor + forgivenBy(c, event.amountMinor),
      };
    default:
      return assertNever(event);
  }
}

export function withReceipt(c: PromiseContext, event: Fact<'receipt.recorded'>): PromiseContext {
  const { amountMinor, reference, receivedOn } = event;
  const id = `receipt_${Object.keys(c.receipts).length + 1}`;
  return {
    ...c,
    receivedMinor: c.receivedMinor + amountMinor,
    receipts: { ...c.receipts, [id]: { amountMinor, reference, receivedOn, bounced: false } },
  };
}

export function withoutReceipt(c: PromiseContext, event: Fact<'receipt.bounced'>): PromiseContext {
  const receipt = c.receipts[event.receiptId];
  assert(receipt !== undefined, 'a receipt that is not there has bounced');
  return {
    ...c,
    receivedMinor: c.receivedMinor - receipt.amountMinor,
    receipts: { ...c.receipts, [event.receiptId]: { ...receipt, bounced: true } },
  };
}

/** Money that is gone comes before money that is asked for again. */
function attentionAfter(c: PromiseContext, event: PromiseEvent): string | null {
  if (uncoveredMinor(c) > 0) return paidWithoutCover(c);
  if (c.isCancelled) return owedBack(c);
  switch (event.type) {
    case 'receipt.bounced':
      return openMinor(c) > 0 ? askAgain(c, event) : null;
    case 'receipt.recorded':
      return null;
    default:
      return openMinor(c) > 0 ? c.attention : null;
  }
}

function paidWithoutCover(c: PromiseContext): string {
  const open = openMinor(c);
  const owed = open > 0 ? ` ${formatMoney(open, c.currency)} of the payment is owed besides.` : '';
  return (
    `${formatMoney(uncoveredMinor(c), c.currency)} was given back out of money that did not arrive ` +
    `after all. Ask the buyer to return it.${owed}`
  );
}

export function askAgain(c: PromiseContext, { receiptId }: Fact<'receipt.bounced'>): string {
  const receipt = c.receipts[receiptId];
  assert(receipt !== undefined, 'a receipt that is not there has bounced');
  const { amountMinor, reference } = receipt;
  return (
    `${formatMoney(amountMinor, c.currency)} did not arrive after all` +
    `${reference === null ? '' : ` (${reference})`}. Ask the buyer for it again, or write it off.`
  );
}

/** What is there of a cancelled payment belongs to the buyer: somebody has to send it back. */
export function owedBack(c: PromiseContext): string | null {
  if (netMinor(c) === 0) return null;
  const money = formatMoney(netMinor(c), c.currency);
  return `${money} came although the payment was cancelled. Send it back, and record the refund.`;
}
