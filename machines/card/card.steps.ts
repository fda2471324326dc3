/** What facts of several kinds change in the same way. Pure. */
import { askLater, askNow } from '../shared/asking.ts';
import { openHoldMinor } from './card.amounts.ts';
import { notExecuted, oldHoldRemains } from './card.sentences.ts';
import type { CardContext } from './card.types.ts';

/** How long a parked payment that is rechecked asks before it is parked again. */
const RECHECK_MS = 60_000;

export const answered = (c: CardContext): CardContext => ({
  ...c,
  operation: null,
  asking: null,
  news: null,
  buyer: null,
});

/** The present hold, as the provider describes it. */
type Hold = { at: number; providerRef: string; holdEndsAt: number | null; multicapture: boolean };

export const holds = (
  c: CardContext,
  { at, providerRef, holdEndsAt, multicapture }: Hold,
): CardContext => ({
  ...c,
  holdSince: at,
  providerRef,
  holdEndsAt,
  multicapture,
  holdWarned: false,
  holdActed: false,
});

/** Gives back all that is held, or what `minor` says of it. */
export function release(
  c: CardContext,
  endedBy: CardContext['endedBy'],
  minor = openHoldMinor(c),
): CardContext {
  const isOver = minor === openHoldMinor(c);
  return {
    ...answered(c),
    voidedMinor: c.voidedMinor + minor,
    ...(isOver ? { endedBy, captureAt: null, lateAt: null } : {}),
  };
}

/** Patience was over once: whoever rechecks a parked payment has it back soon, to resolve it. */
export function recheck(c: CardContext, at: number): CardContext['asking'] {
  const patienceMs = c.policy.inquireWithinMs;
  if (c.operation === null || patienceMs <= RECHECK_MS) return askNow(at);
  return { ...askNow(at), since: at - patienceMs + RECHECK_MS };
}

/** The provider was looked at, and nothing more is to be asked. What a refusal left to be said is
 *  replaced by what was found. */
export const seen = (c: CardContext): CardContext => ({
  ...c,
  asking: null,
  news: null,
  ...(c.refused === null ? {} : { attention: null }),
});

/** Looked at as a whole: whoever was refused has an answer. */
const settled = (c: CardContext): CardContext => ({
  ...c,
  asking: null,
  news: null,
  refused: null,
});

/** Looked at, and the same as before: a hold whose date has come is asked about again, ever later.
 *  It had come when the question was asked, also where the clock that answers is behind. */
export function looked(c: CardContext, at: number): CardContext {
  const asked = c.asking?.since ?? at;
  return isOverdue(c, asked > at ? asked : at)
    ? { ...settled(c), asking: askLater(c.asking ?? askNow(at), at) }
    : settled(c);
}

/** The hold's date has come, and the provider still holds it. */
export const isOverdue = (c: CardContext, at: number): boolean =>
  c.holdEndsAt !== null && at >= c.holdEndsAt && openHoldMinor(c) > 0;

export const countRefund = (
  c: CardContext,
  providerRef: string,
  refund: CardContext['refunds'][string],
): CardContext => ({
  ...c,
  refunds: { ...c.refunds, [providerRef]: refund },
  refundedMinor: c.refundedMinor + refund.amountMinor,
});

export const endedBy = (c: CardContext): CardContext['endedBy'] =>
  c.operation?.reason === 'abandoned' ? 'time' : 'void';

/** Who said that it failed need not be told so. */
export const notDone = (c: CardContext): CardContext => ({
  ...answered(c),
  attention: c.resolution?.outcome === 'failed' ? null : notExecuted(c),
});

/** The new hold stands all the same. */
export const keepOldHold = (c: CardContext, why: string): CardContext => ({
  ...answered(c),
  // It lapses by itself: of the present hold nothing is open but the new one.
  voidedMinor: c.voidedMinor + (c.operation?.amountMinor ?? 0),
  attention: oldHoldRemains(c, why),
});
