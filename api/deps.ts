import type { Client } from '@temporalio/client';
import type pg from 'pg';
import type { Logger } from 'pino';
import type { ApiKeyRepository } from '../db/repositories/api-key.repository.ts';
import type { IntegrationRepository } from '../db/repositories/integration.repository.ts';
import type { NotificationRepository } from '../db/repositories/notification.repository.ts';
import type { PaymentRepository } from '../db/repositories/payment.repository.ts';
import type { WebhookDeliveryRepository } from '../db/repositories/webhook-delivery.repository.ts';
import type { WebhookEndpointRepository } from '../db/repositories/webhook-endpoint.repository.ts';

/** Everything that the API needs of the world; tests give their own. */
export type ApiDeps = {
  readonly pool: pg.Pool;
  readonly temporal: Client;
  readonly apiKeys: ApiKeyRepository;
  readonly integrations: IntegrationRepository;
  readonly payments: PaymentRepository;
  readonly notifications: NotificationRepository;
  readonly webhookEndpoints: WebhookEndpointRepository;
  readonly webhookDeliveries: WebhookDeliveryRepository;
  readonly log: Logger;
  readonly publicUrl: string;
  readonly now: () => number;
  /** False once the process was asked to stop. */
  readonly isAccepting: () => boolean;
  /** Task queue of the workers; tests run several side by side. */
  readonly taskQueue?: string;
};
