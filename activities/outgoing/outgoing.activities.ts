import { ApplicationFailure, ApplicationFailureCategory } from '@temporalio/common';
import type {
  DeliveryAnswer,
  WebhookDeliveryRepository,
} from '../../db/repositories/webhook-delivery.repository.ts';
import type { WebhookEndpointRepository } from '../../db/repositories/webhook-endpoint.repository.ts';
import { call, type Called } from './call.ts';
import { retryAfterMs } from './intervals.ts';
import { type Message, messageOf, sign, TEST_EVENT_TYPE, testMessage } from './message.ts';
import type { OutgoingActivities } from './outgoing.contract.ts';
import type { Places } from './places.ts';

export type OutgoingDependencies = {
  readonly endpoints: WebhookEndpointRepository;
  readonly deliveries: WebhookDeliveryRepository;
  readonly publicUrl: string;
  readonly places: Places;
  /** When an attempt that found no free place comes back. */
  readonly placeWaitMs: number;
  readonly timeLimitMs: number;
  readonly intervalMs: (attempts: number) => number;
};

const GONE = 410;

export function createOutgoingActivities(deps: OutgoingDependencies): OutgoingActivities {
  const { endpoints, deliveries } = deps;

  function send(url: string, message: Message, secrets: readonly string[]): Promise<Called> {
    const headers = sign(message, secrets, new Date());
    return call({ url, headers, body: message.body, timeLimitMs: deps.timeLimitMs });
  }

  async function attempt(
    endpointId: string,
    eventId: string,
  ): Promise<'delivered' | 'failed' | 'skipped'> {
    const event = await deliveries.toDeliver(endpointId, eventId);
    if (event === null) throw new Error(`${eventId} is not for ${endpointId}`);
    if (event.state !== 'pending') return event.state;
    const endpoint = await endpoints.unlock(endpointId);
    if (!endpoint.enabled) {
      await deliveries.finish(endpointId, eventId, 'skipped');
      return 'skipped';
    }
    const message = messageOf(event, deps.publicUrl);
    const { answer, retryAfter } = await send(endpoint.url, message, endpoint.secrets);
    const state = stateAfter(answer);
    const dueInMs = Math.max(
      deps.intervalMs(event.attempts + 1),
      retryAfterMs(retryAfter, Date.now()),
    );
    await deliveries.note({ endpointId, eventId }, answer, { state, dueInMs });
    if (answer.status === GONE) await endpoints.giveUp(endpointId, goneAt(answer));
    if (state === 'pending') throw notDelivered(answer, dueInMs);
    return state;
  }

  /** An attempt that finds no free place gives its slot back at once, for others to go on. */
  async function inPlace<T>(endpointId: string, work: () => Promise<T>): Promise<T> {
    const done = await deps.places.within(endpointId, async () => ({ value: await work() }));
    if (done === null) throw busy(deps.placeWaitMs);
    return done.value;
  }

  return {
    nextDelivery: (endpointId, paymentId) => deliveries.next(endpointId, paymentId),
    deliverEvent: (endpointId, eventId) => inPlace(endpointId, () => attempt(endpointId, eventId)),
    giveUpDelivery: (endpointId, eventId) => deliveries.finish(endpointId, eventId, 'failed'),
    sendTestEvent: (endpointId, eventId) =>
      inPlace(endpointId, async () => {
        const { url, secrets } = await endpoints.unlock(endpointId);
        const message = testMessage(eventId, endpointId, new Date());
        const { answer } = await send(url, message, secrets);
        const state = stateAfter(answer) === 'delivered' ? 'delivered' : 'failed';
        await deliveries.keepTest({ endpointId, eventId, type: TEST_EVENT_TYPE }, answer, state);
        if (answer.status === GONE) await endpoints.giveUp(endpointId, goneAt(answer));
      }),
  };
}

function stateAfter({ status }: DeliveryAnswer): 'delivered' | 'failed' | 'pending' {
  if (status !== null && status >= 200 && status < 300) return 'delivered';
  return status === GONE ? 'failed' : 'pending';
}

const goneAt = ({ at }: DeliveryAnswer): string =>
  `The endpoint answered 410 Gone at ${at}: it wants no more events.`;

/** Benign: an endpoint's answer is kept with the delivery and is no trouble of the worker. */
const later = (type: string, message: string, delayMs: number): ApplicationFailure =>
  ApplicationFailure.create({
    type,
    message,
    nextRetryDelay: delayMs,
    category: ApplicationFailureCategory.BENIGN,
  });

const notDelivered = ({ status, error }: DeliveryAnswer, delayMs: number): ApplicationFailure =>
  later('NotDelivered', status === null ? (error ?? 'no answer') : `HTTP ${status}`, delayMs);

/** Spread, so that those who wait do not all come back at once. */
const busy = (waitMs: number): ApplicationFailure =>
  later(
    'EndpointBusy',
    'it has as many attempts under way as it may',
    waitMs * (0.5 + Math.random()),
  );
