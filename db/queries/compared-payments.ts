/** Our side of the comparison with a provider's books. */
import type pg from 'pg';
import type { Integration } from '../repositories/integration.repository.ts';
import {
  PAYMENT_COLUMNS,
  type PaymentRecord,
  type PaymentRow,
  paymentFromRow,
} from '../repositories/payment.repository.ts';

/** Payments of the integration's account and mode that a page of the provider's list may be about:
 *  by our id, also of another integration, or by the provider's reference. Not by that of a former
 *  hold: `findPaymentOf` knows those. */
export async function listPaymentsNamed(
  pool: pg.Pool,
  integration: Integration,
  named: { readonly ids: readonly string[]; readonly providerRefs: readonly string[] },
): Promise<readonly PaymentRecord[]> {
  const { rows } = await pool.query<PaymentRow>(
    `select ${PAYMENT_COLUMNS} from payments
     where account_id = $1 and mode = $2 and id = any($4::text[])
     union
     select ${PAYMENT_COLUMNS} from payments
     where account_id = $1 and mode = $2 and integration_id = $3 and provider_ref = any($5::text[])`,
    [integration.accountId, integration.mode, integration.id, named.ids, named.providerRefs],
  );
  return rows.map(paymentFromRow);
}

export type PaymentWithMoney = {
  readonly id: string;
  readonly providerRef: string;
  readonly createdAt: Date;
};

/** Payments of the integration that were made in the window and hold or took money, oldest first. */
export async function listPaymentsWithMoney(
  pool: pg.Pool,
  integration: Integration,
  options: {
    readonly from: Date;
    readonly to: Date;
    readonly after: PaymentWithMoney | undefined;
    readonly limit: number;
  },
): Promise<readonly PaymentWithMoney[]> {
  const { rows } = await pool.query<PaymentWithMoney>(
    `select id, provider_ref as "providerRef", created_at as "createdAt" from payments
     where account_id = $1 and mode = $2 and integration_id = $3
       and created_at >= $4 and created_at < $5
       and provider_ref is not null and authorized_minor > voided_minor
       and ($6::timestamptz is null or (created_at, id) > ($6, $7))
     order by created_at, id
     limit $8`,
    [
      integration.accountId,
      integration.mode,
      integration.id,
      options.from,
      options.to,
      options.after?.createdAt ?? null,
      options.after?.id ?? null,
      options.limit,
    ],
  );
  return rows;
}

/** Payments of the integration that still hold something at the provider, or that a buyer may yet accept
 *  there, in the order of their ids. */
export async function listHoldingPayments(
  pool: pg.Pool,
  integration: Integration,
  options: { readonly after: string; readonly limit: number },
): Promise<readonly PaymentRecord[]> {
  const { rows } = await pool.query<PaymentRow>(
    `select ${PAYMENT_COLUMNS} from payments
     where account_id = $1 and mode = $2 and integration_id = $3
       and (authorized_minor > captured_minor + voided_minor
         or (authorized_minor = 0 and created_at > now() - interval '50 days'))
       and id > $4
     order by id
     limit $5`,
    [integration.accountId, integration.mode, integration.id, options.after, options.limit],
  );
  return rows.map(paymentFromRow);
}

/** The version of its integration's settings, and so the server, with which the payment was begun. */
export async function integrationVersionOf(pool: pg.Pool, paymentId: string): Promise<number> {
  const { rows } = await pool.query<{ version: number }>(
    'select integration_version as version from payments where id = $1',
    [paymentId],
  );
  if (rows[0] === undefined) throw new Error(`no payment ${paymentId}`);
  return rows[0].version;
}
