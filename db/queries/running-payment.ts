/** Payments that still need the account at their provider with which they were begun. */
import type pg from 'pg';
import { asWoken } from '../../machines/lifecycles.ts';
import type { Integration } from '../repositories/integration.repository.ts';
import {
  PAYMENT_COLUMNS,
  paymentFromRow,
  type PaymentRecord,
  type PaymentRow,
} from '../repositories/payment.repository.ts';

const BATCH = 200;

export type RunningPayment = {
  readonly id: string;
  readonly currency: string;
  /** Under which the provider has it; null where it has not said so yet. */
  readonly providerRef: string | null;
};

/** A payment of the integration that runs: one that the provider has, before one that it may have. */
export async function findRunningPayment(
  pool: pg.Pool,
  integration: Pick<Integration, 'accountId' | 'id' | 'mode'>,
): Promise<RunningPayment | null> {
  for (const isKnown of [true, false]) {
    for (let after = ''; ;) {
      const { rows } = await pool.query<PaymentRow>(
        `select ${PAYMENT_COLUMNS} from payments
         where account_id = $1 and mode = $2 and integration_id = $3
           and (provider_ref is not null) = $4 and id > $5
         order by id limit ${BATCH}`,
        [integration.accountId, integration.mode, integration.id, isKnown, after],
      );
      const found = rows.map(paymentFromRow).find(isRunning);
      if (found !== undefined) return running(found);
      after = rows.at(-1)?.id ?? '';
      if (rows.length < BATCH) break;
    }
  }
  return null;
}

/** It owes or awaits something, holds something, or people may still ask something of it: each may
 *  need a call to the provider. */
function isRunning({ frozen }: PaymentRecord): boolean {
  const { lifecycle, state } = asWoken(frozen);
  const { amounts } = lifecycle.view(state);
  return (
    lifecycle.pendingEffect(state) !== null ||
    lifecycle.deadline(state) !== null ||
    lifecycle.commands(state).length > 0 ||
    amounts.authorized > amounts.captured + amounts.voided ||
    amounts.disputed > 0
  );
}

function running({ frozen, id }: PaymentRecord): RunningPayment {
  const { lifecycle, state } = asWoken(frozen);
  const { amounts, providerRef } = lifecycle.view(state);
  return { id, currency: amounts.currency, providerRef };
}
