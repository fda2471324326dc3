/** Stripe over HTTP: form encoding, headers, evidence, and errors put into classes. */
import type { z } from 'zod';
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import { type Call, ProviderNotReached } from '../provider.ts';
import { type HttpAnswer, NoAnswer, send } from '../shared/http.ts';
import { STRIPE_API_VERSION } from './config.ts';
import { errorBody, type StripeError } from './mapping.ts';

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
  | { readonly kind: 'error'; readonly status: number; readonly error: StripeError }
  /** It may have acted. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * One call. `idempotencyKey` goes with each POST.
 * @throws ProviderNotReached when Stripe cannot have acted: no connection, or its documented 429
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
  const keep = (answer: HttpAnswer | null, kept: unknown): void =>
    call.keep({
      at: new Date(startedAt).toISOString(),
      request: maskCardNumbers(`${request.method} ${request.path} ${body}`.trim()),
      status: answer?.status ?? null,
      requestId: answer?.headers.get('request-id') ?? null,
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
  if (read.kind === 'error' && isRateLimit(read.status, read.error)) {
    throw new ProviderNotReached(`Stripe asked to slow down (${read.error.code ?? read.status})`);
  }
  return read;
}

const isRateLimit = (status: number, error: StripeError): boolean =>
  status === 429 || error.code === 'rate_limit';

function readAnswer<T extends z.ZodType>(answer: HttpAnswer, schema: T): StripeAnswer<z.infer<T>> {
  const { status } = answer;
  const json = parseJson(answer.text);
  if (status === 429) return { kind: 'error', status, error: { type: 'rate_limit_error' } };
  // Any other 4xx is refused before anything moves; 409 and an idempotency error tell of a twin.
  if (status >= 400 && status < 500) {
    const parsed = errorBody.safeParse(json);
    if (!parsed.success)
      return { kind: 'unknown', reason: `unreadable answer with HTTP ${status}` };
    const { error } = parsed.data;
    if (status === 409 || error.type === 'idempotency_error') {
      return { kind: 'unknown', reason: `the same operation is or was under way (${error.code})` };
    }
    return { kind: 'error', status, error };
  }
  if (status !== 200) return { kind: 'unknown', reason: `HTTP ${status}` };
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { kind: 'ok', body: parsed.data }
    : { kind: 'unknown', reason: 'an answer that cannot be read' };
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
