/** What becomes of single invoices. Pure. */
import { assert } from '../shared/assert.ts';
import { payableMinor } from './credit.amounts.ts';
import type { CreditContext, CreditInvoice } from './credit.types.ts';

/** @throws Error when there is none of that number: a guard has to have seen to that */
export function invoiceOf(c: CreditContext, number: string | null): CreditInvoice {
  const invoice = number === null ? undefined : c.invoices[number];
  assert(invoice !== undefined, 'an invoice that is not there');
  return invoice;
}

/** Our number of the invoice that the provider has under `providerRef`, or null. */
export const numberOf = (c: CreditContext, providerRef: string): string | null =>
  Object.values(c.invoices).find((invoice) => invoice.providerRef === providerRef)?.number ?? null;

export function changed(
  c: CreditContext,
  number: string | null,
  parts: Partial<CreditInvoice>,
): CreditContext {
  const invoice = invoiceOf(c, number);
  return { ...c, invoices: { ...c.invoices, [invoice.number]: { ...invoice, ...parts } } };
}

/** The invoice that was wished for, or found, as the provider has it. Its shipment is owed. */
export function addInvoice(
  c: CreditContext,
  made: { readonly at: number; readonly providerRef: string; readonly amountMinor?: number },
): CreditContext {
  const { dueOn, number, shipment } = c.wish;
  const invoice: CreditInvoice = {
    number,
    amountMinor: made.amountMinor ?? c.operation?.amountMinor ?? 0,
    providerRef: made.providerRef,
    issuedAt: made.at,
    fundBy: made.at + c.policy.fundWithinMs,
    dueOn,
    shipment: { wish: shipment, providerRef: null, status: 'owed' },
    isFunded: false,
    isLate: false,
    isClosed: false,
    isCancelled: false,
    returnedMinor: 0,
    releasedMinor: 0,
  };
  return { ...c, invoices: { ...c.invoices, [number]: invoice } };
}

export function shipmentIs(
  c: CreditContext,
  status: CreditInvoice['shipment']['status'],
  providerRef: string | null,
): CreditContext {
  const { upon, wish } = c;
  return changed(c, upon, { shipment: { wish: wish.shipment, providerRef, status } });
}

/** The provider has paid the merchant. More than is left of it: what came back meanwhile was not
 *  released but given back. */
export function funded(
  c: CreditContext,
  number: string,
  amountMinor = payableMinor(invoiceOf(c, number)),
): CreditContext {
  const invoice = invoiceOf(c, number);
  const backMinor = amountMinor - payableMinor(invoice);
  const releasedMinor = invoice.releasedMinor - backMinor;
  return {
    ...changed(c, number, { isFunded: true, isLate: false, releasedMinor }),
    fundedMinor: c.fundedMinor + amountMinor,
    releasedMinor: c.releasedMinor - backMinor,
    refundedMinor: c.refundedMinor + backMinor,
  };
}

/** Its buyer has paid: the merchant was paid at the latest then. */
export function closed(c: CreditContext, number: string): CreditContext {
  const { isFunded } = invoiceOf(c, number);
  return changed(isFunded ? c : funded(c, number), number, { isClosed: true });
}

/** Before it was funded nobody pays for it; afterwards the merchant gives it back. */
export function returned(
  c: CreditContext,
  number: string | null,
  amountMinor: number,
): CreditContext {
  const { isFunded, releasedMinor, returnedMinor } = invoiceOf(c, number);
  const back = { returnedMinor: returnedMinor + amountMinor };
  return isFunded
    ? { ...changed(c, number, back), refundedMinor: c.refundedMinor + amountMinor }
    : {
        ...changed(c, number, { ...back, releasedMinor: releasedMinor + amountMinor }),
        releasedMinor: c.releasedMinor + amountMinor,
      };
}
