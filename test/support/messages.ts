/** Payments about which a provider could send a message, true or forged. */
import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import type { Holdfast } from './holdfast.ts';
import { type Kept, newsOf, type StripeEvent } from './news.ts';

export function messagesOf(holdfast: Holdfast) {
  const news = newsOf(holdfast);
  return {
    /** A held payment that somebody cancelled at Stripe, and the message that says so. */
    async cancelled(method = 'stripe_test.card') {
      const { body } = await holdfast.start({ method });
      const ref = await news.refOf(body.id);
      await holdfast.atDashboard('cancel', body.id);
      const event = (await news.eventsOf(ref)).at(-1);
      expect(event?.type).toBe('payment_intent.canceled');
      return { id: body.id, ref, event: event as StripeEvent };
    },
    /** A held payment, and a message that could be true and is not. */
    async held() {
      const { body } = await holdfast.start();
      const ref = await news.refOf(body.id);
      const [event] = await news.eventsOf(ref);
      const id = `evt_${randomUUID().slice(0, 8)}`;
      return { id: body.id, ref, lie: { ...event, id, type: 'payment_intent.canceled' } };
    },
    rowOf: async (eventId: string): Promise<Kept | undefined> =>
      (await news.kept()).find(({ providerEventId }) => providerEventId === eventId),
  };
}
