import { entry, type Posting } from '../shared/postings.ts';
import { openMinor } from './guarantee.amounts.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

/** What people record may give back money that did not arrive: then less than nothing is there. */
const taken = (c: GuaranteeContext): number => c.receivedMinor - c.refundedMinor;

/**
 * Double entry of what a fact moved. `holds` is what blocks the buyer's limit, so that a limit that
 * is blocked for nothing is a sum and not a flag; `provider_balance` is money that really came. A
 * guarantee is neither: it posts nothing.
 */
export function guaranteePostings(
  before: GuaranteeContext,
  after: GuaranteeContext,
): readonly Posting[] {
  const { currency } = before;
  return [
    ...entry(currency, 'holds', 'authorizations', openMinor(after) - openMinor(before)),
    ...entry(currency, 'provider_balance', 'order_receivable', taken(after) - taken(before)),
  ];
}
