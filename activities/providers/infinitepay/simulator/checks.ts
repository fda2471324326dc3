/** What can be seen to be wrong in a request, all of it at once. */
import type { Complaint } from './answers.ts';
import type { Wish } from './fields.ts';

export type Check = {
  /** Complains of the field unless it is as it has to be. */
  readonly field: (block: string, name: string, pattern: RegExp, what: string) => void;
  readonly complain: (message: string) => void;
  readonly complaints: Complaint[];
};

export function checking(wish: Wish): Check {
  const complaints: Complaint[] = [];
  const complain = (message: string) => void complaints.push({ code: 'SIM_INVALID', message });
  return {
    complaints,
    complain,
    field: (block, name, pattern, what) => {
      if (!pattern.test(wish.get(block, name))) complain(`${block}/${name} has to be ${what}.`);
    },
  };
}

/** Hundredths, up to 999 999 999.99: the PHP client sends `round(amount × 100)` for every currency. */
export const AMOUNT = /^[1-9]\d{0,10}$/;
export const CURRENCY = /^[A-Z]{3}$/;
const COUNTRY = /^[A-Z]{3}$/;
const FILLED = /\S/;
const WHOLE = /^\d{1,11}$/;

const PARTS = [
  'TRS_AMT_NET',
  'RABATE_GROSS',
  'RABATE_NET',
  'SHIPPING_PRICE_GROSS',
  'SHIPPING_PRICE_NET',
];

export function checkOrderAndDebtor(wish: Wish, check: Check): void {
  const order = (name: string, pattern: RegExp, what: string) =>
    check.field('ORDER_DATA', name, pattern, what);
  order('ORDER_ID', FILLED, 'the number of the order');
  order('PAY_TYPE', /^1$/, '1 (invoice)');
  order('TRS_AMT_GROSS', AMOUNT, 'an amount in hundredths');
  order('TRS_CURRENCY', CURRENCY, 'a currency of ISO 4217');
  order('TERMS_ACCEPTED', /^1$/, '1: the buyer accepts the terms');
  for (const name of PARTS) order(name, /^$|^\d{1,11}$/, 'an amount in hundredths');
  order('TRS_DT', /^$|^\d{8} \d{6}$/, 'a time like 20261120 203015');
  order('AUTO_CAPTURE', /^[01]?$/, '0 or 1');
  order('AUTO_ACTIVATE', /^[01]?$/, '0 or 1');
  const debtor = (name: string, pattern: RegExp, what: string) =>
    check.field('DEBTOR_DATA', name, pattern, what);
  debtor('BD_EMAIL', /^[^\s@]+@[^\s@]+$/, 'an e-mail address');
  debtor('BD_COUNTRY', COUNTRY, 'a country of ISO 3166-1 with three letters');
  debtor('COM_OR_PER', LEGAL_FORM, 'one of the legal forms');
  check.field('COMPANY_DATA', 'COM_ID_VAT', FILLED, 'the VAT id of the buyer');
  check.field('COMPANY_DATA', 'COMPANY_NAME', FILLED, 'the name of the buyer');
  if (wish.get('SHIPPING_DATA', 'USE_BILL_DATA') === '0') {
    check.field(
      'SHIPPING_DATA',
      'DD_COUNTRY',
      COUNTRY,
      'a country of ISO 3166-1 with three letters',
    );
  }
  for (const article of wish.articles) {
    for (const name of ['ARTICLE_PRICE_NET', 'ARTICLE_PRICE_GROSS', 'ARTICLE_VAT_PERC']) {
      const value = article.get(name) ?? '';
      if (value !== '' && !WHOLE.test(value)) check.complain(`${name} has to be a whole number.`);
    }
  }
}

const LEGAL_FORM =
  /^(ag|eg|ek|ev|freelancer|gbr|gmbh|gmbh_ig|gmbh_co_kg|kg|kgaa|ltd|ltd_co_kg|ohg|offtl_einrichtung|sonst_pers_ges|stiftung|ug|einzel)$/;

/** Activation needs the due date and the shipping information, and an invoice to speak of. */
export function checkInvoice(check: Check): void {
  const invoice = (name: string, pattern: RegExp, what: string) =>
    check.field('INVOICE_DATA', name, pattern, what);
  invoice('INVOICE_ID', FILLED, 'the number of the invoice');
  for (const name of ['INVOICE_DATE', 'DUE_DATE', 'DELIVERY_DATE']) {
    invoice(name, /^\d{8}$/, 'a date like 20261120');
  }
  invoice('PAYMENT_TERMS', /^\d{0,3}$/, 'a number of days');
  invoice('DELAY_IN_DAYS', /^\d{0,3}$/, 'a number of days');
}

export const DAY_MS = 86_400_000;

/** The beginning of a `Ymd` day in UTC, in ms; null if there is no such day. */
export function dayOf(text: string): number | null {
  const iso = text.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3');
  const at = Date.parse(`${iso}T00:00:00Z`);
  if (Number.isNaN(at) || new Date(at).toISOString().slice(0, 10) !== iso) return null;
  return at;
}
