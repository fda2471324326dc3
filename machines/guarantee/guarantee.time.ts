/** What time brings a guaranteed payment, and by when. */
import { askOrGiveUp, type Asking } from '../shared/asking.ts';
import type { Deadline, UpcomingEvent } from '../shared/lifecycle.ts';
import { canBeApplied } from './guarantee.resolution.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeContext, GuaranteeStatus } from './guarantee.types.ts';

const due = (event: GuaranteeEvent): Deadline => ({ at: event.at, event });

/** The next thing that time alone brings. */
export function nextDeadline(status: GuaranteeStatus, c: GuaranteeContext): Deadline | null {
  const asks = c.asking?.phase === 'wait' ? c.asking : null;
  const own = ownDate(status, c);
  switch (status) {
    case 'releasing': {
      const operationId = c.operation?.id ?? '';
      // The provider had its say about what an operator confirms.
      return asks && due({ type: 'limit.released', at: asks.since, operationId });
    }
    case 'inquiring':
      if (asks !== null && canBeApplied(c))
        return due({ type: 'resolution.applied', at: asks.since });
      return asks && question(asks, c);
    case 'reserved':
    case 'captured':
    case 'guaranteed':
    case 'overdue':
    case 'guarantee_denied':
    case 'limit_blocked': {
      const asking = asks && question(asks, c);
      return asking !== null && (own === null || asking.at < own.at) ? asking : own;
    }
    case 'paid':
    case 'claimed':
    case 'written_off':
    case 'partially_refunded':
    case 'refunded':
      return asks && question(asks, c);
    case 'reserving':
    case 'modifying':
    case 'capturing':
    case 'activating':
    case 'applying':
    case 'cancelling':
    case 'cancelled':
    case 'declined':
    case 'expired':
    case 'parked':
      return null;
  }
}

const question = (asks: Asking, c: GuaranteeContext): Deadline => {
  const { at, type } = askOrGiveUp(asks, c.policy.inquireWithinMs);
  return due({ type, at });
};

/** The date that belongs to the state, and not to a question. */
function ownDate(status: GuaranteeStatus, c: GuaranteeContext): Deadline | null {
  switch (status) {
    case 'reserved':
    case 'captured':
      return c.isAged
        ? null
        : due({ type: 'reservation.aged', at: c.requestedAt + c.policy.activateWithinMs });
    case 'guaranteed': {
      if (c.invoice === null) return null;
      const { dueAt, dueOn } = c.invoice;
      return due({ type: 'payment.overdue', at: dueAt, dueOn });
    }
    default:
      return null;
  }
}

/** The dates that people should know of, soonest first; questions to the provider are not among
 *  them. */
export function upcoming(status: GuaranteeStatus, c: GuaranteeContext): readonly UpcomingEvent[] {
  if (status === 'inquiring' && c.asking !== null) {
    return [{ at: c.asking.since + c.policy.inquireWithinMs, event: 'inquiry.exhausted' }];
  }
  const own = ownDate(status, c);
  return own === null ? [] : [{ at: own.at, event: own.event.type }];
}
