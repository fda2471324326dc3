/** What is thrown before the first byte of a request left: nothing was done, and that is certain. */
import { maskCardNumbers } from '../machines/shared/card-number.ts';
import type { Effect, LifecycleEvent } from '../machines/shared/lifecycle.ts';
import { isUnavailable } from '../db/unavailable.ts';
import type { Family } from './family.ts';
import { ProviderNotReached } from './providers/provider.ts';
import type { Sends } from './providers/shared/http.ts';

/** Another attempt speaks for the operation by now. */
export class StaleAttempt extends Error {
  override name = 'StaleAttempt';
  constructor() {
    super('this attempt is too old to send');
  }
}

const REASON_LENGTH_MAX = 200;

/**
 * The fact that Holdfast itself could not make the request: definite, since the next attempt would
 * fail as this one did. A question is asked again later.
 * @throws `error` when it may have been sent, or when the next attempt may do better
 */
export function unsent<State, Event extends LifecycleEvent, Work extends Effect>(
  family: Pick<Family<State, Event, Work, never>, 'lifecycle' | 'refused'>,
  effect: Work,
  { hasSent }: Sends,
  error: unknown,
  at: number,
): Event {
  if (hasSent || mayDoBetter(error)) throw error;
  const why = error instanceof Error ? error.message : String(error);
  const reason = maskCardNumbers(`the request could not be made: ${why}`).slice(
    0,
    REASON_LENGTH_MAX,
  );
  return effect.type === 'inquire'
    ? family.lifecycle.withoutAnswer(effect, at, reason)
    : family.refused(effect, at, { reason, fault: 'ours' });
}

/** Nobody was there, the worker stops, or another attempt took over. */
const mayDoBetter = (error: unknown): boolean =>
  error instanceof ProviderNotReached ||
  error instanceof StaleAttempt ||
  isUnavailable(error) ||
  (error instanceof Error && (error.name === 'AbortError' || error.name === 'CancelledFailure'));
