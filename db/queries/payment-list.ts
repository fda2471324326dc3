import type pg from 'pg';
import {
  PAYMENT_COLUMNS,
  type PaymentRecord,
  type PaymentRow,
  paymentFromRow,
} from '../repositories/payment.repository.ts';
import type { Mode } from '../repositories/integration.repository.ts';

export type PaymentFilter = {
  readonly accountId: string;
  readonly mode: Mode;
  readonly status?: string | undefined;
  readonly order?: string | undefined;
  readonly provider?: string | undefined;
  /** The last payment of the page before. */
  readonly after?: { readonly createdAt: string; readonly id: string } | undefined;
  readonly limit: number;
};

/** Newest first. Returns one more than `limit` when there is a next page. */
export async function listPayments(
  pool: pg.Pool,
  filter: PaymentFilter,
): Promise<readonly PaymentRecord[]> {
  const { rows } = await pool.query<PaymentRow>(
    `select ${PAYMENT_COLUMNS} from payments
     where account_id = $1 and mode = $2
       and ($3::text is null or status = $3)
       and ($4::text is null or source_number = $4)
       and ($5::text is null or provider = $5)
       and ($6::timestamptz is null or (created_at, id) < ($6, $7))
     order by created_at desc, id desc
     limit $8`,
    [
      filter.accountId,
      filter.mode,
      filter.status ?? null,
      filter.order ?? null,
      filter.provider ?? null,
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
      filter.limit + 1,
    ],
  );
  return rows.map(paymentFromRow);
}
