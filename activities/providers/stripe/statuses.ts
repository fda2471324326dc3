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
      return 'lost';
    default:
      return null;
  }
}
