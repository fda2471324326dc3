/** Events of one payment on their way to one endpoint, one after the other. */
import {
  ActivityCancellationType,
  ActivityFailure,
  CancellationScope,
  continueAsNew,
  defineSignal,
  proxyActivities,
  proxyLocalActivities,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from '@temporalio/workflow';
import type { NextDelivery, OutgoingActivities } from '../activities/outgoing/outgoing.contract.ts';
import {
  type DeliveryRunInput,
  EVENTS_ADDED,
  type EventsAdded,
  type TestEventInput,
} from './contracts.ts';

const eventsAdded = defineSignal<[EventsAdded]>(EVENTS_ADDED);

const look = proxyLocalActivities<OutgoingActivities>({ startToCloseTimeout: '10s' });

/** Three days for each event, from its turn on. An attempt that was answered says itself when the
 *  next one is (`nextRetryDelay`); these intervals are for a worker or a database that is gone. */
const OPTIONS = {
  startToCloseTimeout: '30s',
  // A worker that died is noticed by this, and its attempt made again by another.
  heartbeatTimeout: '8s',
  scheduleToCloseTimeout: '3d',
  cancellationType: ActivityCancellationType.WAIT_CANCELLATION_COMPLETED,
  retry: { initialInterval: '5s', backoffCoefficient: 2, maximumInterval: '10m' },
} as const;

const act = proxyActivities<OutgoingActivities>(OPTIONS);

export type Tally = { delivered: number; failed: number; skipped: number };

/** Delivers what is pending until nothing is. What an endpoint does not take in three days is given
 *  up, and the next one has its turn. */
export async function deliverEvents(input: DeliveryRunInput): Promise<Tally> {
  const tally: Tally = { delivered: 0, failed: 0, skipped: 0 };
  let wait: CancellationScope | null = null;
  let signals = 0;
  setHandler(eventsAdded, ({ isUrgent }) => {
    signals += 1;
    if (isUrgent) wait?.cancel();
  });
  for (;;) {
    const seen = signals;
    const next = await look.nextDelivery(input.endpointId, input.paymentId);
    if (next === null) {
      if (signals === seen) return tally;
      continue;
    }
    describe(input, tally, next);
    wait = new CancellationScope();
    const state = await deliver(wait, input, next);
    wait = null;
    if (state !== 'pending') tally[state] += 1;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof deliverEvents>(input);
  }
}

/** What became of it; `pending` when somebody asked to look again. */
async function deliver(
  scope: CancellationScope,
  { endpointId, host }: DeliveryRunInput,
  { eventId, type, sequence }: NextDelivery,
): Promise<keyof Tally | 'pending'> {
  const summary = `Tell ${host}: ${type}, fact ${sequence}`;
  try {
    return await scope.run(() =>
      act.deliverEvent.executeWithOptions({ ...OPTIONS, summary }, [endpointId, eventId]),
    );
  } catch (error) {
    if (scope.consideredCancelled) return 'pending';
    if (!(error instanceof ActivityFailure)) throw error;
    await look.giveUpDelivery(endpointId, eventId);
    return 'failed';
  }
}

function describe(input: DeliveryRunInput, tally: Tally, next: NextDelivery): void {
  const { delivered, failed, skipped } = tally;
  setCurrentDetails(
    [
      `### ${next.type} of fact ${next.sequence} is on its way to ${input.host}`,
      `In this run ${delivered} delivered, ${failed} given up, ${skipped} skipped.`,
      `Answers: \`GET /v1/webhook-endpoints/${input.endpointId}/deliveries\``,
    ].join('\n\n'),
  );
}

/** Sends one test event, once; somebody waits for what the endpoint answers. */
export async function sendTestEvent({ endpointId, eventId, host }: TestEventInput): Promise<void> {
  await act.sendTestEvent.executeWithOptions(
    { ...OPTIONS, scheduleToCloseTimeout: '15s', summary: `Send a test event to ${host}` },
    [endpointId, eventId],
  );
}
