/** Everything that the database says of the storm's payments, read in a few queries. */
import type pg from 'pg';
import { viewOf } from '../../../api/payments/present.ts';
import {
  PAYMENT_COLUMNS,
  paymentFromRow,
  type PaymentRecord,
  type PaymentRow,
} from '../../../db/repositories/payment.repository.ts';
import type { PaymentView } from '../../../machines/shared/lifecycle.ts';

export type BookedFact = {
  readonly sequence: number;
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: Date;
  readonly key: string | null;
};

export type Booked = {
  readonly record: PaymentRecord;
  readonly view: PaymentView;
  readonly context: Readonly<Record<string, unknown>>;
  readonly providerRef: string | null;
  readonly wakeAt: Date | null;
  readonly facts: readonly BookedFact[];
};

type Row = PaymentRow & { provider_ref: string | null; wake_at: Date | null };

export async function readPayments(pool: pg.Pool): Promise<Map<string, Booked>> {
  const { rows } = await pool.query<Row>(
    `select ${PAYMENT_COLUMNS}, provider_ref, wake_at from payments order by created_at, id`,
  );
  return new Map(
    rows.map((row) => {
      const record = paymentFromRow(row);
      const context = record.frozen.context as Record<string, unknown>;
      return [
        record.id,
        {
          record,
          context,
          view: viewOf(record),
          providerRef: row.provider_ref,
          wakeAt: row.wake_at,
          facts: [],
        },
      ];
    }),
  );
}

export async function readBooks(pool: pg.Pool): Promise<Map<string, Booked>> {
  const books = await readPayments(pool);
  const { rows } = await pool.query<BookedFact & { paymentId: string }>(
    `select payment_id as "paymentId", sequence, type, data, at, idempotency_key as key
     from facts order by payment_id, sequence`,
  );
  const facts = new Map<string, BookedFact[]>();
  for (const { paymentId, ...fact } of rows) {
    const known = facts.get(paymentId);
    if (known === undefined) facts.set(paymentId, [fact]);
    else known.push(fact);
  }
  return new Map([...books].map(([id, booked]) => [id, { ...booked, facts: facts.get(id) ?? [] }]));
}
