/** Stripe over HTTP: form encoding, headers, evidence, and errors put into classes. */
import type { z } from 'zod';
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import { type Call, ProviderNotReached } from '../provider.ts';
import { type HttpAnswer, NoAnswer, refusesCredentials, send } from '../shared/http.ts';
import { STRIPE_API_VERSION } from './config.ts';
import { errorBody, type StripeError } from './errors.ts';
import { comesLater, isInDoubt, type Refusal } from './refusals.ts';

type StripeConnection = {
  readonly baseUrl: string;
  readonly secretKey: string;
  readonly timeoutMs: number;
};

/** All that a call needs to know of the account. */
export type StripeAccount = {
  readonly connection: StripeConnection;
  readonly multicapture: boolean;
};

/** Values of a form; nested objects become Stripe's brackets. */
export type Form = { readonly [name: string]: string | number | boolean | Form | undefined };

export type StripeAnswer<Body> =
  | { readonly kind: 'ok'; readonly body: Body }
  | (Refusal & { readonly kind: 'error' })
  /** It may have acted. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * One call. `idempotencyKey` goes with each POST.
 * @throws ProviderNotReached when Stripe cannot have acted: no connection, or it asks to come later
 * Source: https://docs.stripe.com/rate-limits and https://docs.stripe.com/error-low-level,
 * read 2026-11-21.
 */
export async function callStripe<T extends z.ZodType>(
  connection: StripeConnection,
  request: { method: 'GET' | 'POST'; path: string; form?: Form },
  schema: T,
  call: Call,
): Promise<StripeAnswer<z.infer<T>>> {
  const startedAt = call.now();
  const body = request.form === undefined ? '' : encode(request.form);
  const shown = request.form === undefined ? '' : encode(withoutBuyer(request.form));
  const keep = (answer: HttpAnswer | null, kept: unknown): void =>
    call.keep({
      at: new Date(startedAt).toISOString(),
      request: maskCardNumbers(`${request.method} ${request.path} ${shown}`.trim()),
      status: answer?.status ?? null,
      requestId: answer?.headers.get('request-id') ?? null,
      ...(answer === null ? {} : refusesCredentials(answer)),
      answer: kept,
      durationMs: Math.round(call.now() - startedAt),
    });
  let answer: HttpAnswer;
  try {
    answer = await send({
      url: new URL(request.path, connection.baseUrl).href,
      method: request.method,
      headers: {
        authorization: `Bearer ${connection.secretKey}`,
        'stripe-version': STRIPE_API_VERSION,
        ...(request.method === 'POST'
          ? {
              'idempotency-key': call.idempotencyKey,
              'content-type': 'application/x-www-form-urlencoded',
            }
          : {}),
      },
      ...(request.method === 'POST' ? { body } : {}),
      timeoutMs: connection.timeoutMs,
      signal: call.signal,
    });
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof ProviderNotReached)) throw error;
    keep(null, error.message);
    if (error instanceof ProviderNotReached) throw error;
    return { kind: 'unknown', reason: `no usable answer: ${error.message}` };
  }
  const read = readAnswer(answer, schema);
  keep(answer, evidenceOf(answer));
  if (read.kind === 'error' && comesLater(read)) {
    throw new ProviderNotReached(`Stripe asked to slow down (${read.error.code ?? read.status})`);
  }
  return read;
}

/** 4xx of which Stripe's documentation does not say that nothing was done.
 *  Source: https://docs.stripe.com/api/errors, read 2026-12-01. */
const MAY_HAVE_ACTED: ReadonlySet<number> = new Set([408, 424, 425, 499]);
/** These say all there is to say by themselves, whatever stands in the body. */
const CLEAR_ALONE: ReadonlySet<number> = new Set([401, 403, 429]);

function readAnswer<T extends z.ZodType>(answer: HttpAnswer, schema: T): StripeAnswer<z.infer<T>> {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 200) {
    const parsed = schema.safeParse(json);
    return parsed.success
      ? { kind: 'ok', body: parsed.data }
      : { kind: 'unknown', reason: 'an answer that cannot be read' };
  }
  const error = errorOf(status, json);
  if (error !== null && comesLater({ status, error })) return { kind: 'error', status, error };
  if (status < 400 || status >= 500 || MAY_HAVE_ACTED.has(status)) {
    return { kind: 'unknown', reason: `HTTP ${status}` };
  }
  if (error === null) return { kind: 'unknown', reason: `unreadable answer with HTTP ${status}` };
  return isInDoubt({ status, error })
    ? { kind: 'unknown', reason: 'the same operation is or was under way' }
    : { kind: 'error', status, error };
}

function errorOf(status: number, json: unknown): StripeError | null {
  const parsed = errorBody.safeParse(json);
  if (parsed.success) return parsed.data.error;
  return CLEAR_ALONE.has(status) ? { type: 'unreadable' } : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function encode(form: Form): string {
  const params = new URLSearchParams();
  const add = (prefix: string, value: Form[string]): void => {
    if (value === undefined) return;
    if (typeof value !== 'object') params.append(prefix, String(value));
    else for (const [name, part] of Object.entries(value)) add(`${prefix}[${name}]`, part);
  };
  for (const [name, value] of Object.entries(form)) add(name, value);
  return params.toString();
}

/** Who buys is no part of the evidence. */
const OF_THE_BUYER: ReadonlySet<string> = new Set([
  'address',
  'email',
  'name',
  'phone',
  'receipt_email',
  'shipping',
]);

const withoutBuyer = (form: Form): Form =>
  Object.fromEntries(Object.entries(form).filter(([name]) => !OF_THE_BUYER.has(name)));

/** Fields worth keeping; all else (client secret, buyer's details) is left out. */
const KEPT: ReadonlySet<string> = new Set([
  'id',
  'object',
  'status',
  'amount',
  'amount_capturable',
  'amount_received',
  'currency',
  'cancellation_reason',
  'failure_reason',
  'type',
  'code',
  'decline_code',
  'advice_code',
  'message',
  'param',
]);

function evidenceOf(answer: HttpAnswer): unknown {
  const json = parseJson(answer.text);
  if (json === null || typeof json !== 'object') return maskCardNumbers(answer.text.slice(0, 200));
  const whole = json as { error?: unknown; data?: unknown };
  if (Array.isArray(whole.data)) return { object: 'list', count: whole.data.length };
  const part = whole.error ?? whole;
  return Object.fromEntries(
    Object.entries(part)
      .filter(([name, value]) => KEPT.has(name) && (typeof value !== 'object' || value === null))
      .map(([name, value]) => [name, typeof value === 'string' ? maskCardNumbers(value) : value]),
  );
}
