/** A whole Holdfast for one test file: own database, own simulator, own task queue, real parts. */
import { randomBytes, randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import type pg from 'pg';
import pino from 'pino';
import { inject } from 'vitest';
import type { Instead } from '../../activities/activities.ts';
import { PROVIDERS, settingsOf } from '../../activities/providers/catalog.ts';
import { createStripeSimulator } from '../../activities/providers/stripe/simulator.ts';
import type { EventsOptions } from '../../activities/outgoing/events-worker.ts';
import { createWorker } from '../../activities/worker-process.ts';
import { createApp } from '../../api/app.ts';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { connectTemporal } from '../../api/temporal.ts';
import { connect } from '../../db/client.ts';
import { createApiKeyRepository, type Role } from '../../db/repositories/api-key.repository.ts';
import {
  createIntegrationRepository,
  type Mode,
} from '../../db/repositories/integration.repository.ts';
import { createNotificationRepository } from '../../db/repositories/notification.repository.ts';
import { createPaymentRepository } from '../../db/repositories/payment.repository.ts';
import { createWebhookDeliveryRepository } from '../../db/repositories/webhook-delivery.repository.ts';
import { createWebhookEndpointRepository } from '../../db/repositories/webhook-endpoint.repository.ts';
import { createSecretBox } from '../../db/secret-box.ts';
import { assertBooks } from './books.ts';
import { createTestDatabase } from './database.ts';
import { listen } from './serve.ts';

export type Answer<Body = unknown> = {
  readonly status: number;
  readonly body: Body;
  readonly headers: Headers;
};
export type Movement = {
  readonly kind: string;
  readonly ref: string;
  readonly amountMinor: number;
  readonly currency: string;
  readonly key: string | null;
};
type Fault = { operation: string; fault: string; times: number; delayMs?: number };

// Before any connection of this process is made; a vitest process runs one file.
Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: {
    logging: { filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }), forward: {} },
  },
  shutdownSignals: [],
});

const ROLES: readonly Role[] = ['checkout', 'sales', 'operator', 'admin'];
export const WEBHOOK_SECRET = 'whsec_of_the_tests';
export const SECRET_KEY = randomBytes(32).toString('base64');

export type Holdfast = Awaited<ReturnType<typeof createHoldfast>>;

export type HoldfastOptions = {
  /** What the integration sets apart from the defaults. */
  readonly settings?: Record<string, unknown>;
  /** No worker is started: the test starts its own. */
  readonly workerless?: boolean;
  readonly instead?: Instead;
  /** How long holds last at the simulator. */
  readonly holdMs?: number;
  /** The simulator sends its events to this Holdfast. */
  readonly webhooks?: boolean;
  readonly events?: EventsOptions;
  readonly temporalAddress?: string;
  readonly databaseUrl?: string;
  /** Of Temporal; `default` when left out. */
  readonly namespace?: string;
  /** Of workers that run elsewhere. */
  readonly taskQueue?: string;
  readonly now?: () => number;
};

/** Every Holdfast of this file that is open: `after-each.ts` checks their books after each test. */
export const openPools = new Set<pg.Pool>();

export async function createHoldfast(options: HoldfastOptions = {}) {
  const database =
    options.databaseUrl === undefined
      ? await createTestDatabase()
      : { url: options.databaseUrl, drop: async () => undefined };
  const pool = connect(database.url, { max: 10 });
  openPools.add(pool);
  const simulator = createStripeSimulator({
    multicapture: true,
    ...(options.holdMs === undefined ? {} : { holdMs: options.holdMs }),
  });
  const stripe = await listen((raw, env) => simulator.app.fetch(raw, env));
  const integrations = createIntegrationRepository(pool, createSecretBox(SECRET_KEY));
  const saveIntegration = (id: string, mode: Mode, settings: Record<string, unknown>) =>
    integrations.save({
      id,
      accountId: 'main',
      provider: 'stripe',
      mode,
      baseUrl: stripe.url,
      settings: settingsOf(PROVIDERS['stripe']!).parse({ multicapture: true, ...settings }),
      credentials: { secretKey: 'sk_test_holdfast', webhookSecrets: [WEBHOOK_SECRET] },
      enabled: true,
    });
  const saveOffline = (id: string, settings: Record<string, unknown>) =>
    integrations.save({
      id,
      accountId: 'main',
      provider: 'offline',
      mode: 'test',
      baseUrl: '',
      settings: settingsOf(PROVIDERS['offline']!).parse(settings),
      credentials: {},
      enabled: true,
    });
  await saveIntegration('stripe_test', 'test', options.settings ?? {});
  const apiKeys = createApiKeyRepository(pool);
  const keys = Object.fromEntries(
    await Promise.all(
      ROLES.map(async (role) => [
        role,
        await apiKeys.issue({ accountId: 'main', mode: 'test', role }),
      ]),
    ),
  ) as Record<Role, string>;

  const temporalAddress = options.temporalAddress ?? inject('temporalAddress');
  const connection = connectTemporal({ TEMPORAL_ADDRESS: temporalAddress, TEMPORAL_TLS: false });
  const { namespace = 'default', taskQueue = `test-${randomUUID()}` } = options;
  const temporal = new Client({ connection, namespace });
  const workerEnv = {
    DATABASE_URL: database.url,
    TEMPORAL_ADDRESS: temporalAddress,
    TEMPORAL_NAMESPACE: namespace,
    TEMPORAL_TLS: false,
    HOLDFAST_SECRET_KEY: SECRET_KEY,
    HOLDFAST_PUBLIC_URL: 'http://127.0.0.1:8080',
    LOG_LEVEL: 'error' as const,
  };

  /** A worker in this process; `stop` drains it. */
  async function startWorker(instead: Instead = options.instead ?? {}) {
    const started = await createWorker(workerEnv, {
      taskQueue,
      bundlePath: inject('workflowBundle'),
      sweepGraceMs: 0,
      instead,
      events: { pollMs: 50, ...options.events },
    });
    const running = started.worker.run();
    return {
      stop: async () => {
        started.worker.shutdown();
        await running;
        await started.close();
      },
    };
  }
  const worker = options.workerless === true ? null : await startWorker();

  const deps = {
    pool,
    temporal,
    apiKeys,
    integrations,
    payments: createPaymentRepository(pool),
    notifications: createNotificationRepository(pool),
    webhookEndpoints: createWebhookEndpointRepository(pool, createSecretBox(SECRET_KEY)),
    webhookDeliveries: createWebhookDeliveryRepository(pool),
    log: pino({ level: 'silent' }),
    publicUrl: 'http://127.0.0.1:8080',
    now: options.now ?? Date.now,
    isAccepting: () => true,
    taskQueue,
  };
  const app = createApp(deps);
  const receiver = options.webhooks === true ? await listen((raw) => app.fetch(raw)) : null;
  const simulate = async (path: string, body?: unknown) => {
    const response = await fetch(`${stripe.url}/_sim/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${text}`);
    return (text === '' ? null : JSON.parse(text)) as unknown;
  };
  if (receiver !== null) {
    const url = `${receiver.url}/webhooks/stripe/stripe_test`;
    await simulate('webhooks/target', { url, secret: WEBHOOK_SECRET });
  }

  async function request<Body = unknown>(
    method: string,
    path: string,
    init: { key?: string | null; body?: unknown; headers?: Record<string, string> } = {},
  ): Promise<Answer<Body>> {
    const { key = keys.admin, body, headers } = init;
    const response = await app.request(path, {
      method,
      headers: {
        ...(key === null ? {} : { authorization: `Bearer ${key}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined
        ? {}
        : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = (response.headers.get('content-type') ?? '').includes('json');
    return {
      status: response.status,
      headers: response.headers,
      body: (isJson ? JSON.parse(text) : text) as Body,
    };
  }

  type Terms = { key?: string; prefer?: string };
  const withKey = ({ key = randomUUID(), prefer }: Terms) => ({
    'idempotency-key': key,
    ...(prefer === undefined ? {} : { prefer }),
  });

  return {
    app,
    deps,
    pool,
    keys,
    temporal,
    taskQueue,
    workerEnv,
    stripe,
    startWorker,
    saveIntegration,
    saveOffline,
    request,
    /** Checkout's request; EUR 105.00 on a good card, held, unless `body` says otherwise. */
    start: (body: Record<string, unknown> = {}, terms: Terms = {}) =>
      request<PaymentResource>('POST', '/v1/payments', {
        key: keys.checkout,
        body: { ...ORDER, ...body },
        headers: withKey(terms),
      }),
    command: (id: string, verb: string, body: Record<string, unknown> = {}, terms: Terms = {}) =>
      request<PaymentResource>('POST', `/v1/payments/${id}/${verb}`, {
        key: keys.sales,
        body,
        headers: withKey(terms),
      }),
    get: async (id: string) => (await request<PaymentResource>('GET', `/v1/payments/${id}`)).body,
    facts: async (id: string) => {
      const { body } = await request<{ data: { type: string; actor: string }[] }>(
        'GET',
        `/v1/payments/${id}/events`,
      );
      return body.data.map(({ type }) => type);
    },
    /** Waits until the payment is as `done` wants it, by asking the database. */
    async until(id: string, done: (payment: PaymentResource) => boolean): Promise<PaymentResource> {
      const deadline = Date.now() + 45_000;
      for (;;) {
        const { body } = await request<PaymentResource>('GET', `/v1/payments/${id}`);
        if (done(body)) return body;
        if (Date.now() > deadline) throw new Error(`${id} stays ${JSON.stringify(body)}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    fault: async (fault: Fault) => {
      const response = await fetch(`${stripe.url}/_sim/faults`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(fault),
      });
      if (response.status !== 201) throw new Error(await response.text());
    },
    /** Asks the simulator's admin plane: `dashboard/capture`, `ledger`, … */
    simulate,
    /** What somebody does in Stripe's dashboard to the newest hold of the payment. */
    atDashboard: async (action: string, id: string, terms: Record<string, unknown> = {}) => {
      const { rows } = await pool.query<{ ref: string }>(
        'select provider_ref as ref from payments where id = $1',
        [id],
      );
      return simulate(`dashboard/${action}`, { ref: rows[0]?.ref, ...terms });
    },
    clearFaults: () => fetch(`${stripe.url}/_sim/faults`, { method: 'DELETE' }),
    /** Movements of money at the simulator on this payment's behalf, by whoever they were made. */
    movements: async (paymentId: string): Promise<Movement[]> => {
      const { body } = await request<{ data: { providerRef: string | null }[] }>(
        'GET',
        `/v1/payments/${paymentId}/events`,
      );
      const response = await fetch(`${stripe.url}/_sim/ledger`);
      const all = (await response.json()) as Movement[];
      const mark = `op_${paymentId.replace('pay_', '')}_`;
      const refs = new Set([
        ...body.data.map(({ providerRef }) => providerRef),
        ...all.filter(({ key }) => key?.includes(mark)).map(({ ref }) => ref),
      ]);
      return all.filter(({ ref }) => refs.has(ref));
    },
    async close() {
      await worker?.stop();
      await receiver?.stop();
      await stripe.stop();
      simulator.close();
      await connection.close();
      await assertBooks(pool);
      openPools.delete(pool);
      await pool.end();
      await database.drop();
    },
  };
}

export const ORDER = {
  amount: { amountMinor: 10_500, currency: 'EUR' },
  method: 'stripe_test.card',
  source: { kind: 'order', number: '4711' },
  capture: 'manual',
  paymentToken: 'pm_card_visa',
};
