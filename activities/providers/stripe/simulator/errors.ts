/**
 * Stripe's error answers. Messages are worded as the API words them where that could be read, because clients show them.
 * Sources: https://docs.stripe.com/api/errors, https://docs.stripe.com/error-codes,
 * https://docs.stripe.com/error-low-level, read 2026-11-21.
 */
import { newId } from './store.ts';
import type { PaymentIntent, StripeErrorObject } from './objects.ts';

/** A refusal. `begun` says the endpoint had begun to execute, so an idempotency key remembers this answer:
 *  https://docs.stripe.com/api/idempotent_requests, read 2026-11-21. */
export class StripeFailure extends Error {
  readonly status: number;
  readonly error: StripeErrorObject;
  readonly begun: boolean;

  constructor(status: number, error: StripeErrorObject, begun: boolean) {
    super(error.message);
    this.status = status;
    this.error = error;
    this.begun = begun;
  }
}

type Details = Partial<Omit<StripeErrorObject, 'type' | 'message'>>;

/** A parameter that is wrong by itself: refused before anything executes, and not remembered. */
export function badParameter(message: string, details: Details = {}): StripeFailure {
  return new StripeFailure(400, { type: 'invalid_request_error', message, ...details }, false);
}

/** A request that is wrong for what is there. */
export function refused(message: string, details: Details = {}, status = 400): StripeFailure {
  return new StripeFailure(status, { type: 'invalid_request_error', message, ...details }, true);
}

/** 404 for the object the path names, 400 for one a parameter names. */
export function missing(what: string, id: string, param: string, status: 400 | 404): StripeFailure {
  return refused(`No such ${what}: '${id}'`, { code: 'resource_missing', param }, status);
}

export function unexpectedState(message: string, intent: PaymentIntent): StripeFailure {
  const details = { code: 'payment_intent_unexpected_state', payment_intent: copyOf(intent) };
  return refused(message, details);
}

/** Errors carry the PaymentIntent as it was then, not as it becomes. */
export function copyOf<T>(wire: T): T {
  return structuredClone(wire);
}

export function errorResponse(
  { status, error }: Pick<StripeFailure, 'status' | 'error'>,
  headers: Record<string, string> = {},
): Response {
  return new Response(errorBody(error), {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

/** https://docs.stripe.com/error-codes#api-key-expired, read 2026-12-01; of a wrong key as clients quote it. */
export function unknownKey(key: string | null, why: 'expired' | 'invalid'): Response {
  const shown = `${(key ?? '').slice(0, 8)}${'*'.repeat(8)}`;
  const message =
    key === null
      ? "You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY')."
      : why === 'expired'
        ? `Expired API Key provided: ${shown}`
        : `Invalid API Key provided: ${shown}. The simulator takes keys that begin with sk_test_.`;
  const code = why === 'expired' ? { code: 'api_key_expired' } : {};
  const error = { type: 'invalid_request_error', message, ...code } as const;
  return errorResponse({ status: 401, error }, { 'www-authenticate': 'Basic realm="Stripe"' });
}

/** A restricted key without this permission, as clients quote it: 403, and no code. */
export function unpermitted(key: string, account: string): Response {
  const shown = `${key.slice(0, 8)}${'*'.repeat(8)}`;
  const message = `The provided key '${shown}' does not have the required permissions for this endpoint on account '${account}'.`;
  return errorResponse({ status: 403, error: { type: 'invalid_request_error', message } });
}

export function serverError(): Response {
  const message = 'An unknown error occurred. (This is the simulator: an armed fault.)';
  const error = { type: 'api_error', message } as const;
  return errorResponse({ status: 500, error }, { 'request-id': newId('req') });
}

/** https://docs.stripe.com/rate-limits, read 2026-11-21: 429; the limiter runs before the idempotency layer. */
export function rateLimited(): Response {
  const message = 'Request rate limit exceeded. (This is the simulator: an armed fault.)';
  const error = { type: 'invalid_request_error', code: 'rate_limit', message } as const;
  const headers = {
    'retry-after': '1',
    'request-id': newId('req'),
    'stripe-rate-limited-reason': 'global-rate',
  };
  return errorResponse({ status: 429, error }, headers);
}

export function errorBody(error: StripeErrorObject): string {
  const { code } = error;
  const page = `https://stripe.com/docs/error-codes/${code?.replaceAll('_', '-')}`;
  return JSON.stringify(
    { error: code === undefined ? error : { ...error, doc_url: page } },
    null,
    2,
  );
}
