/**
 * Finds what looks like a payment card's number, so that it can be refused and never be kept.
 * 13 to 19 digits that begin like a card (2 to 6), pass the Luhn check, and are written together or
 * with the usual separators. Order numbers of that length pass the check one time in ten.
 */
const GAP = String.raw`[\s\-._/\u00ad\u200b\u200d\u2060\p{Pd}]{1,2}`;

/** Ways to write one: as cards print it, and any other. Each alone, because an expiry date or a code
 *  beside it (`4242 4242 4242 4242 12/34`) would otherwise be taken for a part of the number. */
const WRITTEN = [
  String.raw`\d{13,19}`,
  String.raw`\d{4}${GAP}\d{4}${GAP}\d{4}${GAP}\d{1,4}`,
  String.raw`\d{4}${GAP}\d{4}${GAP}\d{4}${GAP}\d{4}${GAP}\d{1,3}`,
  String.raw`\d{4}${GAP}\d{6}${GAP}\d{4,5}`,
  String.raw`\d(?:(?:${GAP})?\d){12,18}`,
].map((digits) => new RegExp(String.raw`(?<!\d)(?=(${digits})(?!\d))`, 'gu'));

/** One in 800 would hold a run of digits that passes the check, and keys are often UUIDs. */
const UUID =
  /(?<![\da-z])[\da-f]{8}-[\da-f]{4}-[1-8][\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}(?![\da-z])/gi;

/** So do ids of 32 hexadecimal digits, as providers make them. With few letters it would be a number
 *  in disguise. */
const HEX_ID = /(?<![\da-z])(?=(?:\d*[a-f]){4})[\da-f]{32}(?![\da-z])/gi;

/** True for `4242 4242 4242 4242`, also inside longer text and in full-width digits. */
export function containsCardNumber(text: string): boolean {
  return cardNumbersIn(text.normalize('NFKC')).length > 0;
}

/** `text` with each such number hidden; in its compatibility form (NFKC) when it has one. */
export function maskCardNumbers(text: string): string {
  const plain = text.normalize('NFKC');
  const found = cardNumbersIn(plain).toSorted((a, b) => b.length - a.length);
  return found.length === 0
    ? text
    : found.reduce((masked, number) => masked.replaceAll(number, '[card number]'), plain);
}

function cardNumbersIn(plain: string): string[] {
  const searched = plain.replaceAll(UUID, 'UUID').replaceAll(HEX_ID, 'HEX');
  return WRITTEN.flatMap((pattern) => [...searched.matchAll(pattern)])
    .map(([, written = '']) => written)
    .filter(looksLikeCard);
}

function looksLikeCard(written: string): boolean {
  const digits = written.replace(/\D/g, '');
  return /^[2-6]/.test(digits) && passesLuhn(digits);
}

function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let index = 0; index < digits.length; index += 1) {
    const digit = Number(digits[digits.length - 1 - index]);
    const weighed = index % 2 === 0 ? digit : digit * 2;
    sum += weighed > 9 ? weighed - 9 : weighed;
  }
  return sum % 10 === 0;
}
