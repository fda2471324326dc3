/**
 * Events and their delivery. Stripe delivers at least once, in no promised order, and tries again when the answer is not
 * 2xx: https://docs.stripe.com/webhooks (behaviours, signatures), read 2026-11-21. The retries here are seconds, not days.
 */
import type { SimulatorPlane } from '../../shared/simulator-plane.ts';
import * as shared from '../../shared/simulator-webhooks.ts';
import type { StripeEvent } from './objects.ts';
import { newId, seconds, type Call, type StripeState, type WebhookTarget } from './store.ts';

export type WebhookOptions = WebhookTarget & {
  /** Pauses before the second, third, … attempt. */
  readonly retryMs?: readonly number[];
};

/** Stripe keeps events for 30 days; a simulator under load would drown in them. */
const EVENTS_KEPT = 10_000;

/** One delivery of one event; `status` is null if nobody answered. */
type DeliveryAttempt = {
  readonly eventId: string;
  readonly type: string;
  readonly url: string;
  readonly status: number | null;
  readonly at: string;
};

export type WebhookSender = shared.WebhookSender<StripeEvent, WebhookTarget, DeliveryAttempt>;

type SenderParts = {
  readonly webhook: WebhookOptions | undefined;
  readonly plane: SimulatorPlane;
  /** After anything that is kept has changed. */
  readonly changed: () => void;
};

export function recordEvent(
  parts: { state: StripeState; plane: SimulatorPlane; apiVersion: string; pending: number },
  type: string,
  object: object,
  call: Call,
  previous?: Record<string, unknown>,
): StripeEvent {
  const { state, plane, apiVersion, pending } = parts;
  const data = { object: structuredClone(object) };
  const event: StripeEvent = {
    id: newId('evt'),
    object: 'event',
    api_version: apiVersion,
    created: seconds(plane.now()),
    data: previous === undefined ? data : { ...data, previous_attributes: previous },
    livemode: false,
    pending_webhooks: pending,
    request: { id: call.requestId, idempotency_key: call.key },
    type,
  };
  state.events.set(event.id, event);
  const [oldest] = state.events.keys();
  if (state.events.size > EVENTS_KEPT && oldest !== undefined) state.events.delete(oldest);
  return event;
}

export function createWebhookSender({ webhook, plane, changed }: SenderParts): WebhookSender {
  return shared.createWebhookSender<StripeEvent, WebhookTarget, DeliveryAttempt>({
    target: webhook ?? null,
    retryMs: webhook?.retryMs,
    changed,
    dialect: {
      write: (event) => JSON.stringify(event, null, 2),
      headers: headersOf,
      isHeard: (status) => status >= 200 && status < 300,
      onHeard: (event) => {
        event.pending_webhooks = 0;
        changed();
      },
      describe: ({ event, target: { url }, status }) => ({
        eventId: event.id,
        type: event.type,
        url,
        status,
        at: new Date(plane.now()).toISOString(),
      }),
    },
  });
}

async function headersOf(body: string, { secret }: WebhookTarget) {
  const secrets = secret === undefined ? [] : [secret].flat();
  return {
    'content-type': 'application/json; charset=utf-8',
    'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks; simulator)',
    ...(secrets.length === 0 ? {} : { 'stripe-signature': await sign(body, secrets) }),
  };
}

/** Signed by Stripe's own SDK, at the real time: receivers compare it with their clock, not with the simulator's. While
 *  a secret is rolled there is one signature for each: https://docs.stripe.com/webhooks#roll-endpoint-secrets. */
async function sign(payload: string, secrets: readonly string[]): Promise<string> {
  const { Stripe } = await import('stripe');
  const timestamp = Math.floor(Date.now() / 1000);
  const signatures = secrets.map((secret) => {
    const header = Stripe.webhooks.generateTestHeaderString({ payload, secret, timestamp });
    return header.slice(header.indexOf(',') + 1);
  });
  return [`t=${timestamp}`, ...signatures].join(',');
}
