import { sql } from 'drizzle-orm';
import {
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { payments } from './payments.ts';

/**
 * The record: what happened to a payment, in order, never changed. `postings` is the fact's double
 * entry; the database refuses one that does not sum to zero per currency (see the migration).
 */
export const facts = pgTable(
  'facts',
  {
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    sequence: integer('sequence').notNull(),
    type: text('type').notNull(),
    data: jsonb('data').notNull(),
    actor: text('actor').notNull(),
    at: timestamp('at', { withTimezone: true, mode: 'date' }).notNull(),
    idempotencyKey: text('idempotency_key'),
    requestHash: text('request_hash'),
    postings: jsonb('postings').notNull().default([]),
  },
  (table) => [
    primaryKey({ columns: [table.paymentId, table.sequence] }),
    // A command's key has one effect per payment, whoever repeats it and whenever.
    uniqueIndex('facts_idempotency_key')
      .on(table.paymentId, table.idempotencyKey)
      .where(sql`${table.idempotencyKey} is not null`),
  ],
);
