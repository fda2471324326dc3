import type pg from 'pg';
import type { PaymentRecord } from '../repositories/payment.repository.ts';

export type OtherPayment = {
  readonly id: string;
  readonly status: string;
  readonly amountMinor: number;
};

/** Enough to see that an order was not paid once only. */
const OTHERS_MAX = 20;

/** The newest payments for the same order, quote or invoice, as they stand now. */
export async function listOtherPayments(
  pool: pg.Pool,
  { accountId, id, mode, source }: PaymentRecord,
): Promise<OtherPayment[]> {
  const { rows } = await pool.query<OtherPayment>({
    name: 'other_payments',
    text: `select id, status, requested_minor::float8 as "amountMinor" from payments
           where account_id = $1 and mode = $2 and source_kind = $3 and source_number = $4 and id <> $5
           order by created_at desc, id desc limit ${OTHERS_MAX}`,
    values: [accountId, mode, source.kind, source.number, id],
  });
  return rows;
}
