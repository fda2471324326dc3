import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  amountProblem,
  fromHundredths,
  toHundredths,
  UnsendableAmount,
} from '../../../../activities/providers/infinitepay/amounts.ts';
import { infinitePayCapabilities } from '../../../../activities/providers/infinitepay/capabilities.ts';
import { ISO_4217_EXPONENTS } from '../../../../machines/shared/iso4217.ts';
import { AMOUNT_MINOR_MAX } from '../../../../machines/shared/money.ts';

const currencies = fc.constantFrom(...ISO_4217_EXPONENTS.keys());
const amounts = fc.integer({ min: 0, max: AMOUNT_MINOR_MAX });

describe('an amount at InfinitePay', () => {
  it.each([
    [1_050, 'EUR', 1_050],
    [1_050, 'JPY', 105_000],
    [10_500, 'KWD', 1_050],
    [AMOUNT_MINOR_MAX, 'JPY', AMOUNT_MINOR_MAX * 100],
  ])('of %d %s is %d hundredths', (amountMinor, currency, hundredths) => {
    expect(toHundredths(amountMinor, currency)).toBe(hundredths);
  });

  it('comes back as it went, in every currency, or is not sent at all', () => {
    fc.assert(
      fc.property(amounts, currencies, (amountMinor, currency) => {
        fc.pre(amountProblem({ amountMinor, currency }) === null);
        const hundredths = toHundredths(amountMinor, currency);
        expect(Number.isSafeInteger(hundredths)).toBe(true);
        expect(fromHundredths(String(hundredths), currency)).toBe(amountMinor);
      }),
    );
  });

  it('goes back as it came, or is not believed', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 9_999_999_999 }), currencies, (amount, currency) => {
        const amountMinor = fromHundredths(String(amount), currency);
        fc.pre(amountMinor !== null);
        expect(toHundredths(amountMinor, currency)).toBe(amount);
      }),
    );
  });

  it.each([
    ['150', 'JPY'],
    ['', 'EUR'],
    ['-1', 'EUR'],
    ['1190.00', 'EUR'],
    ['1e3', 'EUR'],
    ['9999999999999999', 'EUR'],
  ])('is not believed when it is %j %s', (text, currency) => {
    expect(fromHundredths(text, currency)).toBeNull();
  });

  it('is not sent where it would have to be rounded, and says so to a merchant', () => {
    expect(() => toHundredths(10_501, 'KWD')).toThrow(UnsendableAmount);
    expect(infinitePayCapabilities.amountProblem({ amountMinor: 10_501, currency: 'KWD' })).toBe(
      'InfinitePay takes KWD in steps of 10 minor units.',
    );
    expect(amountProblem({ amountMinor: 10_510, currency: 'KWD' })).toBeNull();
  });
});
