/** What time brings a payment on credit, and by when. */
import { askOrGiveUp, type Asking } from '../shared/asking.ts';
import type { Deadline, UpcomingEvent } from '../shared/lifecycle.ts';
import { awaitsFunding, liveInvoices, uninvoicedMinor } from './credit.amounts.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext, CreditStatus } from './credit.types.ts';

const due = (event: CreditEvent): Deadline => ({ at: event.at, event });

/** The next thing that time alone brings. */
export function nextDeadline(status: CreditStatus, c: CreditContext): Deadline | null {
  const asks = c.asking?.phase === 'wait' ? c.asking : null;
  switch (status) {
    case 'inquiring':
      // The provider had its say about what an operator proposes.
      if (asks !== null && c.resolution !== null) {
        return due({ type: 'resolution.applied', at: asks.since });
      }
      return asks && question(asks, c.policy.inquireWithinMs);
    case 'accepting':
    case 'declined':
    case 'expired':
    case 'cancelled':
      return asks && question(asks, c.policy.inquireWithinMs);
    case 'in_review':
      return asks && question(asks, c.policy.reviewWithinMs);
    case 'offered': {
      const end = due({ type: 'offer.timed_out', at: c.offerEndsAt ?? c.requestedAt });
      return asks !== null && asks.askAt < end.at
        ? due({ type: 'inquiry.due', at: asks.askAt })
        : end;
    }
    case 'authorized':
    case 'ship_failed':
    case 'invoiced':
    case 'funding_late':
    case 'partially_funded':
    case 'funded':
    case 'closed':
    case 'returned':
      return soonest([
        ...ownDates(c),
        ...(asks === null ? [] : [question(asks, c.policy.inquireWithinMs)]),
      ]);
    case 'ordering':
    case 'invoicing':
    case 'shipping':
    case 'returning':
    case 'cancelling':
    case 'parked':
      return null;
  }
}

const question = (asks: Asking, patienceMs: number): Deadline => {
  const { at, type } = askOrGiveUp(asks, patienceMs);
  return due({ type, at });
};

const soonest = (dates: readonly Deadline[]): Deadline | null =>
  dates.toSorted((a, b) => a.at - b.at)[0] ?? null;

/** When invoices should have been paid, and when what was not invoiced lapses. */
function ownDates(c: CreditContext): Deadline[] {
  const dates = liveInvoices(c)
    .filter((invoice) => awaitsFunding(invoice) && !invoice.isLate)
    .map(({ fundBy, number }) => due({ type: 'funding.overdue', at: fundBy, number }));
  // Asked about once: what the provider then shows is the truth.
  return c.expiresAt !== null && uninvoicedMinor(c) > 0 && !c.isExpiryAsked
    ? [...dates, due({ type: 'order.expiry_due', at: c.expiresAt })]
    : dates;
}

/** The dates that people should know of, soonest first; questions to the provider are not among
 *  them. */
export function upcoming(status: CreditStatus, c: CreditContext): readonly UpcomingEvent[] {
  if (status === 'offered' && c.offerEndsAt !== null) {
    return [{ at: c.offerEndsAt, event: 'offer.timed_out' }];
  }
  if (c.asking !== null && (status === 'inquiring' || status === 'in_review')) {
    const { inquireWithinMs, reviewWithinMs } = c.policy;
    const patienceMs = status === 'inquiring' ? inquireWithinMs : reviewWithinMs;
    return [{ at: c.asking.since + patienceMs, event: 'inquiry.exhausted' }];
  }
  if (c.operation !== null || c.authorizedMinor === 0) return [];
  return ownDates(c)
    .toSorted((a, b) => a.at - b.at)
    .map(({ at, event }) => ({ at, event: event.type }));
}
