/** The worker for events to merchants: apart from the one for payments in slots and connections. */
import type { Client } from '@temporalio/client';
import {
  type NativeConnection,
  Runtime,
  Worker,
  type WorkflowBundleOption,
} from '@temporalio/worker';
import { connect } from '../../db/client.ts';
import {
  createOutgoingEventRepository,
  type DeliveryPair,
} from '../../db/repositories/outgoing-event.repository.ts';
import { createWebhookDeliveryRepository } from '../../db/repositories/webhook-delivery.repository.ts';
import { createWebhookEndpointRepository } from '../../db/repositories/webhook-endpoint.repository.ts';
import { createSecretBox } from '../../db/secret-box.ts';
import {
  DELIVER_WORKFLOW,
  deliveryOptions,
  EVENTS_ADDED,
  type EventsAdded,
  eventsQueueOf,
} from '../../workflows/contracts.ts';
import type { WorkerEnv } from '../env.ts';
import { Heartbeat } from '../heartbeat.ts';
import { type Dispatcher, startDispatcher, type TellRun } from './dispatcher.ts';
import { intervalMs } from './intervals.ts';
import { createOutgoingActivities } from './outgoing.activities.ts';
import { Places } from './places.ts';

/** What tests make shorter, or do themselves. */
export type EventsOptions = {
  readonly intervalMs?: (attempts: number) => number;
  readonly timeLimitMs?: number;
  readonly slots?: number;
  readonly places?: number;
  readonly placeWaitMs?: number;
  readonly pollMs?: number;
  readonly tell?: TellRun;
};

/** Longer than most endpoints take, and short enough that a hanging one costs little. */
const TIME_LIMIT_MS = 10_000;
const SLOTS = 400;
/** A twentieth of the slots: so many endpoints may hang at once before others feel it. */
const PLACES = 20;
const PLACE_WAIT_MS = 2_000;
/** Latency against load: four index scans a second that find nothing. */
const POLL_MS = 250;
const CONNECTIONS = 10;
const TELL_MS = 5_000;

export type EventsWorker = { run(): Promise<void>; shutdown(): void; close(): Promise<void> };

export async function createEventsWorker(
  env: WorkerEnv,
  world: {
    readonly connection: NativeConnection;
    readonly temporal: Client;
    readonly workflowBundle: WorkflowBundleOption;
    /** Of the payments whose events these are. */
    readonly taskQueue: string;
  },
  options: EventsOptions = {},
): Promise<EventsWorker> {
  const pool = connect(env.DATABASE_URL, { max: CONNECTIONS });
  const { connection, temporal, taskQueue, workflowBundle } = world;
  const worker = await Worker.create({
    connection,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue: eventsQueueOf(taskQueue),
    workflowBundle,
    activities: createOutgoingActivities({
      endpoints: createWebhookEndpointRepository(pool, createSecretBox(env.HOLDFAST_SECRET_KEY)),
      deliveries: createWebhookDeliveryRepository(pool),
      publicUrl: env.HOLDFAST_PUBLIC_URL,
      places: new Places(options.places ?? PLACES),
      placeWaitMs: options.placeWaitMs ?? PLACE_WAIT_MS,
      timeLimitMs: options.timeLimitMs ?? TIME_LIMIT_MS,
      intervalMs: options.intervalMs ?? ((attempts) => intervalMs(attempts)),
    }),
    interceptors: { activity: [() => ({ inbound: new Heartbeat() })] },
    maxHeartbeatThrottleInterval: '1s',
    stickyQueueScheduleToStartTimeout: '3s',
    shutdownGraceTime: '15s',
    maxConcurrentWorkflowTaskExecutions: 20,
    maxConcurrentActivityTaskExecutions: options.slots ?? SLOTS,
    // Most runs end within a second; those that wait for hours need not lie in memory.
    maxCachedWorkflows: 200,
  });
  const startDispatching = (): Dispatcher =>
    startDispatcher({
      events: createOutgoingEventRepository(pool),
      tell: options.tell ?? ((pair, isUrgent) => tellRun(temporal, taskQueue, pair, isUrgent)),
      pollMs: options.pollMs ?? POLL_MS,
      warn: (message, meta) => {
        Runtime.instance().logger.warn(message, meta);
      },
    });
  return {
    async run() {
      const dispatcher = startDispatching();
      try {
        await worker.run();
      } finally {
        await dispatcher.stop();
      }
    },
    shutdown: () => worker.shutdown(),
    close: () => pool.end(),
  };
}

async function tellRun(
  temporal: Client,
  taskQueue: string,
  { endpointId, paymentId, url }: DeliveryPair,
  isUrgent: boolean,
): Promise<void> {
  const { host } = new URL(url);
  await temporal.withDeadline(Date.now() + TELL_MS, () =>
    temporal.workflow.signalWithStart(DELIVER_WORKFLOW, {
      ...deliveryOptions({ endpointId, paymentId, host }, taskQueue),
      signal: EVENTS_ADDED,
      signalArgs: [{ isUrgent } satisfies EventsAdded],
    }),
  );
}
