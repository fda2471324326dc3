import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountProblem,
  fromStripeAmount,
  toStripeAmount,
  UnsendableAmount,
} from '../../../../activities/providers/stripe/amounts.ts';
import { ISO_4217_EXPONENTS } from '../../../../machines/shared/iso4217.ts';
import { AMOUNT_MINOR_MAX } from '../../../../machines/shared/money.ts';

/** Source of the lists: https://docs.stripe.com/currencies, read 2026-11-21. */
const ZERO_DECIMAL = 'BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF UGX VND VUV XAF XOF XPF'.split(' ');
const THREE_DECIMAL = 'BHD JOD KWD OMR TND'.split(' ');
/** Sent with two decimals although they have none, for backwards compatibility. */
const SENT_WITH_TWO = ['ISK', 'UGX'];

const currencies = fc.constantFrom(...ISO_4217_EXPONENTS.keys());
const amounts = fc.integer({ min: 1, max: AMOUNT_MINOR_MAX });

/** Stripe's amounts of one whole unit of `currency`, by its documentation. */
function stripeUnits(currency: string): number {
  if (SENT_WITH_TWO.includes(currency)) return 100;
  if (ZERO_DECIMAL.includes(currency)) return 1;
  if (THREE_DECIMAL.includes(currency)) return 1_000;
  return 100;
}
const OFFERED = [...ZERO_DECIMAL, ...THREE_DECIMAL, ...SENT_WITH_TWO, 'EUR', 'USD', 'HUF', 'TWD'];

describe('an amount at Stripe', () => {
  it.each(OFFERED)('is the same money in %s', (currency) => {
    const minorUnits = 10 ** ISO_4217_EXPONENTS.get(currency)!;
    expect(toStripeAmount(7 * minorUnits, currency)).toBe(7 * stripeUnits(currency));
    expect(fromStripeAmount(7 * stripeUnits(currency), currency)).toBe(7 * minorUnits);
  });

  it('comes back as it went, in every currency, or is not sent at all', () => {
    fc.assert(
      fc.property(amounts, currencies, (amountMinor, currency) => {
        const problem = amountProblem({ amountMinor, currency });
        fc.pre(problem === null);
        expect(fromStripeAmount(toStripeAmount(amountMinor, currency), currency)).toBe(amountMinor);
      }),
    );
  });

  it('goes back as it came, whatever Stripe may say', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 999_999 }), currencies, (tens, currency) => {
        // Stripe's own rules: three decimals end in 0, ISK and UGX in 00.
        const amount = tens * (SENT_WITH_TWO.includes(currency) ? 100 : 10);
        expect(toStripeAmount(fromStripeAmount(amount, currency), currency)).toBe(amount);
      }),
    );
  });

  it('is a whole number, ending as Stripe wants it', () => {
    fc.assert(
      fc.property(amounts, currencies, (amountMinor, currency) => {
        fc.pre(amountProblem({ amountMinor, currency }) === null);
        const amount = toStripeAmount(amountMinor, currency);
        expect(Number.isSafeInteger(amount)).toBe(true);
        if (THREE_DECIMAL.includes(currency)) expect(amount % 10).toBe(0);
        if (SENT_WITH_TWO.includes(currency)) expect(amount % 100).toBe(0);
      }),
    );
  });

  it.each([
    [10_501, 'KWD', 'steps of 10'],
    [10_509, 'BHD', 'steps of 10'],
    [1_050, 'MGA', 'whole'],
    [1, 'MGA', 'whole'],
  ])('of %d %s is not sent, because it would have to be rounded', (amountMinor, currency, why) => {
    expect(() => toStripeAmount(amountMinor, currency)).toThrow(UnsendableAmount);
    expect(amountProblem({ amountMinor, currency })).toContain(why);
  });

  it.each([
    [999_999_999_999, 'EUR'],
    [150_000_000, 'HUF'],
    [100_000_000, 'INR'],
    [999_999_999_999, 'ISK'],
    [999_999_999_990, 'KWD'],
  ])('of %d %s is left to Stripe, however large it is', (amountMinor, currency) => {
    expect(amountProblem({ amountMinor, currency })).toBeNull();
  });
});
