/** Why a person's request cannot be, in the words that all families share. */
import type { Command, Refusal } from './lifecycle.ts';
import { formatMoney } from './money.ts';

export function illegal(
  verb: string,
  allowed: readonly Command[],
  why = `This payment cannot be asked to ${verb} in its present state.`,
): Refusal {
  const now =
    allowed.length === 0
      ? 'Nothing may be asked of it now.'
      : `Now it may be asked to: ${allowed.map((each) => each.verb).join(', ')}.`;
  return { code: 'illegal-transition', detail: `${why} ${now}`, allowed };
}

export const incomplete = (detail: string, allowed: readonly Command[]): Refusal => ({
  code: 'request-incomplete',
  detail,
  allowed,
});

export const NO_INVOICES = 'invoiceNumber: this payment has no invoices. Leave it out.';

export function outOfRange(
  what: string,
  { maxMinor, currency }: { readonly maxMinor: number; readonly currency: string },
  allowed: readonly Command[],
): Refusal {
  const limit = formatMoney(maxMinor, currency);
  const detail = `${what} may be from 1 to ${maxMinor} minor units (${limit}).`;
  return { code: 'amount-out-of-range', detail, maxMinor, allowed };
}

export const isWithin = (amountMinor: number, maxMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0 && amountMinor <= maxMinor;
