import { entry, type Posting } from '../shared/postings.ts';
import { resolvedEvent } from './card.resolution.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext } from './card.types.ts';

/**
 * Double entry of what `event` moved. `holds` carries the buyer's blocked money against
 * `authorizations`; `provider_balance` what the provider owes the merchant against
 * `order_receivable`; `disputes` what the provider withholds of it until a dispute is decided, and
 * `chargebacks` what is lost. So holds = authorized − captured − voided, and provider_balance =
 * captured − refunded − disputed − charged back: the journal checks both against the state.
 */
export function cardPostings(
  before: CardContext,
  event: CardEvent,
  after: CardContext,
): readonly Posting[] {
  const hold = (amountMinor: number): Posting[] =>
    entry(before.currency, 'holds', 'authorizations', amountMinor);
  const take = (amountMinor: number): Posting[] =>
    entry(before.currency, 'provider_balance', 'order_receivable', amountMinor);
  const withhold = (amountMinor: number): Posting[] =>
    entry(before.currency, 'disputes', 'provider_balance', amountMinor);
  switch (event.type) {
    case 'authorization.approved':
    case 'reauthorization.approved':
    case 'hold.found':
      return hold(event.amountMinor);
    case 'sale.approved':
      return take(event.amountMinor);
    case 'capture.succeeded':
      return [...hold(-event.amountMinor - event.releasedMinor), ...take(event.amountMinor)];
    case 'void.succeeded':
    case 'void.declined':
    case 'void.refused':
    case 'void.absent':
    case 'void.overtaken':
    case 'void.found':
    case 'hold.expired':
      return hold(before.voidedMinor - after.voidedMinor);
    case 'capture.found':
      return [
        ...hold(-event.amountMinor + before.voidedMinor - after.voidedMinor),
        ...take(event.amountMinor),
      ];
    case 'refund.succeeded':
    case 'refund.found':
      return take(-event.amountMinor);
    case 'refund.failed':
      return take(event.amountMinor);
    case 'dispute.opened':
      return withhold(event.amountMinor);
    case 'dispute.changed':
      return withhold(after.disputedMinor - before.disputedMinor);
    case 'dispute.won':
      return before.disputes[event.providerRef]?.status === 'lost'
        ? entry(before.currency, 'provider_balance', 'chargebacks', event.amountMinor)
        : withhold(-event.amountMinor);
    case 'dispute.lost':
      return entry(before.currency, 'chargebacks', 'disputes', event.amountMinor);
    case 'resolution.applied':
      return cardPostings(before, resolvedEvent(before, event.at), after);
    case 'authorization.declined':
    case 'authorization.refused':
    case 'authorization.unknown':
    case 'authorization.absent':
    case 'payment.abandoned':
    case 'buyer.action_required':
    case 'buyer.timed_out':
    case 'review.opened':
    case 'capture.requested':
    case 'capture.pending':
    case 'capture.declined':
    case 'capture.refused':
    case 'capture.unknown':
    case 'capture.absent':
    case 'capture.overtaken':
    case 'capture.scheduled':
    case 'capture.unscheduled':
    case 'capture.due':
    case 'void.requested':
    case 'void.pending':
    case 'void.unknown':
    case 'refund.requested':
    case 'refund.pending':
    case 'refund.declined':
    case 'refund.refused':
    case 'refund.unknown':
    case 'refund.absent':
    case 'reauthorization.declined':
    case 'reauthorization.refused':
    case 'reauthorization.unknown':
    case 'reauthorization.absent':
    case 'risk_review.opened':
    case 'risk_review.closed':
    case 'fraud_warning.received':
    case 'authorization.given_up':
    case 'hold.rescheduled':
    case 'hold.ending':
    case 'hold.policy_due':
    case 'hold.due':
    case 'late_money.rejected':
    case 'news.received':
    case 'picture.confirmed':
    case 'picture.contradicted':
    case 'resolution.proposed':
    case 'recheck.requested':
    case 'inquiry.due':
    case 'inquiry.inconclusive':
    case 'inquiry.exhausted':
      return [];
  }
}
