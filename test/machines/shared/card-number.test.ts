import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { containsCardNumber, maskCardNumbers } from '../../../machines/shared/card-number.ts';

/** Test cards of https://docs.stripe.com/testing#cards, read 2026-11-21. */
const CARDS = [
  '4242424242424242',
  '5555555555554444',
  '2223003122003222',
  '378282246310005',
  '6011111111111117',
  '3056930009020004',
  '36227206271667',
  '6555900000604105',
  '3566002020360505',
  '6200000000000005',
];

const inFours = (card: string, separator: string) => card.match(/.{1,4}/g)!.join(separator);

/** Digits that pass the Luhn check, from any that lack the last. */
function withCheckDigit(digits: string): string {
  const valid = Array.from({ length: 10 }, (_, last) => `${digits}${last}`).filter((card) => {
    const sum = card
      .split('')
      .toReversed()
      .reduce((total, digit, index) => {
        const doubled = Number(digit) * (index % 2 === 0 ? 1 : 2);
        return total + (doubled > 9 ? doubled - 9 : doubled);
      }, 0);
    return sum % 10 === 0;
  });
  return valid[0]!;
}

describe('a card number', () => {
  it.each(CARDS)('is seen: %s', (card) => {
    expect(containsCardNumber(card)).toBe(true);
  });

  it.each([
    ' ',
    '  ',
    '-',
    ' - '.slice(0, 2),
    '.',
    '_',
    '/',
    '\u00a0',
    '\t',
    '\n',
    '\u200b',
    '\u00ad',
  ])('is seen in fours apart by %j', (separator) => {
    expect(containsCardNumber(inFours('4242424242424242', separator))).toBe(true);
  });

  it.each([
    'card 4242424242424242.',
    'x4242424242424242y',
    '４２４２ ４２４２ ４２４２ ４２４２',
    'order 4711, 4242 4242 4242 4242',
    'first 1234567890123 then 4242424242424242',
  ])('is seen within text: %s', (text) => {
    expect(containsCardNumber(text)).toBe(true);
  });

  it.each([
    '4242424242424242 123',
    '4242 4242 4242 4242 12/34',
    '4242424242424242 1234 123',
    '378282246310005 12/34',
    '4711 4242424242424242',
    '12 4242 4242 4242 4242',
  ])('is seen with its expiry date, its code or other digits beside it: %s', (text) => {
    expect(containsCardNumber(text)).toBe(true);
  });

  it('is seen whatever its 13 to 19 digits are', () => {
    const digits = fc
      .tuple(
        fc.integer({ min: 2, max: 6 }),
        fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 11, maxLength: 17 }),
      )
      .map(([first, rest]) => withCheckDigit([first, ...rest].join('')));
    fc.assert(fc.property(digits, (card) => containsCardNumber(card)));
  });
});

describe('other digits', () => {
  it.each([
    ['with a wrong check digit', '4242424242424241'],
    ['too few', '424242424242'],
    ['too many', '42424242424242424242'],
    ['that begin unlike a card', withCheckDigit('923456789012345')],
    ['of a date and a time', '2026-11-21T10:48:37.123Z'],
    ['of an amount', '999999999999'],
    ['with words between', '4242 and 4242 and 4242 and 4242'],
    ['in a UUID', '20576456-8b04-454c-a359-520879255523'],
    ['in an id of 32 hexadecimal digits', 'abcdef00004242424242424242abcdef'],
    ['none', ''],
  ])('are no card number: %s', (_what, text) => {
    expect(containsCardNumber(text)).toBe(false);
  });
});

describe('maskCardNumbers', () => {
  it('hides each card number and leaves the rest', () => {
    const text = 'a 4242424242424242, b 5555 5555 5555 4444, c 4711';
    expect(maskCardNumbers(text)).toBe('a [card number], b [card number], c 4711');
  });

  it.each([...CARDS, '４２４２４２４２４２４２４２４２', '4242424242424242 123'])(
    'leaves nothing that is seen as one: %s',
    (card) => {
      expect(containsCardNumber(maskCardNumbers(`x ${card} y`))).toBe(false);
      expect(maskCardNumbers(`x ${card} y`)).not.toContain(card.slice(0, 12));
    },
  );

  it('leaves what is no card number as it is', () => {
    const text = 'order 4242424242424241 of 2026-11-21';
    expect(maskCardNumbers(text)).toBe(text);
  });
});
