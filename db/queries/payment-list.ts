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
  /** As it is written: payments of before may have another Unicode form than today's. */
  readonly order?: string | undefined;
  readonly provider?: string | undefined;
  readonly currency?: string | undefined;
  readonly amountMinor?: number | undefined;
  /** Both included, as are the moments. */
  readonly amountFrom?: number | undefined;
  readonly amountTo?: number | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
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
       and ($4::text[] is null or source_number = any($4))
       and ($5::text is null or provider = $5)
       and ($6::timestamptz is null or (created_at, id) < ($6, $7))
       and ($8::text is null or currency = $8)
       and ($9::bigint is null or requested_minor >= $9)
       and ($10::bigint is null or requested_minor <= $10)
       and ($11::timestamptz is null or created_at >= $11)
       and ($12::timestamptz is null or created_at <= $12)
     order by created_at desc, id desc
     limit $13`,
    [
      filter.accountId,
      filter.mode,
      filter.status ?? null,
      filter.order === undefined ? null : formsOf(filter.order),
      filter.provider ?? null,
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
      filter.currency ?? null,
      given([filter.amountMinor, filter.amountFrom], Math.max),
      given([filter.amountMinor, filter.amountTo], Math.min),
      filter.createdFrom ?? null,
      filter.createdTo ?? null,
      filter.limit + 1,
    ],
  );
  return rows.map(paymentFromRow);
}

/** The narrower of two bounds that may be left out; null when both are. */
function given(
  bounds: readonly (number | undefined)[],
  narrower: (...bounds: number[]) => number,
): number | null {
  const there = bounds.filter((each) => each !== undefined);
  return there.length === 0 ? null : narrower(...there);
}

const formsOf = (number: string): readonly string[] => [
  ...new Set([number, number.normalize('NFC'), number.normalize('NFD')]),
];
