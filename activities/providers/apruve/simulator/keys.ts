/** The merchant's API keys: the one that the simulator was started with, and what `/_sim/keys` adds and revokes. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { Apruve } from './store.ts';

const keyRequest = z.strictObject({ key: z.string().min(1).max(200) });

export function keyRoutes({ state }: Pick<Apruve, 'state'>, changed: () => void): Hono {
  const routes = new Hono();
  for (const [path, isRevoked] of [
    ['/accept', false],
    ['/revoke', true],
  ] as const) {
    routes.post(path, async (c) => {
      const wish = keyRequest.safeParse(await c.req.json().catch(() => undefined));
      if (!wish.success) return c.json({ error: `POST { key } to keys${path}` }, 400);
      state.keys.set(wish.data.key, { isRevoked });
      changed();
      return c.json({ key: wish.data.key, isRevoked });
    });
  }
  return routes;
}

/** Each opens the API, and each may begin a secure hash. */
export function keysInForce({ apiKey, state }: Pick<Apruve, 'apiKey' | 'state'>): string[] {
  const added = [...state.keys].filter(([key]) => key !== apiKey);
  const all = [[apiKey, state.keys.get(apiKey) ?? { isRevoked: false }] as const, ...added];
  return all.filter(([, { isRevoked }]) => !isRevoked).map(([key]) => key);
}
