/**
 * Which amounts Stripe takes in which currency. Always integers in the smallest unit of the currency.
 * Source: https://docs.stripe.com/currencies (presentment currencies, zero-decimal, special cases), read 2026-11-21.
 */
import { badParameter } from './errors.ts';

const SUPPORTED = new Set(
  (
    'usd aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf ' +
    'clp cny cop crc cve czk djf dkk dop dzd egp etb eur fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils ' +
    'inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur mvr mwk ' +
    'mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp ' +
    'sle sos srd std szl thb tjs tnd top try ttd twd tzs uah uyu ugx uzs vnd vuv wst xaf xcd xcg xof xpf yer zar zmw'
  ).split(' '),
);
const ZERO_DECIMAL = new Set(
  'bif clp djf gnf jpy kmf krw mga pyg rwf vnd vuv xaf xof xpf'.split(' '),
);
const THREE_DECIMAL = new Set('bhd jod kwd omr tnd'.split(' '));
/** Without decimals in life, yet sent with two that must be 00, for backwards compatibility. */
const TWO_DECIMAL_BY_CUSTOM = new Set(['isk', 'ugx']);

/** Eight digits, and more in currencies of small units; Stripe's list of these changes now and then.
 *  Source: https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts, read 2026-11-21. */
const DIGITS_MAX = 8;
const MORE_DIGITS: ReadonlyMap<string, number> = new Map([
  ['cop', 10],
  ['huf', 10],
  ['idr', 12],
  ['inr', 9],
  ['lbp', 12],
]);

const amountMax = (currency: string): number => 10 ** (MORE_DIGITS.get(currency) ?? DIGITS_MAX) - 1;

export function checkCurrency(currency: string): void {
  if (SUPPORTED.has(currency)) return;
  throw badParameter(
    `Invalid currency: ${currency}. Stripe takes three-letter ISO codes in lowercase, of currencies it supports.`,
    { param: 'currency' },
  );
}

/** @throws StripeFailure. The code of the two divisibility rules is not documented; the rules are. */
export function checkAmount(amount: number, currency: string): void {
  const fault = (code: string, message: string) => badParameter(message, { code, param: 'amount' });
  if (amount < 1) {
    throw fault(
      'parameter_invalid_integer',
      'This value must be greater than or equal to 1 and to the minimum charge amount of the currency.',
    );
  }
  if (amount > amountMax(currency)) {
    throw fault(
      'amount_too_large',
      `Amount must be no more than ${displayAmount(amountMax(currency), currency)}`,
    );
  }
  if (THREE_DECIMAL.has(currency) && amount % 10 !== 0) {
    throw fault('parameter_invalid_integer', `Invalid amount: ${currency} amounts must end in 0.`);
  }
  if (TWO_DECIMAL_BY_CUSTOM.has(currency) && amount % 100 !== 0) {
    throw fault('parameter_invalid_integer', `Invalid amount: ${currency} amounts must end in 00.`);
  }
}

/** For messages and pages only, e.g. `10.50 EUR`. */
export function displayAmount(amount: number, currency: string): string {
  const decimals = ZERO_DECIMAL.has(currency) ? 0 : THREE_DECIMAL.has(currency) ? 3 : 2;
  const digits = String(amount).padStart(decimals + 1, '0');
  const cut = digits.length - decimals;
  const number = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return `${number} ${currency.toUpperCase()}`;
}
