/** Callers wait for an answer only so long; what they wait for goes on without them. */
import { setTimeout as sleep } from 'node:timers/promises';

/** Longest that `Prefer: wait=N` may ask for. */
const WAIT_MAX_MS = 30_000;
const WAIT_DEFAULT_MS = 10_000;

/** `Prefer: wait=N`, N in seconds (RFC 7240); other preferences are ignored, as it says. */
export function waitMsOf(prefer: string | undefined): number {
  const seconds = /(?:^|[,;\s])wait=(\d{1,4})(?:$|[,;\s])/i.exec(prefer ?? '')?.[1];
  if (seconds === undefined) return WAIT_DEFAULT_MS;
  return Math.min(Number(seconds) * 1000, WAIT_MAX_MS);
}

/** Resolves with `late` after `ms`, unless `work` ends first. A `work` that fails later is heard by
 *  nobody any more, which is what the caller chose. */
export async function within<T, L>(work: Promise<T>, ms: number, late: L): Promise<T | L> {
  const stop = new AbortController();
  try {
    return await Promise.race([work, sleep(ms, late, { signal: stop.signal })]);
  } finally {
    stop.abort();
    work.catch(() => undefined);
  }
}

/** Waits, or for good once nobody listens any more. */
export const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, { signal });
  } catch {
    await forever();
  }
};

/** For a race that others decide. */
export const forever = (): Promise<never> => new Promise(() => undefined);
