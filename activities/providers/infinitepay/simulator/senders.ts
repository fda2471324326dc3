/**
 * Who may send: the credentials that the simulator was started with, and what `/_sim/credentials` adds and revokes. How
 * InfinitePay replaces them is not documented; its support hands out others.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Credentials } from './security.ts';
import type { Account } from './store.ts';

const text = z.string().min(1).max(200);
const request = z.strictObject({ username: text, password: text, secret: text });

const nameOf = ({ password, secret, username }: z.infer<typeof request>): string =>
  JSON.stringify([username, password, secret]);

export function senderRoutes({ state }: Pick<Account, 'state'>, changed: () => void): Hono {
  const routes = new Hono();
  for (const [path, isRevoked] of [
    ['/accept', false],
    ['/revoke', true],
  ] as const) {
    routes.post(path, async (c) => {
      const wish = request.safeParse(await c.req.json().catch(() => undefined));
      if (!wish.success) {
        return c.json({ error: `POST { username, password, secret } to credentials${path}` }, 400);
      }
      state.senders.set(nameOf(wish.data), { ...wish.data, isRevoked });
      changed();
      return c.json({ username: wish.data.username, isRevoked });
    });
  }
  return routes;
}

export function sendersInForce({
  credentials,
  state,
}: Pick<Account, 'credentials' | 'state'>): Credentials[] {
  const { clientRef } = credentials;
  const added = [...state.senders.values()]
    .filter((one) => !one.isRevoked)
    .map(({ password, secret, username }) => ({ clientRef, username, password, secret }));
  const isRevoked = state.senders.get(nameOf(pick(credentials)))?.isRevoked === true;
  return isRevoked ? added : [credentials, ...added];
}

const pick = ({ password, secret, username }: Credentials) => ({ username, password, secret });
