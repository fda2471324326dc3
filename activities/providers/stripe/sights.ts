/** What a look sees beside the PaymentIntent itself: refunds, disputes, reviews, warnings. Reads only. */
import type { CardPicture } from '../../../machines/card/card.types.ts';
import { formatMoney, isCurrency } from '../../../machines/shared/money.ts';
import type { Call } from '../provider.ts';
import { fromStripeAmount } from './amounts.ts';
import { callStripe, type StripeAccount } from './client.ts';
import { type Dispute, dispute, fraudWarning, listOf, refund, review } from './mapping.ts';
import { all, okOf, Unreadable } from './reading.ts';
import { disputeStatus, refundStatus, takesNoMoney } from './statuses.ts';
import { OPERATION_TAG } from './tags.ts';

export type Sight = {
  readonly account: StripeAccount;
  readonly providerRef: string;
  /** The payment's: amounts in another one are never read as its. */
  readonly currency: string;
  readonly call: Call;
};

const upon = ({ providerRef }: Sight): string => `payment_intent=${providerRef}`;

export async function seeRefunds(sight: Sight): Promise<CardPicture['refunds']> {
  const { account, call, currency } = sight;
  const refunds = await all(account, '/v1/refunds', upon(sight), refund, call);
  return refunds.map(({ id: providerRef, failure_reason: reason = null, ...each }) => {
    const status = refundStatus(each.status ?? '');
    if (status === null) {
      throw new Unreadable(`${providerRef} is ${each.status ?? 'without a status'}`);
    }
    if (each.currency !== currency.toLowerCase()) {
      throw new Unreadable(`${providerRef} is over ${each.currency}`);
    }
    const amountMinor = fromStripeAmount(each.amount, currency);
    const operationId = each.metadata[OPERATION_TAG] ?? null;
    return { providerRef, operationId, amountMinor, status, reason };
  });
}

export async function seeDisputes(sight: Sight): Promise<CardPicture['disputes']> {
  const { account, call, currency } = sight;
  const disputes = await all(account, '/v1/disputes', upon(sight), dispute, call);
  return disputes
    .filter(({ status }) => !takesNoMoney(status))
    .map((each) => {
      const status = disputeStatus(each.status);
      if (status === null) throw new Unreadable(`${each.id} is ${each.status}`);
      const dueBy = each.evidence_details?.due_by ?? null;
      const respondBy = dueBy === null ? null : dueBy * 1000;
      const { id: providerRef, reason } = each;
      return { providerRef, ...amountOf(each, currency), status, reason, respondBy };
    });
}

/** A bank may count in the cardholder's currency. What that is in the payment's nobody says. */
function amountOf({ amount, currency }: Dispute, ours: string) {
  const theirs = currency.toUpperCase();
  if (theirs === ours) return { amountMinor: fromStripeAmount(amount, ours) };
  const foreignAmount = isCurrency(theirs)
    ? formatMoney(fromStripeAmount(amount, theirs), theirs)
    : `${theirs} ${amount}`;
  return { amountMinor: 0, foreignAmount };
}

/** Null: there was none, or the key may not read it. */
export async function seeReview(
  { account, call }: Sight,
  id: string | null,
): Promise<NonNullable<CardPicture['review']> | null> {
  if (id === null) return null;
  const request = { method: 'GET', path: `/v1/reviews/${id}` } as const;
  const answer = await callStripe(account.connection, request, review, call);
  if (answer.kind === 'error' && isKept(answer.status)) return null;
  const { open: isOpen, reason } = okOf(answer);
  return { providerRef: id, isOpen, reason };
}

/**
 * Nothing else in Stripe's objects says that there is a warning, so each look asks. One page: an issuer
 * warns once of a charge, as a rule. Null: the key may not read them.
 */
export async function seeFraudWarnings(
  sight: Sight,
): Promise<NonNullable<CardPicture['fraudWarnings']> | null> {
  const { account, call } = sight;
  const path = `/v1/radar/early_fraud_warnings?${upon(sight)}&limit=100`;
  const request = { method: 'GET', path } as const;
  const answer = await callStripe(account.connection, request, listOf(fraudWarning), call);
  if (answer.kind === 'error' && isKept(answer.status)) return null;
  return okOf(answer).data.map(({ id, fraud_type: reason }) => ({ providerRef: id, reason }));
}

/** A restricted key may have no right to Radar's objects. Where money is must be seen all the same.
 *  Source: https://docs.stripe.com/keys#limit-access, read 2026-12-01. */
const isKept = (status: number): boolean => status === 403 || status === 404;
