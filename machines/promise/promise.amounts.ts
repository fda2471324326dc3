/** What is owed of a promise, what is there, and where that puts it. Pure. */
import type { PromiseContext, PromiseStatus, Receipt } from './promise.types.ts';

const positive = (minor: number): number => (minor > 0 ? minor : 0);

/** What came and stayed. A refund is paid back by what comes next, so this is never below nothing. */
export const netMinor = (c: PromiseContext): number => positive(c.receivedMinor - c.refundedMinor);

/** What the buyer has to pay in all; of what was cancelled, nothing. */
export const debtMinor = (c: PromiseContext): number =>
  c.isCancelled ? 0 : c.requestedMinor - c.reducedMinor - c.writtenOffMinor - c.forgivenMinor;

export const openMinor = (c: PromiseContext): number => positive(debtMinor(c) - netMinor(c));

export const overpaidMinor = (c: PromiseContext): number => positive(netMinor(c) - debtMinor(c));

/** Given back out of money that did not arrive after all. */
export const uncoveredMinor = (c: PromiseContext): number =>
  positive(c.refundedMinor - c.receivedMinor);

/** Of what was written off, what came all the same: a part of what is overpaid. */
export function recoveredMinor(c: PromiseContext): number {
  if (c.isCancelled) return 0;
  const over = overpaidMinor(c);
  return over < c.writtenOffMinor ? over : c.writtenOffMinor;
}

/** A refund takes from an overpayment first; the rest of it is no longer owed. */
export const forgivenBy = (c: PromiseContext, refundMinor: number): number =>
  positive(refundMinor - overpaidMinor(c));

/** What makes the payment whole: also what was given back without cover. */
export const expectedMinor = (c: PromiseContext): number => openMinor(c) + uncoveredMinor(c);

export const mayBounce = (_c: PromiseContext, { bounced }: Receipt): boolean => !bounced;

/** Nothing is there, and nothing was given back that was not. */
export const mayCancel = (c: PromiseContext): boolean =>
  !c.isCancelled && c.receivedMinor === c.refundedMinor;

export function statusOf(c: PromiseContext): PromiseStatus {
  if (c.isCancelled) return 'cancelled';
  const net = netMinor(c);
  if (openMinor(c) > 0) {
    if (c.isOverdue) return 'overdue';
    return net > 0 ? 'partially_received' : 'promised';
  }
  // All that was ever owed, whatever was given up of it in between.
  if (net > 0 && net >= c.requestedMinor - c.reducedMinor) return 'received';
  if (c.writtenOffMinor > 0) return 'written_off';
  if (net > 0) return 'partially_refunded';
  // Credit notes took all of it, and nothing is there.
  return c.refundedMinor > 0 ? 'refunded' : 'cancelled';
}
