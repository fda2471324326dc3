import type pg from 'pg';
import type { Mode } from '../repositories/integration.repository.ts';
import {
  PAYMENT_COLUMNS,
  type PaymentRecord,
  type PaymentRow,
  paymentFromRow,
} from '../repositories/payment.repository.ts';

export type Attention = {
  readonly since: Date;
  readonly sentence: string;
  readonly payment: PaymentRecord;
};

/** Payments that need a person, the longest waiting first. One more than `limit` when there is a next
 *  page. */
export async function listAttention(
  pool: pg.Pool,
  filter: {
    readonly accountId: string;
    readonly mode: Mode;
    readonly after?: { readonly createdAt: string; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<readonly Attention[]> {
  const { rows } = await pool.query<PaymentRow & { since: Date; sentence: string }>(
    `select ${PAYMENT_COLUMNS}, attention_since as since, needs_attention as sentence
     from payments
     where account_id = $1 and mode = $2 and attention_since is not null
       and ($3::timestamptz is null or (attention_since, id) > ($3, $4))
     order by attention_since, id
     limit $5`,
    [
      filter.accountId,
      filter.mode,
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
      filter.limit + 1,
    ],
  );
  return rows.map((row) => ({
    since: row.since,
    sentence: row.sentence,
    payment: paymentFromRow(row),
  }));
}
