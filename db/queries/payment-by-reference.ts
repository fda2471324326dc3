import type pg from 'pg';
import {
  PAYMENT_COLUMNS,
  type PaymentRecord,
  type PaymentRow,
  paymentFromRow,
} from '../repositories/payment.repository.ts';

/** The payment that the provider has under this reference, also under that of a replaced hold. */
export async function findPaymentOf(
  pool: pg.Pool,
  integrationId: string,
  providerRef: string,
): Promise<PaymentRecord | null> {
  const { rows } = await pool.query<PaymentRow>(
    `select ${PAYMENT_COLUMNS} from payments
     where integration_id = $1 and provider_ref = $2
     union all
     select ${PAYMENT_COLUMNS} from payments
     where integration_id = $1 and context -> 'formerHolds' <> '[]'
       and context -> 'formerHolds' @> $3::jsonb
     limit 1`,
    [integrationId, providerRef, JSON.stringify([{ providerRef }])],
  );
  return rows[0] === undefined ? null : paymentFromRow(rows[0]);
}
