/**
 * A simulator of Apruve, written from its documentation and public SDKs alone and sharing no code with the adapter: it is
 * there to disagree with it. It speaks the REST API of a merchant (`/api/v4`), shows the page on which a buyer accepts an
 * order (`/_pages/lightbox`), and carries the admin plane of all simulators (`/_sim`).
 *
 * Each fact it relies on has its link where it is used; README.md says what Apruve leaves open and what was decided.
 */
import { Hono } from 'hono';
import type { SimulatorEnv } from '../shared/simulator-faults.ts';
import { createSimulatorPlane } from '../shared/simulator-plane.ts';
import { openStateFile, readStateFile } from '../shared/simulator-state-file.ts';
import {
  invoiceEndpoints,
  merchantEndpoints,
  orderEndpoints,
  returnEndpoints,
  shipmentEndpoints,
} from './simulator/api.ts';
import { dashboard } from './simulator/dashboard.ts';
import { createAlarm } from './simulator/due.ts';
import { rateLimited, serverError, unauthorized } from './simulator/errors.ts';
import { createEndpoints, operationsOf, unknownUrl } from './simulator/http.ts';
import { keyRoutes, keysInForce } from './simulator/keys.ts';
import { lightboxPages } from './simulator/lightbox.ts';
import { API } from './simulator/shown.ts';
import {
  clearState,
  emptyState,
  newId,
  restoreState,
  snapshotOf,
  stamp,
  type Apruve,
  type ApruveState,
} from './simulator/store.ts';
import { webhookRoutes } from './simulator/webhook-routes.ts';
import {
  createSigner,
  createWebhookSender,
  type Signer,
  type WebhookOptions,
  type WebhookSender,
} from './simulator/webhooks.ts';

export type ApruveSimulatorOptions = {
  /** The one merchant that exists. */
  readonly merchantId?: string | undefined;
  /** Its key: for the API, and for the secure hash. */
  readonly apiKey?: string | undefined;
  /** From the issue of an invoice to its payment to the merchant; the promised 24 hours without it. */
  readonly fundingMs?: number | undefined;
  /** How long a finalized order is `pending`; until the next look without it. */
  readonly approvalMs?: number | undefined;
  /** Where webhooks go from the start; `/_sim/webhooks/target` may say something else later. */
  readonly webhook?: WebhookOptions | undefined;
  /** Where to keep the state over a restart; without it, it is gone. */
  readonly dataFile?: string | undefined;
  /** Where API and pages are reached, if not where a request says. */
  readonly publicUrl?: string | undefined;
};

export type ApruveSimulator = {
  readonly app: Hono<SimulatorEnv>;
  /** What the simulated Apruve holds: for looking at, not for changing. */
  readonly state: ApruveState;
  /** Writes the state and stops webhooks and timers. The app still answers. */
  readonly close: () => void;
};

/** Who `npm run simulators` lets in. */
export const SIMULATED_MERCHANT = {
  merchantId: '5d51a7e0'.padEnd(32, '0'),
  apiKey: '5d51a7e1'.padEnd(32, '0'),
};
/** "Paid within 24 hours of any invoice being generated": https://doc.oroinc.com (Apruve), read 2026-11-21. */
const FUNDING_MS = 86_400_000;
/** Due things happen also when nobody asks, so that their webhooks go out. */
const SWEEP_MS = 1000;
const EVENTS_KEPT = 10_000;

export function createApruveSimulator(options: ApruveSimulatorOptions = {}): ApruveSimulator {
  const state = emptyState();
  const alarm = createAlarm();
  let changed: () => void = () => undefined;
  let origin = options.publicUrl ?? 'http://127.0.0.1';

  const plane = createSimulatorPlane({
    onAdvance: () => alarm.settleWhatIsDue(apruve),
    onReset: () => {
      sender.forget();
      clearState(state);
    },
    onChange: () => changed(),
  });
  const signer = createSigner(() => changed());
  const { webhook } = options;
  const sender = createWebhookSender({ webhook, plane, signer, changed: () => changed() });
  const apruve: Apruve = {
    state,
    plane,
    merchantId: options.merchantId ?? SIMULATED_MERCHANT.merchantId,
    apiKey: options.apiKey ?? SIMULATED_MERCHANT.apiKey,
    fundingMs: options.fundingMs ?? FUNDING_MS,
    approvalMs: options.approvalMs ?? 0,
    wakeAt: alarm.wakeAt,
    origin: () => origin,
    emit: (event, status, entity, path) => {
      const links = `${origin}${API}/${path}`;
      const heard = { uuid: newId(), created_at: stamp(plane.now()), event, entity, status, links };
      state.events.set(heard.uuid, heard);
      const [oldest] = state.events.keys();
      if (state.events.size > EVENTS_KEPT && oldest !== undefined) state.events.delete(oldest);
      sender.send(heard);
      changed();
    },
  };

  const file = restore(options, apruve, sender, signer);
  changed = file?.changed ?? changed;
  const settle = () => alarm.settleWhatIsDue(apruve);
  const sweep = setInterval(settle, SWEEP_MS).unref();
  const settleFor = (url: string) => {
    origin = options.publicUrl ?? new URL(url).origin;
    settle();
  };

  // Links in Apruve's answers end in `.json` or do not, and paths of its PHP client in a slash: the same resource.
  const getPath = (request: Request) =>
    new URL(request.url).pathname.replace(/(\.json)?\/*$/, '') || '/';
  const app = new Hono<SimulatorEnv>({ getPath });
  app.route('/_sim', plane.routes);
  app.route('/_sim/webhooks', webhookRoutes(state, sender, signer));
  app.route(
    '/_sim/keys',
    keyRoutes(apruve, () => changed()),
  );
  app.route(
    '/_sim/dashboard',
    dashboard(apruve, settleFor, () => changed()),
  );
  app.route(
    '/_pages',
    lightboxPages(apruve, settleFor, () => changed()),
  );
  mountApi(app, apruve, settleFor, () => changed());
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

/** Outermost the faults, then the API key, then the endpoints. */
function mountApi(
  app: ApruveSimulator['app'],
  apruve: Apruve,
  settle: (url: string) => void,
  changed: () => void,
): void {
  const words = { serverError, rateLimited };
  const carryOut = (request: Request, env: SimulatorEnv['Bindings']) => app.fetch(request, env);
  app.use(`${API}/*`, apruve.plane.intercept({ operationsOf, words, carryOut }));
  app.use(`${API}/*`, async (c, next) => {
    const key = c.req.header('apruve-api-key') ?? '';
    if (!keysInForce(apruve).includes(key)) return unauthorized();
    return next();
  });
  const endpoints = createEndpoints(apruve, settle, changed);
  orderEndpoints(endpoints);
  invoiceEndpoints(endpoints);
  shipmentEndpoints(endpoints);
  returnEndpoints(endpoints);
  merchantEndpoints(endpoints);
  app.route(API, endpoints.app);
}

/** A target set while running is found again, unless the options name one; theirs is never kept. */
function restore(
  { dataFile: path, webhook }: ApruveSimulatorOptions,
  { state, plane }: Apruve,
  sender: WebhookSender,
  signer: Signer,
) {
  if (path === undefined) return null;
  const text = readStateFile(path);
  if (text !== null) {
    const kept = restoreState(state, text);
    plane.restore(kept.plane);
    signer.restore(kept.signingKey);
    if (webhook === undefined)
      sender.aim(kept.webhookUrl === null ? null : { url: kept.webhookUrl });
  }
  return openStateFile(path, () => {
    const url = sender.target()?.url ?? null;
    const webhookUrl = url === webhook?.url ? null : url;
    return snapshotOf(state, plane.snapshot(), { webhookUrl, signingKey: signer.kept() });
  });
}
