/** What each fact changes. Pure; where it leads, the chart says. */
import { assert, assertNever } from '../shared/assert.ts';
import { askAgain, askLater, askNow, askSoon } from '../shared/asking.ts';
import { capturedOfHoldMinor, openHoldMinor } from './card.amounts.ts';
import { recordDispute } from './card.disputes.ts';
import { abandonDoubt, unwantedSince } from './card.given-up.ts';
import { actOnEnding, begin, captureScheduled, reject, uponHold } from './card.operations.ts';
import {
  askedInTime,
  isAskedAnyway,
  pendingRefund,
  pendingRefundFailed,
  refunded,
  stillPending,
} from './card.pending.ts';
import { declined, refusedFirst, refusedOperation, superseded } from './card.refused.ts';
import { heedProof, resolvedEvent } from './card.resolution.ts';
import {
  lostCapture,
  lostSchedule,
  paidInTheLastMoment,
  tooLateForSchedule,
} from './card.lateness.ts';
import {
  contradicted,
  lateMoney,
  notReauthorized,
  refundFailed,
  refusedByProvider,
  stillUnknown,
} from './card.sentences.ts';
import {
  answered,
  countRefund,
  endedBy,
  holds,
  keepOldHold,
  looked,
  notDone,
  recheck,
  release,
  seen,
} from './card.steps.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext } from './card.types.ts';

const HOUR = 3_600_000;
/** A buyer who comes back wants to know; nobody else looks so closely. */
const BUYER_MAX_MS = 60_000;

/** The context after `event`: amounts, the operation in flight, what people are told. */
export function record(c: CardContext, event: CardEvent): CardContext {
  return lookIfHeard(c, recorded(c, event), event.at);
}

function recorded(c: CardContext, event: CardEvent): CardContext {
  if (event.type !== 'resolution.applied') return heedProof(c, event, change(c, event));
  const resolved = heedProof(c, event, change(c, resolvedEvent(c, event.at)));
  // Of a hold that only a person saw nobody knows when it lapses: the provider is asked for that.
  const isUndated = resolved.operation === null && openHoldMinor(resolved) > 0;
  return isUndated && resolved.holdEndsAt === null
    ? { ...resolved, asking: askNow(event.at) }
    : resolved;
}

const isAboutMore = ({ operation }: CardContext): boolean =>
  operation !== null && operation.verb !== 'authorize';

/** What was heard during an operation is looked at when that ends. */
function lookIfHeard(before: CardContext, after: CardContext, at: number): CardContext {
  const isOver = before.operation !== null && after.operation === null;
  if (!before.hasHeard || !isOver) return after;
  const asking = after.providerRef === null ? null : (after.asking ?? askNow(at));
  return { ...after, hasHeard: false, asking };
}

function change(c: CardContext, event: CardEvent): CardContext {
  switch (event.type) {
    case 'authorization.approved':
      return tooLateForSchedule({
        ...holds(answered(c), event),
        authorizedMinor: event.amountMinor,
        ...unwantedSince(c, event.at),
      });
    case 'sale.approved':
      return {
        ...answered(c),
        authorizedMinor: event.amountMinor,
        capturedMinor: event.amountMinor,
        providerRef: event.providerRef,
        captureAt: null,
        ...paidInTheLastMoment(c, event.at),
        ...unwantedSince(c, event.at),
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
    case 'refund.pending':
      return c.version === 1 ? stillPending(c, event.at) : pendingRefund(c, event);
    case 'capture.pending':
    case 'void.pending':
      return stillPending(c, event.at);
    case 'authorization.given_up':
      return abandonDoubt(c, event);
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
      return c.version === 1
        ? { ...c, asking: null, news: null, attention: refusedByProvider(c, event.reason) }
        : { ...refusedFirst(c, event), isDeclined: true };
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
        lastCapture: { amountMinor: event.amountMinor, releasedMinor: event.releasedMinor },
        ...(event.amountMinor + event.releasedMinor === openHoldMinor(c)
          ? { captureAt: null }
          : {}),
      };
    case 'void.succeeded':
      return release(c, endedBy(c), event.releasedMinor);
    case 'refund.succeeded':
      return refunded(c, event);
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
    case 'refund.declined':
      return c.operation === null ? pendingRefundFailed(c, event) : declined(c, event.decline);
    case 'capture.declined':
      return declined(c, event.decline);
    case 'void.declined':
      return c.operation?.reason === 'renewed'
        ? keepOldHold(c, event.decline.code)
        : declined(c, event.decline);
    case 'capture.refused':
    case 'refund.refused':
      return refusedOperation(c, event);
    case 'void.refused':
      return c.operation?.reason === 'renewed'
        ? keepOldHold(c, event.reason)
        : refusedOperation(c, event);
    case 'void.absent':
      return c.operation?.reason === 'renewed' ? keepOldHold(c, event.reason) : notDone(c);
    case 'capture.absent':
    case 'refund.absent':
      return notDone(c);
    case 'capture.overtaken':
      return superseded(c, event);
    case 'void.overtaken': {
      // What became of a replaced hold, the look that follows sets right.
      const replaced = c.operation?.reason === 'renewed' ? c.operation.amountMinor : 0;
      return { ...superseded(c, event), voidedMinor: c.voidedMinor + replaced };
    }
    case 'hold.due':
      return { ...c, asking: askNow(event.at) };
    case 'hold.expired':
      return { ...release(c, 'time'), decline: lostCapture(c), ...lostSchedule(c, 0) };
    case 'void.found': {
      const left = openHoldMinor(c) - event.amountMinor;
      return { ...release(c, 'void', event.amountMinor), ...lostSchedule(c, left) };
    }
    case 'hold.found': {
      const found = {
        ...holds(answered(c), event),
        authorizedMinor: event.amountMinor,
        decline: null,
        isDeclined: false,
        endedBy: null,
        lateAt: event.at,
      };
      return c.policy.onLateMoney === 'adopt' && c.givenUp === null
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
      const attention = c.version === 1 ? c.attention : refundFailed(c, event.amountMinor);
      return {
        ...seen({ ...c, refunds, refundedMinor: c.refundedMinor - event.amountMinor, decline }),
        attention,
      };
    }
    case 'risk_review.opened':
    case 'risk_review.closed': {
      const { providerRef, reason } = event;
      const isOpen = event.type === 'risk_review.opened';
      return seen({ ...c, review: { providerRef, isOpen, reason } });
    }
    case 'fraud_warning.received': {
      const fraudWarnings = { ...c.fraudWarnings, [event.providerRef]: event.reason };
      return seen({ ...c, fraudWarnings });
    }
    case 'dispute.opened':
    case 'dispute.changed':
    case 'dispute.won':
    case 'dispute.lost':
      return seen(recordDispute(c, event));
    case 'picture.confirmed':
      return looked(c, event.at);
    case 'picture.contradicted':
      return { ...looked(c, event.at), attention: contradicted(c, event.reason) };
    case 'inquiry.due':
      return askedInTime(c, event.at);
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
        // Before it is authorized there is nothing else to be told of.
        hasHeard: c.hasHeard || (c.version > 1 && isAboutMore(c) && verified),
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
        // Whoever was refused is answered with what is known.
        refused: null,
        asking: isAskedAnyway(c, event.at)
          ? null
          : c.asking && askLater(c.asking, event.at, c.buyer ? BUYER_MAX_MS : HOUR),
      };
    case 'inquiry.exhausted':
      return c.operation === null
        ? { ...c, asking: null, refused: null }
        : { ...c, asking: null, attention: stillUnknown(c) };
    default:
      return assertNever(event);
  }
}
