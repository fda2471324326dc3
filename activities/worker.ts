/** The worker process: carries payments. SIGTERM lets what is under way finish, then exits. */
import { makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import pino from 'pino';
import { readWorkerEnv } from './env.ts';
import { ensureSweepSchedule } from './sweep-schedule.ts';
import { createWorker } from './worker-process.ts';

const env = readWorkerEnv();
const log = pino({ level: env.LOG_LEVEL, base: { process: 'worker' } });

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

const started = await createWorker(env);
const { worker } = started;
const running = worker.run();
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => worker.shutdown());
await ensureSweepSchedule(started.client);
await started.scheduleReconciliations().catch((error: unknown) => {
  log.warn({ err: error }, 'the nightly comparisons are not scheduled yet: the sweep will do it');
});
process.stdout.write('READY {}\n');
await running;
await started.close();
