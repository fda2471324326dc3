import { entry, type Posting } from '../shared/postings.ts';
import type { CreditContext } from './credit.types.ts';

/**
 * Double entry of what a fact moved. `holds` is the buyer's credit that stands for the order,
 * invoiced or not; `provider_balance` what the provider has paid. An invoice is a claim and no
 * money: it posts nothing.
 */
export function creditPostings(before: CreditContext, after: CreditContext): readonly Posting[] {
  const held = (c: CreditContext): number => c.authorizedMinor - c.fundedMinor - c.releasedMinor;
  const taken = (c: CreditContext): number => c.fundedMinor - c.refundedMinor;
  const { currency } = before;
  return [
    ...entry(currency, 'holds', 'authorizations', held(after) - held(before)),
    ...entry(currency, 'provider_balance', 'order_receivable', taken(after) - taken(before)),
  ];
}
