/** What time brings a card payment, and by when. */
import { assert } from '../shared/assert.ts';
import { askOrGiveUp, type Asking } from '../shared/asking.ts';
import type { Deadline, UpcomingEvent } from '../shared/lifecycle.ts';
import { capturableMinor, openHoldMinor } from './card.amounts.ts';
import { waitsForReview } from './card.guards.ts';
import { isOverdue } from './card.steps.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext, CardStatus } from './card.types.ts';

/** Events that time alone may bring, with all but the instant at which they really come. */
type TimeEvent = Extract<
  CardEvent,
  {
    type:
      | 'inquiry.due'
      | 'inquiry.exhausted'
      | 'buyer.timed_out'
      | 'hold.ending'
      | 'hold.policy_due'
      | 'hold.due'
      | 'capture.due'
      | 'late_money.rejected'
      | 'resolution.applied';
  }
>;

const due = (event: TimeEvent): Deadline => ({ at: event.at, event });

/** The next thing that time alone brings. Pending refunds are asked about beside everything else. */
export function nextDeadline(status: CardStatus, c: CardContext): Deadline | null {
  const own = ownDeadline(status, c);
  if (c.pendingAsking === null || c.operation !== null || c.asking !== null) return own;
  const asked = due({ type: 'inquiry.due', at: c.pendingAsking.askAt });
  return own !== null && own.at <= asked.at ? own : asked;
}

function ownDeadline(status: CardStatus, c: CardContext): Deadline | null {
  const asks = c.asking?.phase === 'wait' ? c.asking : null;
  switch (status) {
    case 'awaiting_buyer': {
      assert(c.buyer !== null, 'awaiting a buyer without a deadline');
      return asks !== null && asks.askAt < c.buyer.expiresAt
        ? due({ type: 'inquiry.due', at: asks.askAt })
        : due({ type: 'buyer.timed_out', at: c.buyer.expiresAt });
    }
    case 'inquiring':
      // The provider had its say about what an operator proposes.
      if (asks !== null && c.resolution !== null) {
        return due({ type: 'resolution.applied', at: asks.since });
      }
      return asks && question(asks, c.policy.inquireWithinMs);
    case 'in_review':
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'reauthorizing':
      return asks && question(asks, c.policy.reviewWithinMs);
    case 'authorized':
    case 'partially_captured':
      return asks === null ? (ofHold(c)[0] ?? null) : whileAsking(c, asks);
    case 'captured':
      if (asks === null && c.lateAt !== null) {
        return due({ type: 'late_money.rejected', at: c.lateAt });
      }
      return asks && question(asks, c.policy.inquireWithinMs);
    case 'partially_refunded':
    case 'disputed':
    case 'charged_back':
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      return asks && question(asks, c.policy.inquireWithinMs);
    case 'authorizing':
      return null;
  }
}

const question = (asks: Asking, patienceMs: number): Deadline => due(askOrGiveUp(asks, patienceMs));

/** An open question does not stop the hold's clock; the hold's date itself asks only once. */
function whileAsking(c: CardContext, asks: Asking): Deadline {
  const asked = isOverdue(c, asks.askAt)
    ? due({ type: 'inquiry.due', at: asks.askAt })
    : question(asks, c.policy.inquireWithinMs);
  const next = ofHold(c).find(({ at, event }) => event.type !== 'hold.due' || asks.since < at);
  return next !== undefined && next.at <= asked.at ? next : asked;
}

/** All that is going to happen to a hold by itself, soonest first. */
function ofHold(c: CardContext): Deadline[] {
  const { captureAt, holdEndsAt, lateAt, policy } = c;
  const coming: Deadline[] = [];
  if (openHoldMinor(c) === 0) return coming;
  // Money that is not wanted is given back before anything else is done with it.
  if (lateAt !== null) return [due({ type: 'late_money.rejected', at: lateAt })];
  const canCapture = capturableMinor(c) > 0;
  const waits = waitsForReview(c);
  if (captureAt !== null && canCapture && !waits) {
    coming.push(due({ type: 'capture.due', at: captureAt.at }));
  }
  if (holdEndsAt !== null) {
    // What may not be captured any more is given back.
    const action = policy.onHoldEnding !== 'nothing' && !canCapture ? 'void' : policy.onHoldEnding;
    // A hold that is shorter than the notice: told at once, and acted upon in its second half.
    const wholeMs = holdEndsAt - (c.holdSince ?? c.requestedAt);
    const half = (wholeMs - (wholeMs % 2)) / 2;
    if (policy.warnBeforeMs > 0 && !c.holdWarned) {
      const ahead = policy.warnBeforeMs < wholeMs ? policy.warnBeforeMs : wholeMs;
      coming.push(due({ type: 'hold.ending', at: holdEndsAt - ahead, holdEndsAt }));
    }
    // What a person wants done with the hold in time is done instead.
    const isPlanned = canCapture && captureAt !== null && captureAt.at < holdEndsAt;
    const isHeldBack = waits && action === 'capture';
    if (action !== 'nothing' && !c.holdActed && !isPlanned && !isHeldBack) {
      const ahead = policy.actBeforeMs < half ? policy.actBeforeMs : half;
      coming.push(due({ type: 'hold.policy_due', at: holdEndsAt - ahead, action }));
    }
    coming.push(due({ type: 'hold.due', at: holdEndsAt }));
  }
  // What is due at the same instant stays in this order.
  return coming.toSorted((a, b) => a.at - b.at);
}

/** The dates that people should know of, soonest first; questions to the provider are not among
 *  them. */
export function upcoming(status: CardStatus, c: CardContext): readonly UpcomingEvent[] {
  const { asking, buyer, captureAt, lateAt, policy } = c;
  const gives = (patienceMs: number): UpcomingEvent[] =>
    asking === null ? [] : [{ at: asking.since + patienceMs, event: 'inquiry.exhausted' }];
  switch (status) {
    case 'awaiting_buyer':
      return [
        ...(buyer === null ? [] : [{ at: buyer.expiresAt, event: 'buyer.timed_out' }]),
        ...(captureAt === null ? [] : [{ at: captureAt.at, event: 'capture.due' }]),
      ];
    case 'authorized':
    case 'partially_captured':
      return ofHold(c).map(({ at, event }) => ({
        at,
        event: event.type,
        ...('action' in event ? { action: String(event.action) } : {}),
      }));
    case 'inquiring':
      return gives(policy.inquireWithinMs);
    case 'in_review':
      return gives(policy.reviewWithinMs);
    case 'captured':
      return lateAt === null ? [] : [{ at: lateAt, event: 'late_money.rejected' }];
    case 'authorizing':
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'reauthorizing':
    case 'partially_refunded':
    case 'disputed':
    case 'charged_back':
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      return [];
  }
}
