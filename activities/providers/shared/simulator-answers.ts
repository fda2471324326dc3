/**
 * Prepared answers: what a simulator says to the next calls of a method and a path in place of the simulated provider, as a
 * gateway in front of it would. Nothing is done, and nothing is remembered under the call's idempotency key.
 *
 * The first prepared is the first used. Once a call has its answer here, no fault strikes it.
 */
import { z } from 'zod';
import { OPERATIONS, type Operation } from './simulator-faults.ts';

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', '*'] as const;
/** Statuses whose answers have no body. */
const EMPTY = new Set([204, 205, 304]);
/** The server writes these; others would cut the answer off or keep it from ending. */
const OF_THE_SERVER = ['connection', 'content-length', 'transfer-encoding'];

export const answerRequest = z
  .strictObject({
    method: z.enum(METHODS),
    /** `*` is any text without a slash, `**` any text. With a `?` the query counts, too. */
    path: z.string().startsWith('/').max(2_000),
    /** For providers that take all calls at one path. */
    operation: z.enum(OPERATIONS).default('*'),
    status: z.int().min(200).max(599),
    /** Text is sent as it is, anything else as JSON. */
    body: z.json().optional(),
    headers: z
      .record(z.string(), z.string())
      .default({})
      .refine(isSendable, {
        error: `must be header fields, without ${OF_THE_SERVER.join(', ')}`,
      }),
    times: z.int().min(1).max(1_000_000).default(1),
  })
  .refine(({ status, body }) => body === undefined || !EMPTY.has(status), {
    error: `must be left out with status ${[...EMPTY].join(', ')}`,
    path: ['body'],
  });

type AnswerWish = z.infer<typeof answerRequest>;
export type PreparedAnswer = Omit<AnswerWish, 'times'> & { readonly remaining: number };
type ComingCall = {
  readonly method: string;
  /** With its query. */
  readonly path: string;
  readonly operations: readonly Operation[];
};
export type AnswerQueue = ReturnType<typeof createAnswerQueue>;

export const ANSWER_EXAMPLE = {
  method: 'POST',
  path: '/v1/payment_intents/*/capture',
  status: 401,
  body: { error: { type: 'invalid_request_error', message: 'Invalid API Key provided' } },
  times: 1,
};

export function createAnswerQueue() {
  let queue: (Omit<AnswerWish, 'times'> & { remaining: number })[] = [];
  return {
    prepared: (): readonly PreparedAnswer[] => queue,
    prepare: ({ times, ...wish }: AnswerWish): PreparedAnswer => {
      const prepared = { ...wish, remaining: times };
      queue.push(prepared);
      return prepared;
    },
    clear: () => {
      queue = [];
    },
    take: (call: ComingCall): Response | null => {
      const found = queue.find((one) => fits(one, call));
      if (found === undefined) return null;
      found.remaining -= 1;
      queue = queue.filter((one) => one.remaining > 0);
      return responseOf(found);
    },
  };
}

function fits(prepared: PreparedAnswer, { method, path, operations }: ComingCall): boolean {
  if (prepared.method !== '*' && prepared.method !== method) return false;
  if (prepared.operation !== '*' && !operations.includes(prepared.operation)) return false;
  const heard = prepared.path.includes('?') ? path : path.replace(/\?.*$/s, '');
  return patternOf(prepared.path).test(heard);
}

function patternOf(path: string): RegExp {
  const parts = path.split(/(\*+)/).map((part) => {
    if (part === '*') return '[^/]*';
    return part.startsWith('*') ? '.*' : part.replace(/[\\^$.|?+()[\]{}]/g, '\\$&');
  });
  return new RegExp(`^${parts.join('')}$`, 's');
}

function responseOf({ status, body, headers }: PreparedAnswer): Response {
  if (body === undefined) return new Response(null, { status, headers });
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const fields = new Headers({ 'content-type': typeOf(body) });
  for (const [name, value] of Object.entries(headers)) fields.set(name, value);
  return new Response(text, { status, headers: fields });
}

function typeOf(body: unknown): string {
  if (typeof body !== 'string') return 'application/json';
  if (/^\s*(?:<!doctype html|<html)/i.test(body)) return 'text/html; charset=utf-8';
  return /^\s*</.test(body) ? 'text/xml; charset=utf-8' : 'text/plain; charset=utf-8';
}

function isSendable(headers: Readonly<Record<string, string>>): boolean {
  try {
    const fields = new Headers(headers);
    return !OF_THE_SERVER.some((name) => fields.has(name));
  } catch {
    return false;
  }
}
