/** What each fact changes. Pure; where it leads, the chart says. */
import { assert, assertNever } from '../shared/assert.ts';
import { askAgain, askLater, askNow, askSoon } from '../shared/asking.ts';
import { capturedOfHoldMinor, openHoldMinor } from './card.amounts.ts';
import { recordDispute } from './card.disputes.ts';
import { actOnEnding, begin, captureScheduled, reject, uponHold } from './card.operations.ts';
import { heedProof, resolvedEvent } from './card.resolution.ts';
import { lostCapture, paidInTheLastMoment, tooLateForSchedule } from './card.lateness.ts';
import {
  contradicted,
  lateMoney,
  notExecuted,
  notReauthorized,
  oldHoldRemains,
  refusedByProvider,
  stillUnknown,
} from './card.sentences.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext } from './card.types.ts';

const HOUR = 3_600_000;
/** How long a parked payment that is rechecked asks before it is parked again. */
const RECHECK_MS = 60_000;
/** A buyer who comes back wants to know; nobody else looks so closely. */
const BUYER_MAX_MS = 60_000;

const answered = (c: CardContext): CardContext => ({
  ...c,
  operation: null,
  asking: null,
  news: null,
  buyer: null,
});

/** The present hold, as the provider describes it. */
type Hold = { at: number; providerRef: string; holdEndsAt: number | null; multicapture: boolean };

const holds = (
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
function release(
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

/** The context after `event`: amounts, the operation in flight, what people are told. */
export function record(c: CardContext, event: CardEvent): CardContext {
  if (event.type !== 'resolution.applied') return heedProof(c, event, change(c, event));
  const resolved = heedProof(c, event, change(c, resolvedEvent(c, event.at)));
  // Of a hold that only a person saw nobody knows when it lapses: the provider is asked for that.
  const isUndated = resolved.operation === null && openHoldMinor(resolved) > 0;
  return isUndated && resolved.holdEndsAt === null
    ? { ...resolved, asking: askNow(event.at) }
    : resolved;
}

function change(c: CardContext, event: CardEvent): CardContext {
  switch (event.type) {
    case 'authorization.approved':
      return tooLateForSchedule({
        ...holds(answered(c), event),
        authorizedMinor: event.amountMinor,
      });
    case 'sale.approved':
      return {
        ...answered(c),
        authorizedMinor: event.amountMinor,
        capturedMinor: event.amountMinor,
        providerRef: event.providerRef,
        captureAt: null,
        ...paidInTheLastMoment(c, event.at),
      };
    case 'authorization.declined':
      return {
        ...answered(c),
        decline: event.decline,
        isDeclined: true,
        providerRef: event.providerRef ?? c.providerRef,
      };
    case 'buyer.action_required':
      return {
        ...c,
        providerRef: event.providerRef,
        buyer: { nextAction: event.nextAction, expiresAt: event.at + c.policy.buyerWithinMs },
        asking: askSoon(event.at),
        news: null,
      };
    case 'review.opened':
      return {
        ...c,
        providerRef: event.providerRef,
        buyer: null,
        asking: askSoon(event.at),
        news: null,
      };
    case 'capture.pending':
    case 'void.pending':
    case 'refund.pending':
      // Pending still: the pauses go on growing, and patience is counted from the beginning.
      return {
        ...c,
        news: null,
        asking: c.asking ? askLater(c.asking, event.at) : askSoon(event.at),
      };
    case 'authorization.unknown':
    case 'capture.unknown':
    case 'void.unknown':
    case 'refund.unknown':
    case 'reauthorization.unknown':
      return { ...c, asking: askNow(event.at), news: null };
    case 'authorization.absent':
    case 'payment.abandoned':
      return { ...answered(c), endedBy: 'time' };
    case 'authorization.refused':
      return { ...c, asking: null, news: null, attention: refusedByProvider(c, event.reason) };
    case 'capture.requested':
      return begin(c, 'capture', event.at, {
        amountMinor: event.amountMinor,
        // Nothing would be left to capture later, so the provider is told that it is the last.
        final: event.final || event.amountMinor === openHoldMinor(c),
      });
    case 'capture.due':
      return captureScheduled(c, event.at);
    case 'capture.scheduled': {
      const { captureAt, amountMinor, final } = event;
      return { ...c, attention: null, captureAt: { at: captureAt, amountMinor, final } };
    }
    case 'capture.unscheduled':
      return { ...c, captureAt: null };
    case 'void.requested':
      return begin(c, 'void', event.at, { amountMinor: openHoldMinor(c) });
    case 'buyer.timed_out': {
      const giveUp = begin(c, 'void', event.at, { amountMinor: 0, reason: 'abandoned' });
      // Who paid in the last moment is seen before anything is cancelled.
      return { ...giveUp, asking: askNow(event.at) };
    }
    case 'refund.requested': {
      const { amountMinor, reason } = event;
      return begin(c, 'refund', event.at, { amountMinor, reason, ...uponHold(c, amountMinor) });
    }
    case 'hold.rescheduled':
      // What was done about the old date has to be done about the new one.
      return seen({
        ...c,
        holdEndsAt: event.holdEndsAt,
        holdSince: c.holdSince ?? event.at,
        holdWarned: false,
        holdActed: false,
      });
    case 'hold.ending':
      return { ...c, holdWarned: true };
    case 'hold.policy_due':
      return actOnEnding(c, event.action, event.at);
    case 'late_money.rejected':
      return reject(c, event.at);
    case 'capture.succeeded':
      return {
        ...answered(c),
        capturedMinor: c.capturedMinor + event.amountMinor,
        voidedMinor: c.voidedMinor + event.releasedMinor,
        ...(event.amountMinor + event.releasedMinor === openHoldMinor(c)
          ? { captureAt: null }
          : {}),
      };
    case 'void.succeeded':
      return release(c, endedBy(c), event.releasedMinor);
    case 'refund.succeeded':
      return countRefund(answered(c), event.providerRef ?? event.operationId, {
        amountMinor: event.amountMinor,
        upon: c.operation?.upon ?? c.providerRef ?? '',
      });
    case 'reauthorization.approved': {
      const former = { providerRef: c.providerRef ?? '', capturedMinor: capturedOfHoldMinor(c) };
      const renewed = holds(c, event);
      // Both stand now; the new one is safe, so the old one is given back.
      const releasing = begin(renewed, 'void', event.at, {
        amountMinor: openHoldMinor(c),
        reason: 'renewed',
        upon: former.providerRef,
      });
      return {
        ...releasing,
        authorizedMinor: c.authorizedMinor + event.amountMinor,
        formerHolds: [...c.formerHolds, former],
      };
    }
    case 'reauthorization.declined':
      return {
        ...answered(c),
        decline: event.decline,
        attention: notReauthorized(c, event.decline.code),
      };
    case 'reauthorization.refused':
    case 'reauthorization.absent':
      return { ...answered(c), attention: notReauthorized(c, event.reason) };
    case 'capture.declined':
    case 'refund.declined':
      return { ...answered(c), decline: event.decline };
    case 'void.declined':
      return c.operation?.reason === 'renewed'
        ? keepOldHold(c, event.decline.code)
        : { ...answered(c), decline: event.decline };
    case 'capture.refused':
    case 'refund.refused':
      return { ...answered(c), attention: refusedByProvider(c, event.reason) };
    case 'void.refused':
      return c.operation?.reason === 'renewed'
        ? keepOldHold(c, event.reason)
        : { ...answered(c), attention: refusedByProvider(c, event.reason) };
    case 'void.absent':
      return c.operation?.reason === 'renewed' ? keepOldHold(c, event.reason) : notDone(c);
    case 'capture.absent':
    case 'refund.absent':
      return notDone(c);
    case 'capture.overtaken':
      return { ...answered(c), asking: askNow(event.at) };
    case 'void.overtaken': {
      // What became of a replaced hold, the look that follows sets right.
      const replaced = c.operation?.reason === 'renewed' ? c.operation.amountMinor : 0;
      const voidedMinor = c.voidedMinor + replaced;
      return { ...answered(c), voidedMinor, asking: askNow(event.at) };
    }
    case 'hold.due':
      return { ...c, asking: askNow(event.at) };
    case 'hold.expired':
      return { ...release(c, 'time'), decline: lostCapture(c) };
    case 'void.found':
      return release(c, 'void', event.amountMinor);
    case 'hold.found': {
      const found = {
        ...holds(answered(c), event),
        authorizedMinor: event.amountMinor,
        decline: null,
        isDeclined: false,
        endedBy: null,
        lateAt: event.at,
      };
      return c.policy.onLateMoney === 'adopt'
        ? { ...found, lateAt: null, attention: lateMoney(c) }
        : found;
    }
    case 'capture.found': {
      const capturedMinor = c.capturedMinor + event.amountMinor;
      const voidedMinor = c.authorizedMinor - capturedMinor - event.heldMinor;
      const formerHolds = c.formerHolds.map((hold) =>
        hold.providerRef === event.upon
          ? { ...hold, capturedMinor: hold.capturedMinor + event.amountMinor }
          : hold,
      );
      const rest = event.heldMinor === 0 ? { captureAt: null } : {};
      return seen({ ...c, capturedMinor, voidedMinor, formerHolds, ...rest });
    }
    case 'refund.found': {
      const { providerRef, amountMinor, upon } = event;
      return seen(countRefund(c, providerRef, { amountMinor, upon }));
    }
    case 'refund.failed': {
      const { [event.providerRef]: failed, ...refunds } = c.refunds;
      assert(failed?.amountMinor === event.amountMinor, 'a refund that was not counted has failed');
      const decline = {
        verb: 'refund',
        code: event.reason ?? 'refund_failed',
        message: 'The refund failed after it had succeeded: the money is back with the merchant.',
        advice: null,
      };
      return seen({ ...c, refunds, refundedMinor: c.refundedMinor - event.amountMinor, decline });
    }
    case 'dispute.opened':
    case 'dispute.won':
    case 'dispute.lost':
      return seen(recordDispute(c, event));
    case 'picture.confirmed':
      return looked(c, event.at);
    case 'picture.contradicted':
      return { ...looked(c, event.at), attention: contradicted(c, event.reason) };
    case 'inquiry.due':
      return { ...c, asking: c.asking && askAgain(c.asking) };
    case 'recheck.requested':
      return {
        ...c,
        attention: null,
        asking: c.asking ? askAgain(c.asking) : recheck(c, event.at),
      };
    case 'news.received': {
      const { notificationId, verified } = event;
      return {
        ...c,
        providerRef: c.providerRef ?? event.providerRef,
        news: { notificationId, verified },
        attention: c.operation === null ? c.attention : null,
        asking: c.asking ? askAgain(c.asking) : askNow(event.at),
      };
    }
    case 'resolution.proposed': {
      const { outcome, providerRef } = event;
      const resolution = { outcome, providerRef };
      return { ...c, attention: null, asking: askNow(event.at), resolution };
    }
    case 'resolution.applied':
      throw new Error('Invariant broken: a resolution is recorded as what it amounts to');
    case 'inquiry.inconclusive':
      return {
        ...c,
        news: null,
        asking: c.asking && askLater(c.asking, event.at, c.buyer ? BUYER_MAX_MS : HOUR),
      };
    case 'inquiry.exhausted':
      return c.operation === null
        ? { ...c, asking: null }
        : { ...c, asking: null, attention: stillUnknown(c) };
    default:
      return assertNever(event);
  }
}

/** Patience was over once: whoever rechecks a parked payment has it back soon, to resolve it. */
function recheck(c: CardContext, at: number): CardContext['asking'] {
  const patienceMs = c.policy.inquireWithinMs;
  if (c.operation === null || patienceMs <= RECHECK_MS) return askNow(at);
  return { ...askNow(at), since: at - patienceMs + RECHECK_MS };
}

/** The provider was looked at, and nothing more is to be asked. */
const seen = (c: CardContext): CardContext => ({ ...c, asking: null, news: null });

/** Looked at, and the same as before: a hold whose date has come is asked about again, ever later.
 *  It had come when the question was asked, also where the clock that answers is behind. */
function looked(c: CardContext, at: number): CardContext {
  const asked = c.asking?.since ?? at;
  return isOverdue(c, asked > at ? asked : at)
    ? { ...c, news: null, asking: askLater(c.asking ?? askNow(at), at) }
    : seen(c);
}

/** The hold's date has come, and the provider still holds it. */
export const isOverdue = (c: CardContext, at: number): boolean =>
  c.holdEndsAt !== null && at >= c.holdEndsAt && openHoldMinor(c) > 0;

const countRefund = (
  c: CardContext,
  providerRef: string,
  refund: CardContext['refunds'][string],
): CardContext => ({
  ...c,
  refunds: { ...c.refunds, [providerRef]: refund },
  refundedMinor: c.refundedMinor + refund.amountMinor,
});

const endedBy = (c: CardContext): CardContext['endedBy'] =>
  c.operation?.reason === 'abandoned' ? 'time' : 'void';

/** Who said that it failed need not be told so. */
const notDone = (c: CardContext): CardContext => ({
  ...answered(c),
  attention: c.resolution?.outcome === 'failed' ? null : notExecuted(c),
});

/** The new hold stands all the same. */
const keepOldHold = (c: CardContext, why: string): CardContext => ({
  ...answered(c),
  // It lapses by itself: of the present hold nothing is open but the new one.
  voidedMinor: c.voidedMinor + (c.operation?.amountMinor ?? 0),
  attention: oldHoldRemains(c, why),
});
