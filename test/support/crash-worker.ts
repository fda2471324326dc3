/**
 * A worker process of its own, to be killed: `node --import tsx test/support/crash-worker.ts`. Ends
 * itself with SIGKILL at the point and on the verb that its environment names, once. Nothing is
 * simulated about the death: no handler runs, no connection is closed.
 */
import { existsSync, writeFileSync } from 'node:fs';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { z } from 'zod';
import type { CreditProvider } from '../../activities/providers/credit-provider.ts';
import {
  cardProviderOf,
  creditProviderOf,
  guaranteeProviderOf,
} from '../../activities/providers/registry.ts';
import { createWorker } from '../../activities/worker-process.ts';
import { connect } from '../../db/client.ts';
import { createJournal, type Journal } from '../../db/journal/journal.ts';
import type { GuaranteeProvider } from '../../activities/providers/guarantee-provider.ts';
import type { CardProvider } from '../../activities/providers/provider.ts';

const env = z
  .object({
    DATABASE_URL: z.string(),
    TEMPORAL_ADDRESS: z.string(),
    HOLDFAST_SECRET_KEY: z.string(),
    TASK_QUEUE: z.string(),
    BUNDLE: z.string(),
    CRASH_POINT: z.enum([
      'before-call',
      'after-call',
      'after-journal',
      'after-time',
      'after-dispatch',
      'never',
    ]),
    CRASH_VERB: z.string(),
    /** Made when the worker kills itself, so that the next one does not. */
    CRASH_MARK: z.string(),
  })
  .parse(process.env);

Runtime.install({ logger: new DefaultLogger('WARN'), shutdownSignals: [] });

const isArmed = (): boolean => !existsSync(env.CRASH_MARK);

function die(): void {
  writeFileSync(env.CRASH_MARK, env.CRASH_POINT);
  process.kill(process.pid, 'SIGKILL');
}

/** Dies just before or just after the provider acts. */
function deadly(provider: CardProvider): CardProvider {
  const verb = env.CRASH_VERB as 'authorize' | 'capture' | 'void' | 'refund';
  const method = provider[verb] as (...terms: unknown[]) => Promise<unknown>;
  return {
    ...provider,
    [verb]: async (...terms: unknown[]) => {
      if (env.CRASH_POINT === 'before-call' && isArmed()) die();
      const outcome = await method(...terms);
      if (env.CRASH_POINT === 'after-call' && isArmed()) die();
      return outcome;
    },
  };
}

/** The same, of one that has a single door for all that it does. */
function deadlyDoor<Provider extends GuaranteeProvider | CreditProvider>(
  provider: Provider,
): Provider {
  // Each takes effects of its own family alone: its type says so to whoever calls it.
  const perform = provider.perform as (...asked: readonly unknown[]) => Promise<unknown>;
  return {
    ...provider,
    perform: async (effect: { readonly type: string }, ...rest: readonly unknown[]) => {
      const isIt = effect.type === env.CRASH_VERB;
      if (env.CRASH_POINT === 'before-call' && isIt && isArmed()) die();
      const outcome = await perform(effect, ...rest);
      if (env.CRASH_POINT === 'after-call' && isIt && isArmed()) die();
      return outcome;
    },
  };
}

/** Dies when the outcome, or what time alone brought, lies in the journal and Temporal has not heard
 *  of it. */
function deadlyJournal(journal: Journal): Journal {
  return {
    append: async (input) => {
      const appended = await journal.append(input);
      const isOutcome =
        input.yields === true && input.evidence?.operationId.includes(env.CRASH_VERB);
      if (env.CRASH_POINT === 'after-journal' && isOutcome === true && isArmed()) die();
      const isTime = input.facts[0]?.event.type === 'inquiry.exhausted';
      if (env.CRASH_POINT === 'after-time' && isTime && isArmed()) die();
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
    instead: {
      journal: deadlyJournal(createJournal(connect(env.DATABASE_URL, { max: 5 }))),
      providerOf: (integration) => deadly(cardProviderOf(integration)),
      guaranteeProviderOf: (integration) => deadlyDoor(guaranteeProviderOf(integration)),
      creditProviderOf: (integration) => deadlyDoor(creditProviderOf(integration)),
    },
    // Dies when the deliveries lie in the database and no run has heard of them.
    events: env.CRASH_POINT === 'after-dispatch' ? { tell: async () => die() } : {},
  },
);
process.stdout.write('READY {}\n');
await worker.run();
