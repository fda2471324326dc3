/** The part of the admin plane for webhooks, `/_sim/webhooks`: what was sent, where it goes, and once more what went already. */
import { Hono } from 'hono';
import { z } from 'zod';
import type { ApruveState } from './store.ts';
import type { Signer, WebhookSender } from './webhooks.ts';

const targetRequest = z.strictObject({ url: z.url({ protocol: /^https?$/ }) });
const resendRequest = z.strictObject({ uuid: z.string() });

export function webhookRoutes(state: ApruveState, sender: WebhookSender, signer: Signer): Hono {
  const routes = new Hono();
  routes.get('/', (c) => c.json(sender.attempts()));
  routes.get('/events', (c) => c.json([...state.events.values()]));
  routes.get('/public-key', (c) => c.text(signer.publicKey()));
  routes.post('/target', async (c) => {
    const wish = targetRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json({ error: 'POST { url } to target' }, 400);
    sender.aim(wish.data);
    return c.json({ url: wish.data.url });
  });
  routes.delete('/target', (c) => {
    sender.aim(null);
    return c.body(null, 204);
  });
  routes.post('/resend', async (c) => {
    const wish = resendRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json({ error: 'POST { uuid } to resend' }, 400);
    const event = state.events.get(wish.data.uuid);
    if (event === undefined) return c.json({ error: `No such event: ${wish.data.uuid}` }, 404);
    if (sender.target() === null) return c.json({ error: 'Events go nowhere: set a target' }, 409);
    sender.send(event);
    return c.json({ uuid: event.uuid }, 202);
  });
  return routes;
}
