/**
 * Events and their delivery. Stripe delivers at least once, in no promised order, and tries again when the answer is not
 * 2xx: https://docs.stripe.com/webhooks (behaviours, signatures), read 2026-11-21. The retries here are seconds, not days.
 */
import type { SimulatorPlane } from '../../shared/simulator-plane.ts';
import type { StripeEvent } from './objects.ts';
import { newId, seconds, type Call, type StripeState } from './store.ts';

export type WebhookOptions = {
  readonly url: string;
  /** `whsec_…`; without it the events come unsigned. */
  readonly secret?: string | undefined;
  /** Pauses before the second, third, … attempt. */
  readonly retryMs?: readonly number[];
};

const RETRY_MS = [500, 2_000, 8_000, 30_000];
/** Stripe keeps events for 30 days; a simulator under load would drown in them. */
const EVENTS_KEPT = 10_000;
const TIMEOUT_MS = 10_000;

export type WebhookSender = {
  send: (event: StripeEvent) => void;
  close: () => void;
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

/** Sends in the background: an answer of the API never waits for a webhook, a process never stays for one. */
export function createWebhookSender(options: WebhookOptions, delivered: () => void): WebhookSender {
  const pauses = options.retryMs ?? RETRY_MS;
  const closing = new AbortController();
  const timers = new Set<NodeJS.Timeout>();

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms).unref();
    timers.add(timer);
  };

  const attempt = async (event: StripeEvent, payload: string, tries: number): Promise<void> => {
    if (closing.signal.aborted) return;
    if (await deliver(options, payload, closing.signal)) {
      event.pending_webhooks = 0;
      delivered();
      return;
    }
    const pause = pauses[tries];
    if (pause !== undefined) later(pause, () => void attempt(event, payload, tries + 1));
  };

  return {
    send: (event) => {
      const payload = JSON.stringify(event, null, 2);
      later(0, () => void attempt(event, payload, 0));
    },
    close: () => {
      closing.abort();
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
    },
  };
}

async function deliver(
  { url, secret }: WebhookOptions,
  payload: string,
  closing: AbortSignal,
): Promise<boolean> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks; simulator)',
        ...(secret === undefined ? {} : { 'stripe-signature': await sign(payload, secret) }),
      },
    });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}

/** Signed by Stripe's own SDK, at the real time: receivers compare it with their clock, not with the simulator's. */
async function sign(payload: string, secret: string): Promise<string> {
  const { Stripe } = await import('stripe');
  return Stripe.webhooks.generateTestHeaderString({ payload, secret });
}
