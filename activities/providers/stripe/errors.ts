/** Stripe's errors as it words them, and what of that is repeated. Pure. */
import { z } from 'zod';
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';

export const stripeError = z.object({
  type: z.string(),
  code: z.string().nullish(),
  decline_code: z.string().nullish(),
  advice_code: z.string().nullish(),
  message: z.string().nullish(),
  param: z.string().nullish(),
  payment_intent: z.looseObject({ id: z.string(), status: z.string() }).nullish(),
});
export type StripeError = z.infer<typeof stripeError>;

export const errorBody = z.object({ error: stripeError });

/** `code` is the issuer's where it gave one: `insufficient_funds` says more than `card_declined`.
 *  Source: https://docs.stripe.com/declines/codes, read 2026-11-21. */
export function toDecline(error: StripeError) {
  return {
    code: wordOf(error.decline_code) ?? wordOf(error.code) ?? 'declined',
    message: plain(error.message) ?? 'The card was declined.',
    advice: wordOf(error.advice_code),
  };
}

/** A word as Stripe's codes and parameters are; anything else is not repeated. */
export const wordOf = (text: string | null | undefined): string | null =>
  text !== null && text !== undefined && /^[\w.[\]]{1,80}$/.test(text) ? text : null;

const MESSAGE_MAX = 200;

function plain(message: string | null | undefined): string | null {
  const text = maskCardNumbers(message ?? '').trim();
  if (text === '' || /<[a-z!/]/i.test(text)) return null;
  return text.length > MESSAGE_MAX ? `${text.slice(0, MESSAGE_MAX - 1)}…` : text;
}
