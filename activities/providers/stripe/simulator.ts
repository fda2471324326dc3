/**
 * A simulator of Stripe, written from Stripe's documentation alone and sharing no code with the adapter: it is there to
 * disagree with it. It speaks the real HTTP API of a sandbox account (`/v1`), shows the pages a customer would see
 * (`/_pages`), and carries the admin plane of all simulators (`/_sim`).
 *
 * Each fact it relies on has its link where it is used. What Stripe does not document is said there, too.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import type { SimulatorEnv } from '../shared/simulator-faults.ts';
import { createSimulatorPlane } from '../shared/simulator-plane.ts';
import {
  chargeAndEventEndpoints,
  customerEndpoints,
  disputeEndpoints,
  paymentIntentEndpoints,
  paymentMethodEndpoints,
  radarEndpoints,
  refundEndpoints,
} from './simulator/api.ts';
import { dashboard } from './simulator/dashboard.ts';
import { createAlarm } from './simulator/due.ts';
import { rateLimited, serverError } from './simulator/errors.ts';
import { createEndpoints, operationsOf, unknownUrl, type StripeEnv } from './simulator/http.ts';
import { createIdempotency } from './simulator/idempotency.ts';
import { accountAnswer, authenticationFault, keyRoutes } from './simulator/keys.ts';
import { authenticationPages } from './simulator/pages.ts';
import { ASYNC_OUTCOME_MS } from './simulator/refunds.ts';
import { openStateFile, readStateFile } from '../shared/simulator-state-file.ts';
import {
  clearState,
  emptyState,
  newId,
  restoreState,
  snapshotOf,
  type Account,
  type StripeState,
} from './simulator/store.ts';
import { webhookRoutes } from './simulator/webhook-routes.ts';
import {
  createWebhookSender,
  recordEvent,
  type WebhookOptions,
  type WebhookSender,
} from './simulator/webhooks.ts';

export type StripeSimulatorOptions = {
  /** Version of the events, and of answers to requests that name none. */
  readonly apiVersion?: string;
  /** Whether the simulated account may capture a payment several times (IC+ pricing). */
  readonly multicapture?: boolean;
  /** Where the simulated account is based, ISO 3166-1; `US` without it. */
  readonly accountCountry?: string;
  /** How long every hold lasts instead of Stripe's days; rounded up to whole seconds, as `capture_before` has them. */
  readonly holdMs?: number | undefined;
  /** Where events go from the start; `/_sim/webhooks/target` may say something else later. */
  readonly webhook?: WebhookOptions | undefined;
  /** Where to keep the state over a restart; without it, it is gone. */
  readonly dataFile?: string | undefined;
  /** Where a customer's browser reaches the pages, if not where the API is called. */
  readonly publicUrl?: string | undefined;
  /** How long a POST takes before it acts. */
  readonly latencyMs?: number;
};

export type StripeSimulator = {
  readonly app: Hono<SimulatorEnv & StripeEnv>;
  /** What the simulated Stripe holds: for looking at, not for changing. */
  readonly state: StripeState;
  /** Writes the state and stops webhooks and timers. The app still answers. */
  readonly close: () => void;
};

/** How long holds last from now on; null is as long as at Stripe. */
const holdsRequest = z.strictObject({ holdMs: z.int().min(1).nullable() });

/** How long refunds of `pm_card_pendingRefund` are pending from now on; null is until the dashboard decides. */
const refundsRequest = z.strictObject({ pendingMs: z.int().min(0).nullable() });

const API_VERSION = '2026-10-28.endive';
/** Due things happen also when nobody asks, so that their webhooks go out. */
const SWEEP_MS = 1000;

export function createStripeSimulator(options: StripeSimulatorOptions = {}): StripeSimulator {
  const apiVersion = options.apiVersion ?? API_VERSION;
  const state = emptyState();
  const alarm = createAlarm();
  let changed: () => void = () => undefined;
  let origin = options.publicUrl ?? 'http://127.0.0.1';
  let holdMs = options.holdMs ?? null;
  let refundPendingMs: number | null = ASYNC_OUTCOME_MS;

  const plane = createSimulatorPlane({
    onAdvance: () => alarm.settleWhatIsDue(account),
    onReset: () => {
      sender.forget();
      clearState(state);
    },
    onChange: () => changed(),
  });
  const { webhook } = options;
  const sender = createWebhookSender({ webhook, plane, changed: () => changed() });
  const account: Account = {
    state,
    plane,
    multicapture: options.multicapture ?? true,
    country: options.accountCountry ?? 'US',
    holdMs: () => holdMs,
    refundPendingMs: () => refundPendingMs,
    origin: () => origin,
    wakeAt: alarm.wakeAt,
    emit: (type, object, call, previous) => {
      const pending = sender.target() === null ? 0 : 1;
      const parts = { state, plane, apiVersion, pending };
      const event = recordEvent(parts, type, object, call, previous);
      sender.send(event);
      changed();
    },
  };

  const file = restore(options, account, sender);
  changed = file?.changed ?? changed;
  const settle = () => alarm.settleWhatIsDue(account);
  const sweep = setInterval(settle, SWEEP_MS).unref();

  const app = new Hono<SimulatorEnv & StripeEnv>();
  app.route('/_sim', plane.routes);
  app.route('/_sim/webhooks', webhookRoutes(state, sender));
  app.route(
    '/_sim/keys',
    keyRoutes(state, () => changed()),
  );
  app.route('/_sim/dashboard', dashboard(account, settle));
  app.post('/_sim/holds', async (c) => {
    const wish = holdsRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json({ error: 'POST { holdMs } to holds' }, 400);
    ({ holdMs } = wish.data);
    return c.json({ holdMs });
  });
  app.post('/_sim/refunds', async (c) => {
    const wish = refundsRequest.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json({ error: 'POST { pendingMs } to refunds' }, 400);
    refundPendingMs = wish.data.pendingMs;
    return c.json(wish.data);
  });
  app.route('/_pages', authenticationPages(account, settle));
  mountApi(app, {
    account,
    apiVersion,
    latencyMs: options.latencyMs ?? 0,
    changed: () => changed(),
    beforeEach: (url) => {
      origin = options.publicUrl ?? new URL(url).origin;
      settle();
    },
  });
  app.notFound((c) => unknownUrl(c.req.method, c.req.path));

  return {
    app,
    state,
    close: () => {
      clearInterval(sweep);
      plane.close();
      sender.close();
      file?.flush();
    },
  };
}

type ApiMount = {
  account: Account;
  apiVersion: string;
  latencyMs: number;
  changed: () => void;
  beforeEach: (url: string) => void;
};

/** Outermost the faults, then the API key, then the endpoints with their idempotency. */
function mountApi(app: StripeSimulator['app'], mount: ApiMount): void {
  const { account, apiVersion, latencyMs, changed, beforeEach } = mount;
  const words = { serverError, rateLimited };
  const carryOut = (request: Request, env: SimulatorEnv['Bindings']) => app.fetch(request, env);
  app.use('/v1/*', account.plane.intercept({ operationsOf, words, carryOut }));
  app.use('/v1/*', async (c, next) => {
    const requestId = newId('req', 14);
    const version = c.req.header('stripe-version') ?? apiVersion;
    c.set('requestId', requestId);
    c.set('version', version);
    const key = c.req.header('authorization');
    const answer =
      authenticationFault(key, account.state) ?? accountAnswer(c.req, key, account.state);
    if (answer === null) await next();
    else c.res = answer;
    c.res.headers.set('request-id', requestId);
    c.res.headers.set('stripe-version', version);
    if (c.req.method === 'POST') changed();
  });
  const endpoints = createEndpoints({
    account,
    idempotent: createIdempotency(account.state, account.plane),
    latencyMs,
    beforeEach: (c) => beforeEach(c.req.url),
  });
  paymentIntentEndpoints(endpoints);
  refundEndpoints(endpoints);
  disputeEndpoints(endpoints);
  radarEndpoints(endpoints);
  customerEndpoints(endpoints);
  paymentMethodEndpoints(endpoints);
  chargeAndEventEndpoints(endpoints);
  app.route('/v1', endpoints.app);
}

/** A target set while running is found again, unless the options name one; theirs is never kept. */
function restore(
  { dataFile: path, webhook }: StripeSimulatorOptions,
  { state, plane }: Account,
  sender: WebhookSender,
) {
  if (path === undefined) return null;
  const text = readStateFile(path);
  if (text !== null) {
    const kept = restoreState(state, text);
    plane.restore(kept.plane);
    if (webhook === undefined) sender.aim(kept.webhook ?? null);
  }
  const aimed = () => (sender.target() === webhook ? null : sender.target());
  return openStateFile(path, () => snapshotOf(state, plane.snapshot(), aimed()));
}
