/** How requests become calls of endpoints: reading parameters, idempotency, answers, authentication. */
import { Hono, type Context } from 'hono';
import { setTimeout as wait } from 'node:timers/promises';
import type { z } from 'zod';
import type { Operation } from '../../shared/simulator-faults.ts';
import { errorBody, errorResponse, refused, StripeFailure } from './errors.ts';
import { checkExpand, expanded, type Shown } from './expand.ts';
import { parseForm, readParameters } from './form.ts';
import type { Answer, createIdempotency } from './idempotency.ts';
import type { Account, Call } from './store.ts';
import { checkVersion } from './versions.ts';

export type StripeEnv = { Variables: { requestId: string; version: string } };
type C = Context<StripeEnv>;
type Asked = { expand?: string[] | undefined };

export type HttpParts = {
  readonly account: Account;
  readonly idempotent: ReturnType<typeof createIdempotency>;
  /** Runs before every endpoint: the clock may have brought something about. */
  readonly beforeEach: (c: C) => void;
  /** How long Stripe takes to act, during which its key is in use. */
  readonly latencyMs: number;
};

type Reading<T> = { shows: Shown; shape: z.ZodType<T>; read: (wish: T, id: string) => object };
type Acting<T> = {
  shows: Shown;
  shape: z.ZodType<T>;
  /** What can be seen to be wrong before the endpoint begins to execute. */
  check?: (wish: T) => void;
  act: (wish: T, call: Call, id: string) => object;
};
export type Endpoints = ReturnType<typeof createEndpoints>;

export function createEndpoints({ account, idempotent, beforeEach, latencyMs }: HttpParts) {
  const app = new Hono<StripeEnv>();
  return {
    app,
    account,
    get: <T extends Asked>(path: string, { shows, shape, read }: Reading<T>) => {
      app.get(path, (c) => {
        beforeEach(c);
        const { status, body } = answerOf(account, () => {
          const wish = readParameters(parseForm(new URL(c.req.url).search.slice(1)), shape);
          return { shows, wish, result: () => read(wish, c.req.param('id') ?? '') };
        });
        return new Response(body, { status, headers: { 'content-type': 'application/json' } });
      });
    },
    post: <T extends Asked & object>(path: string, { shows, shape, check, act }: Acting<T>) => {
      app.post(path, async (c) => {
        const body = await c.req.text();
        const requestId = c.get('requestId');
        const key = c.req.header('idempotency-key') ?? null;
        return idempotent({ key, requestId, path: c.req.path, body }, async () => {
          if (latencyMs > 0) await wait(latencyMs);
          beforeEach(c);
          return answerOf(account, () => {
            requireForm(c, body);
            const wish = readParameters(parseForm(body), shape);
            checkVersion(c.get('version'), wish);
            check?.(wish);
            const call = { key, requestId };
            return { shows, wish, result: () => act(wish, call, c.req.param('id') ?? '') };
          });
        });
      });
    },
  };
}

type Plan = { shows: Shown; wish: Asked; result: () => object };

/** The answer of an endpoint, be it an object or a refusal. */
function answerOf(account: Account, plan: () => Plan): Answer {
  try {
    const { shows, wish, result } = plan();
    checkExpand(shows, wish.expand);
    const object = expanded(account, shows, result(), wish.expand);
    return { status: 200, body: JSON.stringify(object, null, 2), begun: true };
  } catch (error) {
    if (!(error instanceof StripeFailure)) throw error;
    return { status: error.status, body: errorBody(error.error), begun: error.begun };
  }
}

function requireForm(c: C, body: string): void {
  const type = c.req.header('content-type') ?? '';
  if (body === '' || type.startsWith('application/x-www-form-urlencoded')) return;
  throw refused(
    `Invalid request (check that your POST content type is application/x-www-form-urlencoded). The content type was "${type}".`,
  );
}

/** Which operations of the admin plane a request counts as. */
export function operationsOf(request: { method: string; path: string; body: string }): Operation[] {
  if (request.method === 'GET') return ['inquire'];
  const path = request.path.replace(/\?.*$/, '');
  if (path === '/v1/refunds') return ['refund'];
  if (path === '/v1/payment_intents') {
    const manual = new URLSearchParams(request.body).get('capture_method') === 'manual';
    return manual ? ['authorize'] : ['authorize', 'sale'];
  }
  if (path.endsWith('/confirm')) return ['authorize'];
  if (path.endsWith('/capture')) return ['capture'];
  if (path.endsWith('/cancel')) return ['void'];
  return [];
}

export function unknownUrl(method: string, path: string): Response {
  const message = `Unrecognized request URL (${method}: ${path}). Please see https://stripe.com/docs or we can help at https://support.stripe.com/.`;
  return errorResponse({ status: 404, error: { type: 'invalid_request_error', message } });
}
