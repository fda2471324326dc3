/** An event as a merchant gets it, signed as https://www.standardwebhooks.com says (read 2026-11-21). */
import { Webhook } from 'standardwebhooks';
import type { EventToDeliver } from '../../db/repositories/webhook-delivery.repository.ts';

export type Message = {
  /** The same in every attempt: merchants tell a repeat by it. */
  readonly id: string;
  readonly body: string;
};

export function messageOf(event: EventToDeliver, publicUrl: string): Message {
  const { eventId, type, payload, sequence, paymentId, createdAt } = event;
  const links = { payment: new URL(`/v1/payments/${paymentId}`, publicUrl).href };
  return {
    id: eventId,
    body: JSON.stringify({
      type,
      timestamp: createdAt.toISOString(),
      data: { ...payload, sequence, links },
    }),
  };
}

export const TEST_EVENT_TYPE = 'webhook.test';

export function testMessage(eventId: string, endpointId: string, at: Date): Message {
  return {
    id: eventId,
    body: JSON.stringify({
      type: TEST_EVENT_TYPE,
      timestamp: at.toISOString(),
      data: { endpointId },
    }),
  };
}

/** Headers for one attempt. Each secret signs: a receiver takes the message if it knows one. */
export function sign(
  { id, body }: Message,
  secrets: readonly string[],
  at: Date,
): Readonly<Record<string, string>> {
  return {
    'webhook-id': id,
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': secrets.map((secret) => new Webhook(secret).sign(id, at, body)).join(' '),
  };
}
