/**
 * Stripe's idempotency layer for POST. Source: https://docs.stripe.com/api/idempotent_requests and
 * https://docs.stripe.com/error-low-level#idempotency, read 2026-11-21:
 * the first status and body are kept and replayed, 402s and 500s included, once the endpoint began to execute; keys
 * have up to 255 characters; other parameters under a used key are an error; keys may go after 24 hours.
 * Malformed parameters, 401, 409 and 429 are not kept: they come before.
 */
import type { SimulatorPlane } from '../../shared/simulator-plane.ts';
import { errorResponse, StripeFailure } from './errors.ts';
import type { StoredAnswer, StripeState } from './store.ts';

const KEY_MAX = 255;
const KEPT_MS = 24 * 3_600_000;

export type Answer = { readonly status: number; readonly body: string; readonly begun: boolean };
export type PostRequest = {
  readonly key: string | null;
  readonly requestId: string;
  readonly path: string;
  readonly body: string;
};

export function createIdempotency(state: StripeState, plane: SimulatorPlane) {
  const inProgress = new Set<string>();

  const prune = () => {
    // The map is in the order of time, so the first young answer ends the search.
    for (const [key, answer] of state.answers) {
      if (plane.now() - answer.at < KEPT_MS) return;
      state.answers.delete(key);
    }
  };

  /** Answers from memory, or lets `execute` act once and remembers what it said. */
  return async (post: PostRequest, execute: () => Promise<Answer>): Promise<Response> => {
    const { key, requestId } = post;
    if (key === null) return asResponse(await execute());
    if (key.length > KEY_MAX) return tooLong();
    if (inProgress.has(key)) return inUse(key);
    prune();
    const request = fingerprint(post);
    const stored = state.answers.get(key);
    if (stored !== undefined) {
      return stored.request === request ? replay(stored, key) : misuse(stored, post.path, key);
    }
    inProgress.add(key);
    try {
      const answer = await execute();
      const { status, body } = answer;
      if (answer.begun) {
        state.answers.set(key, { request, requestId, status, body, at: plane.now() });
      }
      return asResponse(answer, { 'idempotency-key': key });
    } finally {
      inProgress.delete(key);
    }
  };
}

/** Parameters are compared, not bytes: their order does not matter. */
function fingerprint({ path, body }: PostRequest): string {
  const pairs = [...new URLSearchParams(body)].map((pair) => JSON.stringify(pair));
  return `${path}\n${pairs.toSorted().join('\n')}`;
}

function asResponse({ status, body }: Pick<Answer, 'status' | 'body'>, headers = {}): Response {
  return new Response(body, {
    status,
    headers: { 'content-type': 'application/json', ...headers },
  });
}

function replay(stored: StoredAnswer, key: string): Response {
  return asResponse(stored, {
    'idempotency-key': key,
    'idempotent-replayed': 'true',
    'original-request': stored.requestId,
  });
}

function misuse(stored: StoredAnswer, path: string, key: string): Response {
  const first = stored.request.slice(0, stored.request.indexOf('\n'));
  const message =
    first === path
      ? `Keys for idempotent requests can only be used with the same parameters they were first used with. Try using a key other than '${key}' if you meant to execute a different request.`
      : `Keys for idempotent requests can only be used for the same endpoint they were first used for ('${first}'). Try using a key other than '${key}' if you meant to execute a different request.`;
  return errorResponse(new StripeFailure(400, { type: 'idempotency_error', message }, false));
}

function inUse(key: string): Response {
  const message = `There is currently another in-progress request using this Idempotent Key (that probably means you submitted twice, and the other request is still going through): ${key}. Please try again later.`;
  const error = { type: 'idempotency_error', code: 'idempotency_key_in_use', message } as const;
  return errorResponse({ status: 409, error }, { 'stripe-should-retry': 'true' });
}

function tooLong(): Response {
  const message = `Idempotency keys may have up to ${KEY_MAX} characters.`;
  return errorResponse(new StripeFailure(400, { type: 'invalid_request_error', message }, false));
}
