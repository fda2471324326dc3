/** Number and dates of an invoice: what somebody wished, else what the integration is set to. */
import { addDays } from '../../../machines/shared/calendar.ts';
import type { InvoiceTerms, InvoiceWish } from '../../../machines/guarantee/guarantee.types.ts';
import { dueOn as dueByTerm, type PaymentTerm } from '../../../machines/shared/payment-term.ts';
import { dateIn, startOfDay } from '../shared/zones.ts';
import { infinitePayConfig } from './config.ts';

/** Computed from when the activation was asked for, so that each attempt says the same. The buyer's
 *  time to pay counts from the delivery, not from the moment of the call.
 *  @throws Error when the payment's term has left the settings: they are those of its own version */
export function invoiceTermsOf(
  integrationSettings: unknown,
  order: { readonly sourceNumber: string; readonly term: string },
  asked: { readonly wish: InvoiceWish; readonly requestedAt: number },
): InvoiceTerms {
  const { invoiceDueDays, shippingDays, terms, timeZone } =
    infinitePayConfig.settingsIn(integrationSettings);
  const { wish, requestedAt } = asked;
  const invoicedOn = dateIn(timeZone, requestedAt);
  const usual = addDays(invoicedOn, shippingDays);
  // Who names an early due date and no delivery has delivered by then.
  const latest = wish.dueOn !== null && wish.dueOn < usual ? wish.dueOn : usual;
  const deliveryOn = wish.deliveryOn ?? latest;
  const dueOn = wish.dueOn ?? dueFrom(deliveryOn);
  return {
    invoiceNumber: wish.invoiceNumber ?? order.sourceNumber,
    invoicedOn,
    dueOn,
    deliveryOn,
    dueAt: startOfDay(timeZone, addDays(dueOn, 1)),
  };

  function dueFrom(delivery: string): string {
    if (invoiceDueDays !== undefined) return addDays(delivery, invoiceDueDays);
    const term: PaymentTerm | undefined = terms[order.term];
    if (term === undefined) throw new Error(`the integration has no payment term ${order.term}`);
    return dueByTerm(term, delivery);
  }
}
