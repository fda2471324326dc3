/**
 * Finds what looks like a payment card's number, so that it can be refused and never be kept.
 * 13 to 19 digits that begin like a card (2 to 6), pass the Luhn check, and are written together or
 * with the usual separators. Order numbers of that length pass the check one time in ten.
 */
const CANDIDATE = /(?<!\d)\d(?:[\s\-._/\u00ad\u200b]{0,2}\d){12,18}(?!\d)/g;

/** True for `4242 4242 4242 4242`, also inside longer text and in full-width digits. */
export function containsCardNumber(text: string): boolean {
  return (text.normalize('NFKC').match(CANDIDATE) ?? []).some(looksLikeCard);
}

/** `text` with each such number's middle digits hidden. */
export function maskCardNumbers(text: string): string {
  return text.replace(CANDIDATE, (found) => (looksLikeCard(found) ? '[card number]' : found));
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
