/** How requests become calls of endpoints, and which operations of the admin plane they count as. */
import { Hono, type Context } from 'hono';
import type { Operation } from '../../shared/simulator-faults.ts';
import { ApruveFailure, errorResponse, missing } from './errors.ts';
import { API } from './shown.ts';
import type { Apruve } from './store.ts';

export type Asked = {
  readonly apruve: Apruve;
  readonly body: string;
  /** A part of the path; empty if there is none of that name. */
  readonly param: (name: string) => string;
  readonly query: (name: string) => string | undefined;
};
type Answer = { readonly status?: 200 | 201; readonly body: object };
export type Endpoint = (asked: Asked) => Answer;
type Method = 'get' | 'post' | 'put' | 'patch';

export type Endpoints = ReturnType<typeof createEndpoints>;

/** `settle` runs before every endpoint, for the clock may have brought something about; `changed` after it has written. */
export function createEndpoints(
  apruve: Apruve,
  settle: (url: string) => void,
  changed: () => void,
) {
  const app = new Hono();
  const on = (methods: readonly Method[], path: string, endpoint: Endpoint): void => {
    for (const method of methods) {
      app[method](path, async (c) => {
        settle(c.req.url);
        const body = await c.req.text();
        const answer = answerOf(c, { apruve, body, endpoint });
        if (method !== 'get') changed();
        return answer;
      });
    }
  };
  return { app, on };
}

type Call = { apruve: Apruve; body: string; endpoint: Endpoint };

function answerOf(c: Context, { apruve, body, endpoint }: Call): Response {
  const param = (name: string) => c.req.param(name) ?? '';
  const query = (name: string) => c.req.query(name);
  try {
    const answer = endpoint({ apruve, body, param, query });
    return Response.json(answer.body, { status: answer.status ?? 200 });
  } catch (error) {
    if (error instanceof ApruveFailure) return errorResponse(error);
    throw error;
  }
}

/** Which operations of the admin plane a request counts as. */
export function operationsOf(request: { method: string; path: string }): Operation[] {
  if (request.method === 'GET') return ['inquire'];
  if (request.method !== 'POST') return [];
  const path = request.path.slice(API.length).replace(/\/*(\.json)?\/*(\?.*)?$/, '');
  if (path === '/orders' || path.endsWith('/finalize')) return ['authorize'];
  if (path.endsWith('/invoices') || path.endsWith('/issue')) return ['capture'];
  if (path.endsWith('/shipments')) return ['ship'];
  if (path.endsWith('/invoice_returns')) return ['refund'];
  if (path.endsWith('/cancel')) return ['void'];
  return [];
}

export function unknownUrl(method: string, path: string): Response {
  return errorResponse(missing('resource', `${method} ${path}`));
}
