import { ISO_4217_EXPONENTS } from './iso4217.ts';
import { assert } from './assert.ts';

/** Integer minor units of an ISO 4217 currency: 1050 EUR is €10.50, 1050 JPY is ¥1050. */
export type Money = { readonly amountMinor: number; readonly currency: string };

/** The largest amount that a payment may ask for: twelve digits, far below the safe integers, so
 *  that no sum of a payment's operations can leave them. */
export const AMOUNT_MINOR_MAX = 999_999_999_999;

export const isCurrency = (code: string): boolean => ISO_4217_EXPONENTS.has(code);

/** Decimal digits of `currency`. @throws Error when ISO 4217 does not list it. */
export function exponentOf(currency: string): number {
  const exponent = ISO_4217_EXPONENTS.get(currency);
  assert(exponent !== undefined, `no ISO 4217 currency ${currency}`);
  return exponent;
}

/** `decimalString(105000, 'EUR')` is `1050.00`, `(1050, 'JPY')` is `1050`. */
export function decimalString(amountMinor: number, currency: string): string {
  const exponent = exponentOf(currency);
  const sign = amountMinor < 0 ? '-' : '';
  const digits = String(amountMinor)
    .replace('-', '')
    .padStart(exponent + 1, '0');
  if (exponent === 0) return sign + digits;
  return `${sign}${digits.slice(0, -exponent)}.${digits.slice(-exponent)}`;
}

/** For people: `EUR 1,050.00`. */
export function formatMoney(amountMinor: number, currency: string): string {
  const [whole = '', fraction] = decimalString(amountMinor, currency).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${currency} ${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}
