import { sql } from 'drizzle-orm';
import { index, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { payments } from './payments.ts';
import { webhookEndpoints } from './webhook-endpoints.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** One event on its way to one endpoint, and what the endpoint answered. */
export const webhookDeliveries = pgTable(
  'webhook_deliveries',
  {
    endpointId: text('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id),
    /** Of `outgoing_events`, or of a test event, which is nowhere else. */
    eventId: text('event_id').notNull(),
    /** Null for a test event, which belongs to no payment. */
    paymentId: text('payment_id').references(() => payments.id),
    sequence: integer('sequence'),
    type: text('type').notNull(),
    state: text('state', { enum: ['pending', 'delivered', 'failed', 'skipped'] }).notNull(),
    /** Since it was last asked for; they choose the next interval. */
    attempts: integer('attempts').notNull(),
    /** The last 20 attempts: when, what was answered, how long it took. */
    answers: jsonb('answers').notNull().default([]),
    /** When the next attempt is expected; null when it is over. */
    dueAt: instant('due_at'),
    createdAt: instant('created_at').notNull(),
    finishedAt: instant('finished_at'),
  },
  (table) => [
    primaryKey({ columns: [table.endpointId, table.eventId] }),
    // Merchants read them by endpoint, newest first; the id breaks ties of the cursor.
    index('webhook_deliveries_newest').on(table.endpointId, table.createdAt, table.eventId),
    // What was not taken; most deliveries are, and are not in this index.
    index('webhook_deliveries_state')
      .on(table.endpointId, table.state, table.createdAt, table.eventId)
      .where(sql`${table.state} in ('failed', 'skipped')`),
    // A run takes the first pending one of its payment.
    index('webhook_deliveries_pending')
      .on(table.endpointId, table.paymentId, table.sequence)
      .where(sql`${table.state} = 'pending'`),
    // The sweep reads only what is due.
    index('webhook_deliveries_due')
      .on(table.dueAt)
      .where(sql`${table.dueAt} is not null`),
  ],
);
