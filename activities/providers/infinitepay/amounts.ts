/** InfinitePay's amounts: hundredths of a whole unit, whatever the currency is. Pure. */
import { exponentOf, type Money } from '../../../machines/shared/money.ts';

/** An amount that InfinitePay cannot be sent without rounding, which would change the money. */
export class UnsendableAmount extends Error {
  override name = 'UnsendableAmount';
}

/** Minor units → hundredths: `(1050, 'EUR')` is 1050, `(1050, 'JPY')` 105000, `(1050, 'KWD')` 105.
 *  @throws UnsendableAmount when rounding would be needed. */
export function toHundredths(amountMinor: number, currency: string): number {
  const exponent = exponentOf(currency);
  if (exponent <= 2) return amountMinor * 10 ** (2 - exponent);
  const step = 10 ** (exponent - 2);
  if (amountMinor % step !== 0) {
    throw new UnsendableAmount(`InfinitePay takes ${currency} in steps of ${step} minor units`);
  }
  return amountMinor / step;
}

/** Undefined where it would have to be rounded: nothing is asked for by a part of a sum. */
export function inHundredths(amountMinor: number, currency: string): bigint | undefined {
  try {
    return BigInt(toHundredths(amountMinor, currency));
  } catch (error) {
    if (error instanceof UnsendableAmount) return undefined;
    throw error;
  }
}

/** Without the tax in it. */
export const netOf = (
  gross: bigint | undefined,
  taxRateBasisPoints: number | undefined,
): bigint | undefined =>
  gross === undefined || taxRateBasisPoints === undefined
    ? undefined
    : proportion(gross, 10_000n, 10_000n + BigInt(taxRateBasisPoints));

/** `amount` times `part` by `whole`; half a hundredth is rounded up. */
export function proportion(amount: bigint, part: bigint, whole: bigint): bigint {
  return (2n * amount * part + whole) / (2n * whole);
}

/** The way back; null when it is no whole number of hundredths, or not of minor units. */
export function fromHundredths(text: string, currency: string): number | null {
  if (!/^\d{1,15}$/.test(text)) return null;
  const exponent = exponentOf(currency);
  const amountMinor =
    exponent <= 2 ? Number(text) / 10 ** (2 - exponent) : Number(text) * 10 ** (exponent - 2);
  return Number.isSafeInteger(amountMinor) ? amountMinor : null;
}

/** Why InfinitePay cannot be asked for this amount, in words for a merchant; null when it can. */
export function amountProblem({ amountMinor, currency }: Money): string | null {
  try {
    toHundredths(amountMinor, currency);
    return null;
  } catch (error) {
    if (error instanceof UnsendableAmount) return `${error.message}.`;
    throw error;
  }
}
