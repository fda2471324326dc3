import { integer, jsonb, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';
import { payments } from './payments.ts';

/** What merchants are told, written in the same statement as the fact that it tells of. */
export const outgoingEvents = pgTable(
  'outgoing_events',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    sequence: integer('sequence').notNull(),
    type: text('type').notNull(),
    payload: jsonb('payload').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  // One fact tells merchants one thing.
  (table) => [unique('outgoing_events_fact').on(table.paymentId, table.sequence)],
);
