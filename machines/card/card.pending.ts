/** Refunds that the provider accepted, and whose result comes later: the payment goes on meanwhile. */
import { askAgain, askLater, askNow, askSoon } from '../shared/asking.ts';
import { pendingTooLong, refundFailed } from './card.sentences.ts';
import { answered, countRefund, isOverdue } from './card.steps.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext } from './card.types.ts';

type Of<T extends CardEvent['type']> = Extract<CardEvent, { type: T }>;

/** Pending still: the pauses go on growing, and patience is counted from the beginning. */
export const stillPending = (c: CardContext, at: number): CardContext => ({
  ...c,
  news: null,
  asking: c.asking ? askLater(c.asking, at) : askSoon(at),
});

/** It counts against what may be given back, and is asked about beside everything else. */
export function pendingRefund(c: CardContext, event: Of<'refund.pending'>): CardContext {
  const { at, operationId, providerRef = null } = event;
  const amountMinor = c.operation?.amountMinor ?? 0;
  const upon = c.operation?.upon ?? c.providerRef ?? '';
  return {
    ...answered(c),
    pendingRefunds: {
      ...c.pendingRefunds,
      [operationId]: { amountMinor, upon, providerRef, since: at },
    },
    pendingAsking: askSoon(at),
  };
}

/** An operation's own answer, or what became of a refund that was pending. */
export function refunded(c: CardContext, event: Of<'refund.succeeded'>): CardContext {
  const { amountMinor, operationId } = event;
  const pending = c.pendingRefunds[operationId];
  const upon = pending?.upon ?? c.operation?.upon ?? c.providerRef ?? '';
  const counted = (from: CardContext): CardContext =>
    countRefund(from, event.providerRef ?? operationId, { amountMinor, upon });
  return c.operation === null ? counted(withoutPending(c, operationId)) : counted(answered(c));
}

/** Nobody waits for it any more: people have to be told. */
export const pendingRefundFailed = (
  c: CardContext,
  { decline, operationId }: Of<'refund.declined'>,
): CardContext => ({
  ...withoutPending(c, operationId),
  decline,
  attention: refundFailed(c, c.pendingRefunds[operationId]?.amountMinor ?? 0),
});

function withoutPending(c: CardContext, operationId: string): CardContext {
  const { [operationId]: _over, ...pendingRefunds } = c.pendingRefunds;
  const isLast = Object.keys(pendingRefunds).length === 0;
  return {
    ...c,
    asking: null,
    news: null,
    pendingRefunds,
    pendingAsking: isLast ? null : c.pendingAsking,
  };
}

/** The question that was put off, or the one about what is pending: the whole is looked at then. */
export function askedInTime(c: CardContext, at: number): CardContext {
  if (c.asking !== null) return { ...c, asking: askAgain(c.asking) };
  if (c.pendingAsking === null || c.operation !== null) return c;
  const late = Object.values(c.pendingRefunds).find(
    ({ since }) => at >= since + c.policy.reviewWithinMs,
  );
  return {
    ...c,
    asking: askNow(at),
    pendingAsking: askLater(c.pendingAsking, at),
    attention: late === undefined ? c.attention : pendingTooLong(c, late),
  };
}

/** Nothing but what is pending is asked about, which has a time of its own. */
export const isAskedAnyway = (c: CardContext, at: number): boolean =>
  c.pendingAsking !== null && c.operation === null && !isOverdue(c, at);
