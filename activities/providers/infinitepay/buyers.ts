/** Who buys what, and where it goes, by InfinitePay's names: DEBTOR_DATA, ARTICLES, SHIPPING_DATA. Pure. */
import { alpha2ToAlpha3 } from 'i18n-iso-countries/index.js';
import type { Address, LineItem, OrderRequest, ShippingAddress } from '../order-details.ts';
import { inHundredths, netOf } from './amounts.ts';
import type { Xml } from './xml.ts';

export function debtorOf({ buyer, company }: Pick<OrderRequest, 'buyer' | 'company'>): Xml {
  const address = buyer.billingAddress;
  return {
    COMPANY_DATA: {
      COMPANY_NAME: buyer.company,
      COM_ID_VAT: buyer.vatId,
      OWNER_FS_NAME: company?.owner?.firstName,
      OWNER_LS_NAME: company?.owner?.lastName,
    },
    COM_OR_PER: buyer.legalForm,
    BD_EMAIL: buyer.email,
    BD_SALUT: NO_SALUTATION,
    ...nameOf('BD', buyer.name),
    BD_STREET: address?.street,
    BD_STREET_NR: address?.houseNumber,
    BD_ZIP: address?.postalCode,
    BD_CITY: address?.city,
    BD_COUNTRY: countryOf(address),
    BD_TEL: buyer.phone,
    // "1" is a buyer who has an account at the merchant's.
    DB_NEW: buyer.customerNumber === undefined ? '0' : '1',
    NEG_PAY_HIST: '0',
  };
}

const NO_SALUTATION = 'na';

/** The last word is taken for the family's name: checkout knows one name only. */
function nameOf(prefix: 'BD' | 'DD', name: string | undefined): Xml {
  const words = (name ?? '').split(/\s+/).filter((word) => word !== '');
  const last = words.pop();
  const first = words.length === 0 ? undefined : words.join(' ');
  return { [`${prefix}_NAME_FS`]: first, [`${prefix}_NAME_LS`]: last };
}

const countryOf = (address: Address | undefined): string | undefined =>
  address === undefined ? undefined : alpha2ToAlpha3(address.country);

/** A company has no field here: it stands where the name of a person is missing. */
export function shippingOf(address: ShippingAddress | undefined): Xml {
  if (address === undefined) return { USE_BILL_DATA: '1' };
  return {
    ...(address.name === undefined ? { DD_NAME_LS: address.company } : nameOf('DD', address.name)),
    DD_SALUT: NO_SALUTATION,
    DD_STREET: address.street,
    DD_STREET_NR: address.houseNumber,
    DD_ZIP: address.postalCode,
    DD_CITY: address.city,
    DD_COUNTRY: countryOf(address),
    USE_BILL_DATA: '0',
  };
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
  const gross = inHundredths(unitPriceMinor, currency);
  const net =
    unitNetMinor === undefined ? netOf(gross, rate) : inHundredths(unitNetMinor, currency);
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
