/**
 * The API keys of the simulated account: each `sk_test_…` is one, until it is revoked. `/_sim/keys` does what a person does
 * in the dashboard, where a key is rolled: https://docs.stripe.com/keys#rolling-keys, read 2026-12-01.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { errorResponse, unknownKey, unpermitted } from './errors.ts';
import type { StripeState } from './store.ts';

/** Ids are `acct_` and 16 characters. */
const OWN_ACCOUNT = 'acct_1HoldfastSimulat';

const keyRequest = z.strictObject({
  key: z.string().regex(/^(sk|rk)_test_\w+$/),
  account: z.string().startsWith('acct_').optional(),
});

export function keyRoutes({ keys }: StripeState, changed: () => void): Hono {
  const routes = new Hono();
  routes.get('/', (c) => c.json([...keys].map(([key, record]) => ({ key, ...record }))));
  for (const [path, isRevoked] of [
    ['/accept', false],
    ['/revoke', true],
  ] as const) {
    routes.post(path, async (c) => {
      const wish = keyRequest.safeParse(await c.req.json().catch(() => undefined));
      if (!wish.success) return c.json({ error: `POST { key, account? } to keys${path}` }, 400);
      const { key, account = keys.get(key)?.account ?? OWN_ACCOUNT } = wish.data;
      keys.set(key, { account, isRevoked });
      changed();
      return c.json({ key, account, isRevoked });
    });
  }
  return routes;
}

/** Why the key opens nothing, or null. https://docs.stripe.com/api/authentication, read 2026-11-21: Bearer, or Basic with
 *  the key as user name. */
export function authenticationFault(
  header: string | undefined,
  { keys }: Pick<StripeState, 'keys'>,
): Response | null {
  const key = keyOf(header ?? '');
  const record = key === null ? undefined : keys.get(key);
  if (record?.isRevoked === true) return unknownKey(key, 'expired');
  if (record !== undefined || key?.startsWith('sk_test_') === true) return null;
  return unknownKey(key, 'invalid');
}

/** `GET /v1/account`, and all that a key of another account asks: it has none of the objects here. */
export function accountAnswer(
  request: { readonly method: string; readonly path: string },
  header: string | undefined,
  { keys }: Pick<StripeState, 'keys'>,
): Response | null {
  const key = keyOf(header ?? '') ?? '';
  const account = keys.get(key)?.account ?? OWN_ACCOUNT;
  const { method, path } = request;
  if (method === 'GET' && path === '/v1/account') {
    if (key.startsWith('rk_')) return unpermitted(key, account);
    return Response.json({ id: account, object: 'account', type: 'standard' });
  }
  if (account === OWN_ACCOUNT) return null;
  const [, , resource = '', id] = path.split('/');
  if (method === 'GET' && id === undefined) {
    return Response.json({ object: 'list', url: path, has_more: false, data: [] });
  }
  const what = resource.replace(/s$/, '');
  const message = `No such ${what}: '${id ?? ''}'`;
  const error = { type: 'invalid_request_error', code: 'resource_missing', message } as const;
  return errorResponse({ status: 404, error });
}

function keyOf(header: string): string | null {
  const [scheme = '', value = ''] = header.split(/\s+/, 2);
  if (value === '') return null;
  if (scheme.toLowerCase() === 'bearer') return value;
  if (scheme.toLowerCase() !== 'basic') return null;
  const [user = ''] = Buffer.from(value, 'base64').toString('utf8').split(':');
  return user === '' ? null : user;
}
