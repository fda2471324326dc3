/** Who buys and what, by InfinitePay's names: DEBTOR_DATA and ARTICLES. Pure. */
import { alpha2ToAlpha3 } from 'i18n-iso-countries/index.js';
import type { BuyerDetails, LineItem } from '../order-details.ts';
import { toHundredths, UnsendableAmount } from './amounts.ts';
import type { Xml } from './xml.ts';

export function debtorOf(buyer: BuyerDetails): Xml {
  const address = buyer.billingAddress;
  return {
    COMPANY_DATA: { COMPANY_NAME: buyer.company, COM_ID_VAT: buyer.vatId },
    COM_OR_PER: buyer.legalForm,
    BD_EMAIL: buyer.email,
    BD_SALUT: 'na',
    ...nameOf(buyer.name),
    BD_STREET: address?.street,
    BD_STREET_NR: address?.houseNumber,
    BD_ZIP: address?.postalCode,
    BD_CITY: address?.city,
    BD_COUNTRY: address === undefined ? undefined : alpha2ToAlpha3(address.country),
    BD_TEL: buyer.phone,
    // "1" is a buyer who has an account at the merchant's.
    DB_NEW: buyer.customerNumber === undefined ? '0' : '1',
    NEG_PAY_HIST: '0',
  };
}

/** The last word is taken for the family's name: checkout knows one name only. */
function nameOf(name: string | undefined): Xml {
  const words = (name ?? '').split(/\s+/).filter((word) => word !== '');
  const last = words.pop();
  return { BD_NAME_FS: words.length === 0 ? undefined : words.join(' '), BD_NAME_LS: last };
}

/** No block at all where no item is known. */
export function articlesOf(
  items: readonly LineItem[],
  currency: string,
): { readonly ARTICLES?: Xml } {
  if (items.length === 0) return {};
  return { ARTICLES: { ARTICLE: items.map((item) => articleOf(item, currency)) } };
}

function articleOf(item: LineItem, currency: string): Xml {
  const { taxRateBasisPoints: rate, unitNetMinor, unitPriceMinor } = item;
  const gross = priceOf(unitPriceMinor, currency);
  const net = unitNetMinor === undefined ? netOf(gross, rate) : priceOf(unitNetMinor, currency);
  return {
    ARTICLE_ID: item.sku,
    ARTICLE_NAME: item.title,
    ARTICLE_DESCRIPTION: item.description,
    ARTICLE_QUANTITY: String(item.quantity),
    ARTICLE_PRICE_NET: net?.toString(),
    ARTICLE_PRICE_GROSS: gross?.toString(),
    ARTICLE_VAT_PERC: rate?.toString(),
  };
}

/** Undefined where it would have to be rounded: nothing is asked for by a single price. */
function priceOf(amountMinor: number, currency: string): bigint | undefined {
  try {
    return BigInt(toHundredths(amountMinor, currency));
  } catch (error) {
    if (error instanceof UnsendableAmount) return undefined;
    throw error;
  }
}

/** Half a hundredth is rounded up. */
function netOf(gross: bigint | undefined, rate: number | undefined): bigint | undefined {
  if (gross === undefined || rate === undefined) return undefined;
  const whole = 10_000n + BigInt(rate);
  return (gross * 20_000n + whole) / (2n * whole);
}
