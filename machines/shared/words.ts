import type { AmountWords } from './lifecycle.ts';

export const CARD_WORDS: AmountWords = {
  authorized: 'Authorized',
  captured: 'Captured',
  voided: 'Released',
};

/** `guarantee_denied` → `Guarantee denied`. */
export function inWords(status: string): string {
  const spaced = status.replaceAll('_', ' ');
  return spaced.charAt(0).toUpperCase() + spaced.slice(1);
}
