import { index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { payments } from './payments.ts';

/**
 * One row a provider operation, written before the provider is called. `exchanges` is the evidence:
 * every call about it, redacted. An attempt without an exchange was cut off: it may have acted.
 */
export const operations = pgTable(
  'operations',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    verb: text('verb').notNull(),
    attempts: integer('attempts').notNull(),
    firstAttemptAt: timestamp('first_attempt_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** When a call about it was last begun: until some time after it, one may be on its way. */
    lastAttemptAt: timestamp('last_attempt_at', { withTimezone: true, mode: 'date' }).notNull(),
    /** The type of the last fact about it: `capture.succeeded`. */
    outcome: text('outcome'),
    exchanges: jsonb('exchanges').notNull().default([]),
  },
  // A payment's evidence is read together.
  (table) => [index('operations_payment').on(table.paymentId)],
);
