/** The API process. SIGTERM: no new requests, those under way are answered, then it exits. */
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { type ServerType, serve } from '@hono/node-server';
import { Client } from '@temporalio/client';
import pino from 'pino';
import { connect } from '../db/client.ts';
import { createApiKeyRepository } from '../db/repositories/api-key.repository.ts';
import { createIntegrationRepository } from '../db/repositories/integration.repository.ts';
import { createNotificationRepository } from '../db/repositories/notification.repository.ts';
import { createPaymentRepository } from '../db/repositories/payment.repository.ts';
import { createWebhookDeliveryRepository } from '../db/repositories/webhook-delivery.repository.ts';
import { createWebhookEndpointRepository } from '../db/repositories/webhook-endpoint.repository.ts';
import { createSecretBox } from '../db/secret-box.ts';
import { SAFE_LOGGING } from '../machines/shared/loggable.ts';
import { createApp } from './app.ts';
import { readApiEnv } from './env.ts';
import { connectTemporal } from './temporal.ts';

/** Load balancers and callers with kept connections get this long to hear that it stops. */
const DRAIN_MS = 500;

const env = readApiEnv();
const log = pino({ level: env.LOG_LEVEL, base: { process: 'api' }, ...SAFE_LOGGING });
const pool = connect(env.DATABASE_URL);
const connection = connectTemporal(env);
let accepting = true;

const publicUrl = env.HOLDFAST_PUBLIC_URL ?? `http://${env.HOST}:${env.PORT}`;
const app = createApp({
  pool,
  temporal: new Client({ connection, namespace: env.TEMPORAL_NAMESPACE }),
  apiKeys: createApiKeyRepository(pool),
  integrations: createIntegrationRepository(pool, createSecretBox(env.HOLDFAST_SECRET_KEY)),
  payments: createPaymentRepository(pool),
  notifications: createNotificationRepository(pool),
  webhookEndpoints: createWebhookEndpointRepository(pool, createSecretBox(env.HOLDFAST_SECRET_KEY)),
  webhookDeliveries: createWebhookDeliveryRepository(pool),
  log,
  publicUrl,
  now: Date.now,
  isAccepting: () => accepting,
});

const server: ServerType = serve(
  { fetch: app.fetch, hostname: env.HOST, port: env.PORT },
  (address: AddressInfo) => {
    process.stdout.write(
      `READY ${JSON.stringify({ url: `http://${env.HOST}:${address.port}` })}\n`,
    );
  },
);
server.on('error', (error: NodeJS.ErrnoException) => {
  log.error({ error }, `cannot listen on ${env.HOST}:${env.PORT}`);
  process.exitCode = 1;
});

async function stop(): Promise<void> {
  accepting = false;
  await sleep(DRAIN_MS);
  await new Promise((resolve) => server.close(resolve));
  await connection.close();
  await pool.end();
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    void stop();
  });
}
