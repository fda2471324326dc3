/** Use cases: what an endpoint was sent, sending it again, and sending a test. */
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import type { WebhookDelivery } from '../../db/repositories/webhook-delivery.repository.ts';
import {
  DELIVER_WORKFLOW,
  deliveryOptions,
  EVENTS_ADDED,
  type EventsAdded,
  eventsQueueOf,
  TEST_EVENT_WORKFLOW,
  type TestEventInput,
} from '../../workflows/contracts.ts';
import type { ApiDeps } from '../deps.ts';
import { derivedId } from '../payments/digest.ts';
import { Problem } from '../problem.ts';
import { assertKeyFits, findEndpoint, requestAbout } from './endpoints.ts';

/** An attempt takes 10 s at most, and may have to wait for its place. */
const TEST_WITHIN_MS = 16_000;
const SIGNAL_WITHIN_MS = 5_000;

/** Anything else is no id of ours, and may hold what Postgres does not take (U+0000). */
export const isEventId = (text: string): boolean => /^evt_[0-9a-z_]{1,60}$/.test(text);

const hostOf = (url: string): string => new URL(url).host;

type About = { readonly endpointId: string; readonly idempotencyKey: string };

/** @throws Problem */
export async function redeliver(
  deps: ApiDeps,
  caller: Caller,
  { endpointId, idempotencyKey, eventId }: About & { eventId: string },
): Promise<WebhookDelivery> {
  const endpoint = await findEndpoint(deps, caller, endpointId);
  const { paymentId } = await findDelivery(deps, endpointId, eventId);
  if (paymentId === null) {
    throw new Problem('invalid-request', 'A test event is not sent again. Send another test.');
  }
  if (!endpoint.enabled) {
    throw new Problem('endpoint-disabled', 'Switch the endpoint on, then ask for the event again.');
  }
  const request = requestAbout(endpointId, idempotencyKey, 'redeliver', eventId);
  const asked = await deps.webhookDeliveries.redeliver(request, eventId);
  assertKeyFits(asked);
  if (asked === 'done') await tellRun(deps, { endpointId, paymentId, host: hostOf(endpoint.url) });
  return findDelivery(deps, endpointId, eventId);
}

/** What is not told is found by the sweep: it lies in the database and is due. */
async function tellRun(
  deps: ApiDeps,
  run: { endpointId: string; paymentId: string; host: string },
): Promise<void> {
  try {
    await deps.temporal.withDeadline(Date.now() + SIGNAL_WITHIN_MS, () =>
      deps.temporal.workflow.signalWithStart(DELIVER_WORKFLOW, {
        ...deliveryOptions(run, deps.taskQueue),
        signal: EVENTS_ADDED,
        signalArgs: [{ isUrgent: true } satisfies EventsAdded],
      }),
    );
  } catch (error) {
    const { endpointId, paymentId } = run;
    deps.log.warn({ endpointId, paymentId, error }, 'waits for the sweep');
  }
}

/** Sends a test event now, also to an endpoint that is switched off, and waits for its answer.
 *  @throws Problem */
export async function testEndpoint(
  deps: ApiDeps,
  caller: Caller,
  { endpointId, idempotencyKey }: About,
): Promise<WebhookDelivery> {
  const endpoint = await findEndpoint(deps, caller, endpointId);
  const request = requestAbout(endpointId, idempotencyKey, 'test');
  assertKeyFits(await deps.webhookDeliveries.ask(request));
  const eventId = derivedId('evt_test', [endpointId, idempotencyKey]);
  const known = await deps.webhookDeliveries.find(endpointId, eventId);
  if (known !== null) return known;
  try {
    const input: TestEventInput = { endpointId, eventId, host: hostOf(endpoint.url) };
    await deps.temporal.withDeadline(Date.now() + TEST_WITHIN_MS, () =>
      deps.temporal.workflow.execute(TEST_EVENT_WORKFLOW, {
        workflowId: `${eventId}-to-${endpointId}`,
        taskQueue: eventsQueueOf(deps.taskQueue),
        args: [input],
        workflowIdConflictPolicy: 'USE_EXISTING',
        workflowExecutionTimeout: TEST_WITHIN_MS,
        staticSummary: `Test event to ${input.host}`,
      }),
    );
  } catch (error) {
    deps.log.warn({ endpointId, error }, 'no answer to a test event');
  }
  const sent = await deps.webhookDeliveries.find(endpointId, eventId);
  if (sent !== null) return sent;
  throw new Problem(
    'not-accepted',
    'No worker could send the test event in time. Ask again with the same Idempotency-Key.',
  );
}

async function findDelivery(
  deps: ApiDeps,
  endpointId: string,
  eventId: string,
): Promise<WebhookDelivery> {
  const found = isEventId(eventId) ? await deps.webhookDeliveries.find(endpointId, eventId) : null;
  if (found === null) throw new Problem('not-found', 'This endpoint has no such delivery.');
  return found;
}
