/** Apruve over HTTP: JSON, headers, evidence, and errors put into classes. */
import type { z } from 'zod';
import type { CreditOutcome } from '../credit-provider.ts';
import { type Call, ProviderNotReached, type Refused } from '../provider.ts';
import { type HttpAnswer, NoAnswer, refusesCredentials, send } from '../shared/http.ts';
import type { ApruveCredentials, ApruveSettings } from './config.ts';
import { answerEvidence, requestEvidence } from './evidence.ts';
import { type ApruveError, codeOf, errorBody, sentencesOf, toDecline, unknown } from './mapping.ts';
import type { ApruveRequest } from './requests.ts';

/** All that a call needs to know of the account. */
export type ApruveAccount = {
  readonly baseUrl: string;
  readonly credentials: ApruveCredentials;
  readonly settings: ApruveSettings;
};

export type Refusal = {
  readonly kind: 'error';
  readonly status: number;
  readonly errors: readonly ApruveError[];
};
export type ApruveAnswer<Body> =
  | { readonly kind: 'ok'; readonly body: Body }
  /** Apruve's own word that nothing was done. */
  | Refusal
  /** It may have acted. */
  | { readonly kind: 'unknown'; readonly reason: string };

/**
 * One call. Nothing marks two of them as the same: Apruve documents no idempotency keys.
 * @throws ProviderNotReached when Apruve cannot have acted: no connection, or a 429
 */
export async function callApruve<T extends z.ZodType>(
  { baseUrl, credentials, settings }: ApruveAccount,
  request: ApruveRequest,
  schema: T,
  call: Call,
): Promise<ApruveAnswer<z.infer<T>>> {
  const startedAt = call.now();
  const keep = (answer: HttpAnswer | null, kept: unknown): void =>
    call.keep({
      at: new Date(startedAt).toISOString(),
      request: requestEvidence(request),
      status: answer?.status ?? null,
      requestId: answer?.headers.get('x-request-id') ?? null,
      ...(answer === null ? {} : refusesCredentials(answer)),
      answer: kept,
      durationMs: Math.round(call.now() - startedAt),
    });
  const url = new URL(`/api/v4/${request.path}`, baseUrl);
  for (const [name, value] of Object.entries(request.query ?? {})) {
    url.searchParams.set(name, value);
  }
  let answer: HttpAnswer;
  try {
    answer = await send({
      url: url.href,
      method: request.method,
      headers: {
        'apruve-api-key': credentials.apiKey,
        accept: 'application/json',
        ...(request.method === 'POST' ? { 'content-type': 'application/json' } : {}),
      },
      ...(request.method === 'POST' ? { body: JSON.stringify(request.body ?? {}) } : {}),
      timeoutMs: settings.timeoutMs,
      signal: call.signal,
    });
  } catch (error) {
    if (!(error instanceof NoAnswer || error instanceof ProviderNotReached)) throw error;
    keep(null, error.message);
    if (error instanceof ProviderNotReached) throw error;
    return unknown(`no usable answer: ${error.message}`);
  }
  const json = parseJson(answer.text);
  keep(answer, answerEvidence(json));
  if (answer.status === 429) throw new ProviderNotReached('Apruve asked to slow down (429)');
  return readAnswer(answer.status, json, schema);
}

/** A definite no, whoever says so and in whatever words: to the credentials, to what is not there, or to
 *  a request that Apruve does not know. */
const REFUSED: ReadonlySet<number> = new Set([401, 403, 404, 405, 406]);
/** These are a no in Apruve's own words only.
 *  Source: error.rb of apruve-ruby, see README.md; read 2026-11-21. */
const IN_WORDS: ReadonlySet<number> = new Set([400, 409, 410]);

function readAnswer<T extends z.ZodType>(
  status: number,
  json: unknown,
  schema: T,
): ApruveAnswer<z.infer<T>> {
  if (REFUSED.has(status) || IN_WORDS.has(status)) {
    const parsed = errorBody.safeParse(json);
    if (parsed.success) return { kind: 'error', status, errors: parsed.data.errors };
    return REFUSED.has(status)
      ? { kind: 'error', status, errors: [] }
      : unknown(`unreadable answer with HTTP ${status}`);
  }
  if (status < 200 || status > 299) return unknown(`HTTP ${status}`);
  const parsed = schema.safeParse(json);
  return parsed.success
    ? { kind: 'ok', body: parsed.data }
    : unknown('an answer that cannot be read');
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

/** What a refusal means for an operation that creates something. Which refusal has which status is
 *  not documented: wrong data and too little credit may be either of 400 and 409. */
export function refusal({ status, errors }: Refusal): CreditOutcome {
  return status === 400 || status === 409 || status === 410
    ? toDecline(errors)
    : refused({ status, errors });
}

const CODES: Readonly<Record<number, string>> = {
  404: 'not_found',
  405: 'method_not_allowed',
  406: 'not_acceptable',
};

/** 401 and 403 are about the key and the merchant. A 404 in Apruve's own words is about what was named; in
 *  other words, and with a 405 or 406, it is the address or the request that is wrong. */
export function refused({ status, errors }: Omit<Refusal, 'kind'>): Refused {
  const reason = reasonOf({ status, errors });
  if (status === 401 || status === 403) return { kind: 'refused', reason, fault: 'credentials' };
  const isAboutIt = status === 404 && errors.length > 0;
  const code = codeOf(errors) ?? CODES[status];
  return {
    kind: 'refused',
    reason,
    ...(code === undefined ? {} : { code }),
    ...(isAboutIt ? {} : { fault: 'ours' }),
  };
}

const reasonOf = ({ status, errors }: Omit<Refusal, 'kind'>): string =>
  `HTTP ${status}: ${sentencesOf(errors)}`;

export const unread = (answer: Exclude<ApruveAnswer<unknown>, { kind: 'ok' }>): string =>
  answer.kind === 'unknown' ? answer.reason : reasonOf(answer);
