import type { WebhookDelivery } from '../../db/repositories/webhook-delivery.repository.ts';
import type { WebhookEndpoint } from '../../db/repositories/webhook-endpoint.repository.ts';
import type { DeliveryResource, EndpointResource } from './schemas.ts';

const iso = (at: Date | null): string | null => at?.toISOString() ?? null;

export function presentEndpoint(endpoint: WebhookEndpoint, publicUrl: string): EndpointResource {
  const self = new URL(`/v1/webhook-endpoints/${endpoint.id}`, publicUrl).href;
  return {
    id: endpoint.id,
    mode: endpoint.mode,
    url: endpoint.url,
    description: endpoint.description,
    events: endpoint.events === null ? null : [...endpoint.events],
    enabled: endpoint.enabled,
    disabledAt: iso(endpoint.disabledAt),
    disabledReason: endpoint.disabledReason,
    previousSecretUntil: iso(endpoint.previousUntil),
    createdAt: endpoint.createdAt.toISOString(),
    links: { self, deliveries: `${self}/deliveries` },
  };
}

export const presentDelivery = (delivery: WebhookDelivery): DeliveryResource => ({
  eventId: delivery.eventId,
  type: delivery.type,
  paymentId: delivery.paymentId,
  sequence: delivery.sequence,
  state: delivery.state,
  attempts: delivery.attempts,
  answers: [...delivery.answers],
  dueAt: iso(delivery.dueAt),
  createdAt: delivery.createdAt.toISOString(),
  finishedAt: iso(delivery.finishedAt),
});
