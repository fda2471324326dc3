/** A worker with everything it needs, apart from the process that it runs in. */
import { fileURLToPath } from 'node:url';
import { Client } from '@temporalio/client';
import {
  bundleWorkflowCode,
  NativeConnection,
  Worker,
  type WorkflowBundle,
} from '@temporalio/worker';
import { connect } from '../db/client.ts';
import { createIntegrationRepository } from '../db/repositories/integration.repository.ts';
import { createSecretBox } from '../db/secret-box.ts';
import { connectionOptions, TASK_QUEUE } from '../workflows/contracts.ts';
import { createActivities, type Instead } from './activities.ts';
import type { WorkerEnv } from './env.ts';
import { Heartbeat } from './heartbeat.ts';
import { createEventsWorker, type EventsOptions } from './outgoing/events-worker.ts';
import { createSchedules } from './reconciliation/schedules.ts';

const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Charts hold no state of their own, so runs may share them. When each run made its own, that took
 *  almost half of the worker's time. */
const chartsPath = fileURLToPath(new URL('../machines/lifecycles.ts', import.meta.url));

/** Workflow code for the sandbox. Built once a process, or once for many and passed on. */
export const bundleWorkflows = (): Promise<WorkflowBundle> =>
  bundleWorkflowCode({ workflowsPath, preloadModules: [chartsPath] });

export type StartedWorker = {
  /** Payments and events to merchants, each with a worker and a task queue of its own. */
  readonly worker: { run(): Promise<void>; shutdown(): void };
  readonly client: Client;
  /** Makes sure that every integration is compared each night; what fails, the sweep takes up. */
  scheduleReconciliations(): Promise<void>;
  /** Frees the connections; call it when `worker.run()` has ended. */
  close(): Promise<void>;
};

export async function createWorker(
  env: WorkerEnv,
  options: {
    /** A file with the built workflows; without it they are built now. */
    bundlePath?: string;
    taskQueue?: string;
    instead?: Instead;
    sweepGraceMs?: number;
    events?: EventsOptions;
    /** 0: every task replays its run from the beginning, as a worker does that never saw it. */
    maxCachedWorkflows?: number;
  } = {},
): Promise<StartedWorker> {
  const pool = connect(env.DATABASE_URL);
  const connection = await NativeConnection.connect(connectionOptions(env));
  const client = new Client({ connection, namespace: env.TEMPORAL_NAMESPACE });
  const taskQueue = options.taskQueue ?? TASK_QUEUE;
  const workflowBundle =
    options.bundlePath === undefined ? await bundleWorkflows() : { codePath: options.bundlePath };
  const payments = await Worker.create({
    connection,
    namespace: env.TEMPORAL_NAMESPACE,
    taskQueue,
    workflowBundle,
    activities: createActivities(
      {
        pool,
        temporal: client,
        secretKey: env.HOLDFAST_SECRET_KEY,
        publicUrl: env.HOLDFAST_PUBLIC_URL,
        ...(options.sweepGraceMs === undefined ? {} : { sweepGraceMs: options.sweepGraceMs }),
      },
      options.instead,
    ),
    interceptors: { activity: [() => ({ inbound: new Heartbeat() })] },
    // A run whose worker died goes to another one this soon; the default of 10 s is longer than most
    // callers wait.
    stickyQueueScheduleToStartTimeout: '3s',
    // Of all beats: they come each 1.5 s, and one that is held back looks like a dead worker.
    maxHeartbeatThrottleInterval: '1s',
    // Calls to providers under way end by themselves within this time; then nothing is cut off.
    shutdownGraceTime: '25s',
    maxConcurrentWorkflowTaskExecutions: 40,
    maxConcurrentActivityTaskExecutions: 100,
    ...(options.maxCachedWorkflows === undefined
      ? {}
      : { maxCachedWorkflows: options.maxCachedWorkflows }),
  });
  const world = { connection, temporal: client, workflowBundle, taskQueue };
  const events = await createEventsWorker(env, world, options.events);
  return {
    worker: {
      async run() {
        await Promise.all([payments.run(), events.run()]);
      },
      shutdown() {
        payments.shutdown();
        events.shutdown();
      },
    },
    client,
    async scheduleReconciliations() {
      const box = createSecretBox(env.HOLDFAST_SECRET_KEY);
      const schedules = createSchedules(client, createIntegrationRepository(pool, box));
      await schedules.ensureAll(taskQueue);
    },
    async close() {
      await connection.close();
      await Promise.all([pool.end(), events.close()]);
    },
  };
}
