/** Stripe's statuses that looks and messages have in common. Null: one that is not documented. Pure. */

/** Source: https://docs.stripe.com/api/refunds/object#refund_object-status, read 2026-11-21. */
export function refundStatus(status: string): 'succeeded' | 'pending' | 'failed' | null {
  switch (status) {
    case 'succeeded':
      return 'succeeded';
    case 'pending':
    case 'requires_action':
      return 'pending';
    case 'failed':
    case 'canceled':
      return 'failed';
    default:
      return null;
  }
}

/** Source: https://docs.stripe.com/api/disputes/object#dispute_object-status, read 2026-11-21. */
export function disputeStatus(status: string): 'open' | 'won' | 'lost' | null {
  switch (status) {
    case 'needs_response':
    case 'under_review':
      return 'open';
    case 'won':
      return 'won';
    case 'lost':
    // The money is gone until the appeal is decided.
    case 'appeal_needs_response':
    case 'appeal_under_review':
      return 'lost';
    default:
      return null;
  }
}

/** An early warning takes no money; it becomes a dispute or goes away. Nor does one that was prevented.
 *  Source: https://docs.stripe.com/api/disputes/object#dispute_object-status, read 2026-11-21. */
export const takesNoMoney = (disputeStatusWord: string): boolean =>
  disputeStatusWord.startsWith('warning_') || disputeStatusWord === 'prevented';
