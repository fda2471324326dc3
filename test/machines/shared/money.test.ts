import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ISO_4217_EXPONENTS } from '../../../machines/shared/iso4217.ts';
import {
  AMOUNT_MINOR_MAX,
  decimalString,
  exponentOf,
  formatMoney,
  isCurrency,
} from '../../../machines/shared/money.ts';

const currencies = fc.constantFrom(...ISO_4217_EXPONENTS.keys());
const amounts = fc.integer({ min: -AMOUNT_MINOR_MAX, max: AMOUNT_MINOR_MAX });

describe('a currency', () => {
  it.each([
    ['EUR', 2],
    ['JPY', 0],
    ['KWD', 3],
    ['CLF', 4],
    // ISO 4217, not cash customs: `Intl` says 0, 0, 0 and 0 for these.
    ['HUF', 2],
    ['IQD', 3],
    ['MGA', 2],
    ['ISK', 0],
  ])('%s has the %d decimals of ISO 4217', (currency, decimals) => {
    expect(exponentOf(currency)).toBe(decimals);
  });

  it('is listed once, in three capitals', () => {
    const codes = [...ISO_4217_EXPONENTS.keys()];
    expect(codes.filter((code) => !/^[A-Z]{3}$/.test(code))).toEqual([]);
    // A code in two rows would be counted in one of them only.
    const counts = [0, 2, 3, 4].map((decimals) =>
      codes.filter((code) => exponentOf(code) === decimals),
    );
    expect(counts.map(({ length }) => length)).toEqual([17, 133, 7, 2]);
  });

  it.each(['eur', 'EU', 'EURO', '', 'XXX', 'XAU', 'XTS', 'HRK', '__proto__', 'constructor'])(
    'is not one that a payment may be in: %j',
    (code) => {
      expect(isCurrency(code)).toBe(false);
      expect(() => exponentOf(code)).toThrow('Invariant broken: no ISO 4217 currency');
    },
  );
});

describe('the largest amount', () => {
  it('leaves room for sums that are still exact', () => {
    expect(AMOUNT_MINOR_MAX * 9_000).toBeLessThan(Number.MAX_SAFE_INTEGER);
  });
});

describe('decimalString', () => {
  it.each([
    [105_000, 'EUR', '1050.00'],
    [1_050, 'JPY', '1050'],
    [10_500, 'KWD', '10.500'],
    [5, 'EUR', '0.05'],
    [50, 'KWD', '0.050'],
    [1, 'CLF', '0.0001'],
    [0, 'EUR', '0.00'],
    [0, 'JPY', '0'],
    [-5, 'EUR', '-0.05'],
    [-1_050, 'JPY', '-1050'],
  ])('writes %d %s as %s', (amountMinor, currency, text) => {
    expect(decimalString(amountMinor, currency)).toBe(text);
  });

  it('writes every digit of every amount, and the point where ISO 4217 puts it', () => {
    fc.assert(
      fc.property(amounts, currencies, (amountMinor, currency) => {
        const text = decimalString(amountMinor, currency);
        expect(Number(text.replace('.', ''))).toBe(amountMinor);
        expect(text.split('.')[1]?.length ?? 0).toBe(exponentOf(currency));
      }),
    );
  });
});

describe('formatMoney', () => {
  it.each([
    [105_000, 'EUR', 'EUR 1,050.00'],
    [1_050, 'JPY', 'JPY 1,050'],
    [100, 'JPY', 'JPY 100'],
    [1_234_567_890, 'KWD', 'KWD 1,234,567.890'],
    [999_999_999_999, 'EUR', 'EUR 9,999,999,999.99'],
    [-105_000, 'EUR', 'EUR -1,050.00'],
  ])('shows %d %s as %s', (amountMinor, currency, text) => {
    expect(formatMoney(amountMinor, currency)).toBe(text);
  });
});
