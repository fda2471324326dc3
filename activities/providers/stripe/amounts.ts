/** Stripe's amounts: integers, with its own exceptions to ISO 4217. Pure. */
import type { Money } from '../../../machines/shared/money.ts';

/** Sent with two decimals of 00 although ISO 4217 gives them none.
 *  Source: https://docs.stripe.com/currencies#special-cases, read 2026-11-21. */
const TWO_DECIMALS_AT_STRIPE: ReadonlySet<string> = new Set(['ISK', 'UGX']);

/** ISO 4217 has two digits for the ariary; Stripe has none.
 *  Source: https://docs.stripe.com/currencies#zero-decimal, read 2026-11-21. */
const NO_DECIMALS_AT_STRIPE: ReadonlySet<string> = new Set(['MGA']);

/** Source: https://docs.stripe.com/currencies#three-decimal, read 2026-11-21. */
const THREE_DECIMALS: ReadonlySet<string> = new Set([
  'BHD',
  'IQD',
  'JOD',
  'KWD',
  'LYD',
  'OMR',
  'TND',
]);

/** An amount that Stripe cannot be sent without rounding, which would change the money. */
export class UnsendableAmount extends Error {
  override name = 'UnsendableAmount';
}

/** Minor units → Stripe's amount: `(1050, 'EUR')` is 1050, `(1050, 'ISK')` is 105000.
 *  @throws UnsendableAmount when rounding would be needed. */
export function toStripeAmount(amountMinor: number, currency: string): number {
  if (TWO_DECIMALS_AT_STRIPE.has(currency)) return amountMinor * 100;
  if (NO_DECIMALS_AT_STRIPE.has(currency)) {
    if (amountMinor % 100 !== 0) throw new UnsendableAmount(`${currency} must be whole at Stripe`);
    return amountMinor / 100;
  }
  if (THREE_DECIMALS.has(currency) && amountMinor % 10 !== 0) {
    throw new UnsendableAmount(`Stripe takes ${currency} in steps of 10 minor units`);
  }
  return amountMinor;
}

/** The way back: `(105000, 'ISK')` is 1050. */
export function fromStripeAmount(amount: number, currency: string): number {
  if (TWO_DECIMALS_AT_STRIPE.has(currency)) return amount / 100;
  return NO_DECIMALS_AT_STRIPE.has(currency) ? amount * 100 : amount;
}

/** Why Stripe could not be asked for this amount, in words for a merchant; null when it can be. The
 *  least and the most that it takes are its own: they differ by currency and change, and its no is a
 *  decline with its code. */
export function amountProblem({ amountMinor, currency }: Money): string | null {
  try {
    toStripeAmount(amountMinor, currency);
    return null;
  } catch (error) {
    if (error instanceof UnsendableAmount) return `${error.message}.`;
    throw error;
  }
}
