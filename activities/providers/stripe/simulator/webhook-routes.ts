/**
 * The part of the admin plane for webhooks, `/_sim/webhooks`: where events go, what became of them, and once more what
 * went already, as a person can do in Stripe's dashboard.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { StripeState } from './store.ts';
import type { WebhookSender } from './webhooks.ts';

const secret = z.string().min(1);
const targetRequest = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  secret: z.union([secret, z.array(secret)]).optional(),
});
const resendRequest = z.strictObject({ eventId: z.string() });

export function webhookRoutes(state: StripeState, sender: WebhookSender): Hono {
  const routes = new Hono();
  routes.get('/', (c) => c.json(sender.attempts()));
  routes.post('/target', async (c) => {
    const wish = targetRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json({ error: 'POST { url, secret? } to target' }, 400);
    sender.aim(wish.data);
    return c.json({ url: wish.data.url });
  });
  routes.delete('/target', (c) => {
    sender.aim(null);
    return c.body(null, 204);
  });
  routes.post('/resend', async (c) => {
    const wish = resendRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json({ error: 'POST { eventId } to resend' }, 400);
    const event = state.events.get(wish.data.eventId);
    if (event === undefined) return c.json({ error: `No such event: ${wish.data.eventId}` }, 404);
    if (sender.target() === null) return c.json({ error: 'Events go nowhere: set a target' }, 409);
    event.pending_webhooks = 1;
    sender.send(event);
    return c.json({ eventId: event.id }, 202);
  });
  return routes;
}
