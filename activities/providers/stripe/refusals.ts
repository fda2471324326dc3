/**
 * Stripe's refusals → what they mean. Decided by status, `code`, `type` and `param`; by its message
 * only where Stripe gives nothing else, and then between answers that are all a definite no. Pure.
 */
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import type { Declined, Refused } from '../provider.ts';
import { classOf, MEANING } from './error-codes.ts';
import { type StripeError, toDecline, wordOf } from './errors.ts';

export type Refusal = { readonly status: number; readonly error: StripeError };

/** A no to an authorization. What the buyer or checkout may change is a decline. */
export function refusedAuthorization(refusal: Refusal): Declined | Refused {
  const { error, status } = refusal;
  if (faultOf(refusal) !== null) return refused(refusal);
  // Checkout's token is wrong or used up: the buyer can try another, so it is a no like any other.
  if (status !== 402 && isAboutToken(error)) return declined(error, 'invalid_payment_token');
  // So is an amount or a currency that Stripe does not take: its own list, which changes.
  if (error.param === 'amount' || error.param === 'currency') {
    return declined(error, codeOf(error) ?? `unsupported_${error.param}`);
  }
  return isDecline(refusal) || classOf(codeOf(error)) === 'buyer'
    ? declined(error)
    : refused(refusal);
}

/** A no to anything that is done with a payment that is there: nothing was done. */
export function refusedOperation(refusal: Refusal): Declined | Refused | { kind: 'hold_expired' } {
  const what = classOf(codeOf(refusal.error));
  if (what === 'lapsed') return { kind: 'hold_expired' };
  const isOfTheCard = what !== 'state' && faultOf(refusal) === null && isDecline(refusal);
  return isOfTheCard ? declined(refusal.error) : refused(refusal);
}

export function refused(refusal: Refusal): Refused {
  const code = codeOf(refusal.error) ?? codeFromWords(refusal.error);
  const fault = faultOf(refusal);
  return {
    kind: 'refused',
    reason: reasonOf(refusal),
    ...(code === null ? {} : { code }),
    ...(fault === null ? {} : { fault }),
  };
}

/** Ours and short. Stripe's own message may quote what a buyer typed. */
export const reasonOf = (refusal: Refusal): string => maskCardNumbers(inWords(refusal));

function inWords(refusal: Refusal): string {
  const { error, status } = refusal;
  const code = codeOf(error) ?? codeFromWords(error);
  const name = [`HTTP ${status}`, code ?? wordOf(error.type)].filter((each) => each !== null);
  const param = wordOf(error.param);
  const said = `${name.join(' ')}${param === null ? '' : ` (${param})`}`;
  switch (faultOf(refusal)) {
    case 'credentials':
      return `Stripe does not take the integration’s credentials: ${said}`;
    case 'account':
      return `the account at Stripe does not allow it: ${said}`;
    case null: {
      const meaning = code === null ? undefined : MEANING[code];
      return meaning === undefined ? said : `${meaning}: ${said}`;
    }
  }
}

/** Nothing was done, and Stripe says to send it again later.
 *  Source: https://docs.stripe.com/rate-limits, read 2026-12-01. */
export function comesLater({ error, status }: Refusal): boolean {
  // With 409 it may be about a twin of the very request.
  if (status === 409) return false;
  const what = classOf(codeOf(error));
  return what === 'later' || error.type === 'rate_limit_error' || (status === 429 && what === null);
}

export const isInDoubt = ({ error, status }: Refusal): boolean =>
  status === 409 || error.type === 'idempotency_error' || classOf(codeOf(error)) === 'doubt';

function declined(error: StripeError, code?: string): Declined {
  const decline = toDecline(error);
  return { kind: 'declined', decline: { ...decline, code: code ?? decline.code } };
}

/** 402 is Stripe's status of a card's no; codes of other kinds come with it, too. */
function isDecline({ error, status }: Refusal): boolean {
  const what = classOf(codeOf(error));
  return error.type === 'card_error' || (status === 402 && (what === null || what === 'buyer'));
}

/** Who has to mend something. 401: the key; 403: what the key may do.
 *  Source: https://docs.stripe.com/api/errors, read 2026-12-01. */
function faultOf({ error, status }: Refusal): 'credentials' | 'account' | null {
  const what = classOf(codeOf(error));
  if (what === 'credentials' || what === 'account') return what;
  if (codeOf(error) === null && ACCOUNT_CLOSED_TO_CHARGES.test(error.message ?? '')) {
    return 'account';
  }
  if (OF_THE_ACCOUNT.test(error.param ?? '')) return 'account';
  return status === 401 || status === 403 ? 'credentials' : null;
}

/** What only accounts with multicapture may send, and the kinds of payment that are switched on there.
 *  Sources: https://docs.stripe.com/payments/multicapture, read 2026-11-21, and
 *  https://docs.stripe.com/payments/payment-methods/integration-options, read 2026-12-01. */
const OF_THE_ACCOUNT =
  /^(?:final_capture$|payment_method_options\[card\]\[request_multicapture\]|(?:allowed_)?payment_method_types)/;

/** Told without a code: https://github.com/Automattic/woocommerce-payments/issues/248, read 2026-12-01. */
const ACCOUNT_CLOSED_TO_CHARGES = /account cannot currently make (?:live )?charges/i;

/** A PaymentMethod is named in several ways: by `param`, by a code, or in words alone, as in
 *  https://github.com/Automattic/woocommerce-payments/issues/323, read 2026-12-01. */
function isAboutToken(error: StripeError): boolean {
  const code = codeOf(error);
  if (error.param === 'payment_method') return true;
  if (error.param !== null && error.param !== undefined) return false;
  const isNamed = /payment ?method|\btoken\b/i.test(error.message ?? '');
  return code === 'resource_missing' || (code === null && isNamed);
}

/** More than is left to give back comes without a code or with one.
 *  Source: https://github.com/woocommerce/woocommerce-gateway-stripe/issues/1315, read 2026-12-01. */
const codeFromWords = (error: StripeError): string | null =>
  /amount .*is greater than/i.test(error.message ?? '') ? 'amount_too_large' : null;

const codeOf = (error: StripeError): string | null => wordOf(error.code);
