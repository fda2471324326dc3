/** Turns events into deliveries and tells the runs that carry them. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type {
  DeliveryPair,
  OutgoingEventRepository,
} from '../../db/repositories/outgoing-event.repository.ts';

export type TellRun = (pair: DeliveryPair, isUrgent: boolean) => Promise<void>;

export type Dispatcher = { stop(): Promise<void> };

const EVENTS_AT_ONCE = 200;
const TOLD_AT_ONCE = 25;
/** After an error; the database may be gone for a while. */
const TROUBLE_MS = 1_000;

/**
 * Looks for events until it is stopped. Looking is one index scan that finds nothing; waking by
 * NOTIFY would make the commits of the journal wait for each other (see ADR 15).
 */
export function startDispatcher(deps: {
  readonly events: OutgoingEventRepository;
  readonly tell: TellRun;
  readonly pollMs: number;
  readonly warn: (message: string, meta: Record<string, unknown>) => void;
}): Dispatcher {
  const stopped = new AbortController();
  const limit = pLimit(TOLD_AT_ONCE);

  /** A run that could not be told is started by the sweep: its deliveries are committed. */
  async function tell(pair: DeliveryPair, isAlone: boolean): Promise<void> {
    try {
      await deps.tell(pair, isAlone);
    } catch (error) {
      const { endpointId, paymentId } = pair;
      deps.warn('a delivery waits for the sweep', { endpointId, paymentId, error });
    }
  }

  async function dispatchAll(): Promise<void> {
    while (!stopped.signal.aborted && (await deps.events.hasUndispatched())) {
      const { events, pairs } = await deps.events.dispatch(EVENTS_AT_ONCE);
      // Nothing of waiting for one by one: each is another payment's or another endpoint's.
      await Promise.all(pairs.map(({ isAlone, ...pair }) => limit(() => tell(pair, isAlone))));
      if (events === 0) return;
    }
  }

  async function run(): Promise<void> {
    while (!stopped.signal.aborted) {
      let pauseMs = deps.pollMs;
      try {
        await dispatchAll();
      } catch (error) {
        deps.warn('events could not be dispatched', { error });
        pauseMs = TROUBLE_MS;
      }
      await sleep(pauseMs, undefined, { signal: stopped.signal }).catch(() => undefined);
    }
  }

  const running = run();
  return {
    async stop() {
      stopped.abort();
      await running;
    },
  };
}
