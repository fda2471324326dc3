import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, text, timestamp, unique } from 'drizzle-orm/pg-core';
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
    /** When it became deliveries, one for each endpoint that wants it; null until then. */
    dispatchedAt: timestamp('dispatched_at', { withTimezone: true, mode: 'date' }),
  },
  (table) => [
    // One fact tells merchants one thing.
    unique('outgoing_events_fact').on(table.paymentId, table.sequence),
    // The dispatcher looks several times a second, and reads only what is left to do.
    index('outgoing_events_undispatched')
      .on(table.createdAt, table.id)
      .where(sql`${table.dispatchedAt} is null`),
  ],
);
