/** The worker process: carries payments. SIGTERM lets what is under way finish, then exits. */
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import pino from 'pino';
import { SAFE_LOGGING } from '../machines/shared/loggable.ts';
import { readWorkerEnv } from './env.ts';
import { waitForPrerequisites } from './prerequisites.ts';
import { ensureSweepSchedule } from './sweep-schedule.ts';
import { createWorker } from './worker-process.ts';

const env = readWorkerEnv();
const log = pino({ level: env.LOG_LEVEL, base: { process: 'worker' }, ...SAFE_LOGGING });

/** From then on the process lives until its last connection to Temporal is closed. */
function installRuntime(): void {
  Runtime.install({
    // The process decides when to stop, and says so.
    shutdownSignals: [],
    telemetryOptions: {
      logging: { filter: makeTelemetryFilterString({ core: 'WARN', other: 'ERROR' }), forward: {} },
    },
    logger: {
      log: (level, message, meta) => log[levelOf(level)](meta ?? {}, message),
      trace: (message, meta) => log.trace(meta ?? {}, message),
      debug: (message, meta) => log.debug(meta ?? {}, message),
      info: (message, meta) => log.info(meta ?? {}, message),
      warn: (message, meta) => log.warn(meta ?? {}, message),
      error: (message, meta) => log.error(meta ?? {}, message),
    },
  });
}

function levelOf(level: string): 'trace' | 'debug' | 'info' | 'warn' | 'error' {
  switch (level) {
    case 'TRACE':
      return 'trace';
    case 'DEBUG':
      return 'debug';
    case 'WARN':
      return 'warn';
    case 'ERROR':
      return 'error';
    default:
      return 'info';
  }
}

const stop = new AbortController();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stop.abort());

async function work(): Promise<void> {
  installRuntime();
  const started = await createWorker(env);
  const running = started.worker.run();
  if (stop.signal.aborted) started.worker.shutdown();
  stop.signal.addEventListener('abort', () => started.worker.shutdown());
  await ensureSweepSchedule(started.client);
  await started.scheduleReconciliations().catch((error: unknown) => {
    log.warn({ error }, 'the nightly comparisons are not scheduled yet: the sweep will do it');
  });
  process.stdout.write('READY {}\n');
  await running;
  await started.close();
}

try {
  await waitForPrerequisites(env, log, stop.signal);
  if (!stop.signal.aborted) await work();
} catch (error) {
  // Through the log, which hides what an address or an answer may hold.
  log.fatal({ error }, 'the worker ends');
  process.exit(1);
}
