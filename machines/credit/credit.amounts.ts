/** Sums over the money and the invoices of a payment on credit, and where they put it. Pure. */
import type { CreditContext, CreditInvoice, CreditStatus, CreditVerb } from './credit.types.ts';

const sum = (amounts: readonly number[]): number =>
  amounts.reduce((total, amount) => total + amount, 0);

/** Invoices that were not cancelled, oldest first. */
export const liveInvoices = (c: CreditContext): readonly CreditInvoice[] =>
  Object.values(c.invoices).filter(({ isCancelled }) => !isCancelled);

export const invoicedMinor = (c: CreditContext): number =>
  sum(liveInvoices(c).map(({ amountMinor }) => amountMinor));

/** Held for the order, and neither invoiced nor released. */
export const uninvoicedMinor = (c: CreditContext): number =>
  c.authorizedMinor -
  invoicedMinor(c) -
  c.releasedMinor +
  sum(liveInvoices(c).map(({ releasedMinor }) => releasedMinor));

/** What the provider is going to pay for an invoice, or has paid. */
export const payableMinor = ({ amountMinor, releasedMinor }: CreditInvoice): number =>
  amountMinor - releasedMinor;

/** What the provider paid for an invoice, by what it says was due then: goods may have come back after
 *  it had paid and before we heard of that. What cannot be is left aside. */
export const paidMinor = (invoice: CreditInvoice, toldMinor: number | undefined): number => {
  const payable = payableMinor(invoice);
  const canBe = toldMinor !== undefined && toldMinor >= payable && toldMinor <= invoice.amountMinor;
  return canBe ? toldMinor : payable;
};

export const returnableMinor = ({ amountMinor, returnedMinor }: CreditInvoice): number =>
  amountMinor - returnedMinor;

/** Not paid by the provider yet, and something of it is to be. */
export const awaitsFunding = (invoice: CreditInvoice): boolean =>
  !invoice.isFunded && !invoice.isCancelled && payableMinor(invoice) > 0;

/** Whose shipment the provider does not know. */
export const unshipped = (c: CreditContext): readonly CreditInvoice[] =>
  liveInvoices(c).filter(({ shipment }) => shipment.status !== 'shipped');

/** Goods that went out cannot be taken off an invoice that was paid: those are returned. */
export const canBeCancelled = ({ isCancelled, isClosed, isFunded, returnedMinor }: CreditInvoice) =>
  !isCancelled && !isClosed && !isFunded && returnedMinor === 0;

const WAITING: Readonly<Record<CreditVerb, CreditStatus>> = {
  offer: 'ordering',
  order: 'ordering',
  accept: 'accepting',
  invoice: 'invoicing',
  ship: 'shipping',
  cancel: 'cancelling',
  'cancel-invoice': 'cancelling',
  return: 'returning',
};

/** Where a payment with these amounts and this operation is; null when they cannot be. */
export function statusOf(c: CreditContext): CreditStatus | null {
  const isPossible =
    uninvoicedMinor(c) >= 0 &&
    c.refundedMinor <= c.fundedMinor &&
    c.fundedMinor + c.releasedMinor <= c.authorizedMinor &&
    Object.values(c.invoices).every(
      ({ amountMinor, returnedMinor }) => returnedMinor <= amountMinor,
    );
  if (!isPossible) return null;
  if (c.operation === null) return c.authorizedMinor === 0 ? before(c) : resting(c);
  if (c.isParked) return 'parked';
  const isDoubt = c.asking !== null && c.operation.verb !== 'accept';
  return isDoubt ? 'inquiring' : WAITING[c.operation.verb];
}

/** Nobody has accepted anything yet, or nobody will. */
function before(c: CreditContext): CreditStatus {
  if (c.endedBy !== null) return c.endedBy === 'time' ? 'expired' : 'cancelled';
  if (c.isReviewed) return 'in_review';
  if (c.decline !== null && c.decline.verb !== 'accept') return 'declined';
  return c.offer === null ? 'expired' : 'offered';
}

function resting(c: CreditContext): CreditStatus {
  const live = liveInvoices(c);
  const rest = uninvoicedMinor(c);
  if (live.length === 0) {
    if (rest > 0) return 'authorized';
    return c.endedBy === 'time' ? 'expired' : 'cancelled';
  }
  if (unshipped(c).length > 0) return 'ship_failed';
  const unpaid = live.filter(awaitsFunding);
  if (unpaid.some(({ isLate }) => isLate)) return 'funding_late';
  if (unpaid.length > 0) return 'invoiced';
  if (live.every((invoice) => returnableMinor(invoice) === 0)) return 'returned';
  if (rest > 0) return 'partially_funded';
  return live.every(({ isClosed }) => isClosed) ? 'closed' : 'funded';
}
