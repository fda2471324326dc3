/** Effects → the blocks of InfinitePay's requests, by its own names. Pure. */
import type {
  GuaranteeOperationEffect,
  InvoiceTerms,
} from '../../../machines/guarantee/guarantee.types.ts';
import type { ActivateEffect, ApplyEffect, GuaranteeTerms } from '../guarantee-provider.ts';
import { toHundredths } from './amounts.ts';
import { articlesOf, debtorOf, shippingOf } from './buyers.ts';
import { totalsOf } from './totals.ts';
import type { Xml } from './xml.ts';

export type OrderName = { readonly orderId: string; readonly providerRef: string | null };

/** REQUEST without CLIENT_DATA. */
export type Blocks = { readonly ORDER_DATA: Xml } & { readonly [block: string]: Xml };

/** Its terms are not complete: our bug, and nothing was sent. */
export class UnsendableRequest extends Error {
  override name = 'UnsendableRequest';
}

export const orderOf = ({ orderId, providerRef }: OrderName): Xml => ({
  ORDER_ID: orderId,
  REF_NO: providerRef ?? undefined,
});

/** With captures and activations too, so that an order of another amount is refused there. */
const amountOf = ({ amountMinor, currency }: GuaranteeOperationEffect): Xml => ({
  TRS_AMT_GROSS: String(toHundredths(amountMinor, currency)),
  TRS_CURRENCY: currency,
});

/** @throws UnsendableAmount, UnsendableRequest */
export function blocksOf(
  effect: GuaranteeOperationEffect,
  terms: GuaranteeTerms,
  moment: string,
): Blocks {
  const ORDER_DATA = orderOf(effect);
  switch (effect.type) {
    case 'reserve':
      return {
        ORDER_DATA: {
          ...ORDER_DATA,
          ...amountOf(effect),
          ...totalsOf(terms.reserve, effect.amountMinor, effect.currency),
          ...reserved(moment),
        },
        DEBTOR_DATA: debtorOf(terms.reserve),
        ...articlesOf(terms.reserve.items, effect.currency),
        SHIPPING_DATA: shippingOf(terms.reserve.shippingAddress),
      };
    case 'modify':
    case 'capture':
      return { ORDER_DATA: { ...ORDER_DATA, ...amountOf(effect) } };
    case 'activate':
      return {
        ORDER_DATA: { ...ORDER_DATA, ...amountOf(effect) },
        INVOICE_DATA: invoiceOf(effect, terms.invoice),
      };
    case 'cancel':
      return { ORDER_DATA };
    case 'apply':
      return { ORDER_DATA, TRANSACTION_DATA: transactionOf(effect) };
  }
}

/** PAY_TYPE 1 is an invoice, TOTAL_GROSS_CALC_METHOD 3 counts taxes per article. The later steps
 *  are never asked for here: three calls have three answers, one call has one STATUS for all. */
const reserved = (moment: string): Xml => ({
  PAY_TYPE: '1',
  TRS_DT: moment,
  TERMS_ACCEPTED: '1',
  TOTAL_GROSS_CALC_METHOD: '3',
  AUTO_CAPTURE: '0',
  AUTO_ACTIVATE: '0',
});

function invoiceOf(effect: ActivateEffect, invoice: InvoiceTerms | null): Xml {
  if (invoice === null) throw new UnsendableRequest(`${effect.orderId} has no invoice to activate`);
  const { invoiceNumber, invoicedOn, dueOn, deliveryOn } = invoice;
  return {
    INVOICE_ID: invoiceNumber,
    INVOICE_DATE: compact(invoicedOn),
    DUE_DATE: compact(dueOn),
    PAYMENT_TERMS: String((Date.parse(dueOn) - Date.parse(invoicedOn)) / DAY_MS),
    DELAY_IN_DAYS: '0',
    DELIVERY_DATE: compact(deliveryOn),
  };
}

const DAY_MS = 86_400_000;

function transactionOf(effect: ApplyEffect): Xml {
  const day = effect.receivedOn === null ? undefined : compact(effect.receivedOn);
  return {
    TRS_AMT: String(toHundredths(effect.amountMinor, effect.currency)),
    TRS_CURRENCY: effect.currency,
    DOC_ID: effect.invoiceNumber,
    ACCOUNTING_DT: day,
    VALUE_DT: day,
    COMMENT: effect.reference ?? undefined,
  };
}

const compact = (date: string): string => date.replaceAll('-', '');

/** `20261120 203015`: what the clocks of that zone show. */
export const momentIn = (timeZone: string, at: number): string =>
  // Sweden writes dates as ISO 8601 does.
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' })
    .format(at)
    .replace(/[-:]/g, '');
