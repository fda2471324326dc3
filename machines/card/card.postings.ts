import type { Posting } from '../shared/lifecycle.ts';
import type { CardContext, CardEvent } from './card.types.ts';

/** Nothing is posted for nothing. */
const entry = (
  currency: string,
  debit: Posting['account'],
  credit: Posting['account'],
  amountMinor: number,
): Posting[] =>
  amountMinor === 0
    ? []
    : [
        { account: debit, currency, amountMinor },
        { account: credit, currency, amountMinor: -amountMinor },
      ];

/**
 * Double entry of what `event` moved. `holds` carries the buyer's blocked money against
 * `authorizations`; `provider_balance` what the provider owes the merchant against
 * `order_receivable`. So holds = authorized − captured − voided, and
 * provider_balance = captured − refunded: the journal checks both against the state.
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
  switch (event.type) {
    case 'authorization.approved':
      return hold(event.amountMinor);
    case 'sale.approved':
      return take(event.amountMinor);
    case 'capture.succeeded':
      return [...hold(-event.amountMinor - event.releasedMinor), ...take(event.amountMinor)];
    case 'void.succeeded':
    case 'hold.expired':
      return hold(before.voidedMinor - after.voidedMinor);
    case 'refund.succeeded':
      return take(-event.amountMinor);
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
    case 'void.requested':
    case 'void.pending':
    case 'void.declined':
    case 'void.refused':
    case 'void.unknown':
    case 'void.absent':
    case 'refund.requested':
    case 'refund.pending':
    case 'refund.declined':
    case 'refund.refused':
    case 'refund.unknown':
    case 'refund.absent':
    case 'hold.due':
    case 'recheck.requested':
    case 'inquiry.due':
    case 'inquiry.inconclusive':
    case 'inquiry.exhausted':
      return [];
  }
}
