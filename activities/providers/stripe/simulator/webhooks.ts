/**
 * Events and their delivery. Stripe delivers at least once, in no promised order, and tries again when the answer is not
 * 2xx: https://docs.stripe.com/webhooks (behaviours, signatures), read 2026-11-21. The retries here are seconds, not days.
 */
import type { SimulatorPlane } from '../../shared/simulator-plane.ts';
import type { StripeEvent } from './objects.ts';
import { newId, seconds, type Call, type StripeState, type WebhookTarget } from './store.ts';

export type WebhookOptions = WebhookTarget & {
  /** Pauses before the second, third, … attempt. */
  readonly retryMs?: readonly number[];
};

const RETRY_MS = [500, 2_000, 8_000, 30_000];
/** Stripe keeps events for 30 days; a simulator under load would drown in them. */
const EVENTS_KEPT = 10_000;
const TIMEOUT_MS = 10_000;
const ATTEMPTS_KEPT = 10_000;

/** One delivery of one event; `status` is null if nobody answered. */
export type DeliveryAttempt = {
  readonly eventId: string;
  readonly type: string;
  readonly url: string;
  readonly status: number | null;
  readonly at: string;
};

export type WebhookSender = {
  /** Sends an event, the first time or once more. */
  send: (event: StripeEvent) => void;
  target: () => WebhookTarget | null;
  /** From now on, retries included; null stops sending. */
  aim: (target: WebhookTarget | null) => void;
  /** Oldest first. */
  attempts: () => readonly DeliveryAttempt[];
  /** Drops what is under way and what was seen; the target stays. */
  forget: () => void;
  close: () => void;
};

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

/** Sends in the background: an answer of the API never waits for a webhook, a process never stays for one. */
export function createWebhookSender({ webhook, plane, changed }: SenderParts): WebhookSender {
  const pauses = webhook?.retryMs ?? RETRY_MS;
  const closing = new AbortController();
  const timers = new Set<NodeJS.Timeout>();
  const attempts: DeliveryAttempt[] = [];
  let target: WebhookTarget | null = webhook ?? null;

  const later = (ms: number, act: () => void) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      act();
    }, ms).unref();
    timers.add(timer);
  };
  const drop = () => {
    for (const timer of timers) clearTimeout(timer);
    timers.clear();
  };

  const attempt = async (event: StripeEvent, payload: string, tries: number): Promise<void> => {
    if (closing.signal.aborted || target === null) return;
    const { url } = target;
    const status = await deliver(target, payload, closing.signal);
    attempts.push({
      eventId: event.id,
      type: event.type,
      url,
      status,
      at: new Date(plane.now()).toISOString(),
    });
    if (attempts.length > ATTEMPTS_KEPT) attempts.shift();
    if (status !== null && status >= 200 && status < 300) {
      event.pending_webhooks = 0;
      changed();
      return;
    }
    const pause = pauses[tries];
    if (pause !== undefined) later(pause, () => void attempt(event, payload, tries + 1));
  };

  return {
    send: (event) => {
      if (target === null) return;
      const payload = JSON.stringify(event, null, 2);
      later(0, () => void attempt(event, payload, 0));
    },
    target: () => target,
    aim: (next) => {
      target = next;
      changed();
    },
    attempts: () => attempts,
    forget: () => {
      drop();
      attempts.length = 0;
    },
    close: () => {
      closing.abort();
      drop();
    },
  };
}

async function deliver(
  { url, secret }: WebhookTarget,
  payload: string,
  closing: AbortSignal,
): Promise<number | null> {
  const secrets = secret === undefined ? [] : [secret].flat();
  try {
    const response = await fetch(url, {
      method: 'POST',
      body: payload,
      redirect: 'manual',
      signal: AbortSignal.any([closing, AbortSignal.timeout(TIMEOUT_MS)]),
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'user-agent': 'Stripe/1.0 (+https://stripe.com/docs/webhooks; simulator)',
        ...(secrets.length === 0 ? {} : { 'stripe-signature': await sign(payload, secrets) }),
      },
    });
    await response.arrayBuffer();
    return response.status;
  } catch {
    return null;
  }
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
