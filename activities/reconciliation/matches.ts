/** Whose is what the provider lists? */
import type pg from 'pg';
import { listPaymentsNamed } from '../../db/queries/compared-payments.ts';
import { findPaymentOf } from '../../db/queries/payment-by-reference.ts';
import type { Integration } from '../../db/repositories/integration.repository.ts';
import type { PaymentRecord } from '../../db/repositories/payment.repository.ts';
import type { ListedPayment } from '../providers/provider.ts';
import { contextOf } from './examine.ts';

export type Match = {
  readonly listed: ListedPayment;
  /** Null: nobody's. `elsewhere`: of another integration over the same account, compared there. */
  readonly payment: PaymentRecord | 'elsewhere' | null;
};

/** What a stranger wrote into a tag may be anything, and Postgres does not take all of it. */
const isPaymentId = (tag: string | null): tag is string =>
  tag !== null && /^pay_[0-9a-z]{1,60}$/.test(tag);

/** By our own id where the provider shows it, else by the provider's reference. */
export async function matchPage(
  { pool }: { readonly pool: pg.Pool },
  integration: Integration,
  page: readonly ListedPayment[],
): Promise<readonly Match[]> {
  const ours = await listPaymentsNamed(pool, integration, {
    ids: page.map(({ paymentId }) => paymentId).filter(isPaymentId),
    providerRefs: page.map(({ providerRef }) => providerRef),
  });
  const byId = new Map(ours.map((payment) => [payment.id, payment]));
  const byRef = new Map(
    ours
      .filter(({ integrationId }) => integrationId === integration.id)
      .map((payment) => [contextOf(payment)?.providerRef ?? '', payment]),
  );
  const matches: Match[] = [];
  for (const listed of page) {
    const tagged = byId.get(listed.paymentId ?? '');
    const payment =
      tagged ??
      byRef.get(listed.providerRef) ??
      (await findPaymentOf(pool, integration.id, listed.providerRef));
    const isElsewhere = payment !== null && payment.integrationId !== integration.id;
    matches.push({ listed, payment: isElsewhere ? 'elsewhere' : payment });
  }
  return matches;
}
