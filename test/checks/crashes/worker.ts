/**
 * A worker process that counts what it does for its one payment, and ends itself with SIGKILL where
 * its environment says. Nothing is simulated about the death: no handler runs, nothing is closed.
 */
import { appendFileSync } from 'node:fs';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { z } from 'zod';
import {
  cardProviderOf,
  creditProviderOf,
  guaranteeProviderOf,
} from '../../../activities/providers/registry.ts';
import { createWorker } from '../../../activities/worker-process.ts';
import { connect } from '../../../db/client.ts';
import { createJournal, type Journal } from '../../../db/journal/journal.ts';
import { POINTS, type Point } from './cut.ts';

const env = z
  .object({
    DATABASE_URL: z.string(),
    TEMPORAL_ADDRESS: z.string(),
    HOLDFAST_SECRET_KEY: z.string(),
    TASK_QUEUE: z.string(),
    BUNDLE: z.string(),
    CUT_POINT: z.enum([...POINTS, 'none']),
    CUT_NTH: z.coerce.number(),
    /** Takes one line for each point that is passed. */
    CUT_LOG: z.string(),
    /** `no`: every workflow task replays its run from the beginning. */
    CACHE: z.enum(['yes', 'no']),
  })
  .parse(process.env);

Runtime.install({ logger: new DefaultLogger('ERROR'), shutdownSignals: [] });

// Whoever started it is gone.
process.stdin.once('end', () => process.kill(process.pid, 'SIGKILL')).resume();

const passed = new Map<Point, number>();

/** Counts this point, and dies if it is the one. */
function pass(point: Point): void {
  const nth = (passed.get(point) ?? 0) + 1;
  passed.set(point, nth);
  appendFileSync(env.CUT_LOG, `${point}\n`);
  if (point === env.CUT_POINT && nth === env.CUT_NTH) process.kill(process.pid, 'SIGKILL');
}

/** One payment has one call under way at a time, so this process needs no more memory than that. */
let isInCall = false;
let isAnswered = false;

const realFetch = globalThis.fetch;
globalThis.fetch = async (...terms: Parameters<typeof fetch>) => {
  if (!isInCall) return realFetch(...terms);
  pass('before-send');
  const response = await realFetch(...terms);
  // The provider has acted; nobody has read a word of what it said.
  pass('after-send');
  return response;
};

/** Counts the answers of a provider, whatever its methods are called. */
function counted<Provider extends object>(provider: Provider): Provider {
  const entries = Object.entries(provider).map(([name, part]: [string, unknown]) => {
    if (typeof part !== 'function') return [name, part];
    const method = part as (...terms: unknown[]) => unknown;
    return [
      name,
      (...terms: unknown[]) => {
        isInCall = true;
        const answer = method(...terms);
        if (!(answer instanceof Promise)) {
          isInCall = false;
          return answer;
        }
        return answer.then(
          (outcome: unknown) => {
            isInCall = false;
            pass('after-answer');
            isAnswered = true;
            return outcome;
          },
          (error: unknown) => {
            isInCall = false;
            throw error;
          },
        );
      },
    ];
  });
  return Object.fromEntries(entries) as Provider;
}

function countedJournal(journal: Journal): Journal {
  return {
    append: async (input) => {
      const isOutcome = isAnswered && input.attempt === undefined;
      const appended = await journal.append(input);
      if (isOutcome) {
        isAnswered = false;
        pass('after-journal');
      } else if (input.facts.length > 0) {
        pass('after-append');
      }
      return appended;
    },
  };
}

const { worker } = await createWorker(
  {
    ...env,
    TEMPORAL_NAMESPACE: 'default',
    TEMPORAL_TLS: false,
    HOLDFAST_PUBLIC_URL: 'http://127.0.0.1:8080',
    LOG_LEVEL: 'error',
  },
  {
    taskQueue: env.TASK_QUEUE,
    bundlePath: env.BUNDLE,
    ...(env.CACHE === 'no' ? { maxCachedWorkflows: 0 } : {}),
    instead: {
      journal: countedJournal(createJournal(connect(env.DATABASE_URL, { max: 3 }))),
      providerOf: (integration) => counted(cardProviderOf(integration)),
      guaranteeProviderOf: (integration) => counted(guaranteeProviderOf(integration)),
      creditProviderOf: (integration) => counted(creditProviderOf(integration)),
    },
  },
);
process.stdout.write('READY {}\n');
await worker.run();
