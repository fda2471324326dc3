import { sql } from 'drizzle-orm';
import {
  boolean,
  index,
  integer,
  jsonb,
  pgTable,
  text,
  timestamp,
  uniqueIndex,
} from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * News from providers as it came: the raw bytes, what the signature proved, and what became of it.
 * Kept before the provider hears that it was received.
 */
export const notifications = pgTable(
  'notifications',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    mode: text('mode', { enum: ['test', 'live'] }).notNull(),
    provider: text('provider').notNull(),
    integrationId: text('integration_id').notNull(),
    /** The provider's own id of the event; null when the body could not be read. */
    providerEventId: text('provider_event_id'),
    type: text('type'),
    body: bytea('body').notNull(),
    headers: jsonb('headers').notNull(),
    verified: boolean('verified').notNull(),
    /** `waiting` has a `due_at` and is told to its payment then; the others are over. */
    state: text('state', {
      enum: ['waiting', 'settled', 'ignored', 'unmatched', 'unverified'],
    }).notNull(),
    /** Why it is in that state, in words. */
    reason: text('reason').notNull(),
    /** What the news says of which payment, as the lifecycle compares it; null when it says nothing. */
    claim: jsonb('claim'),
    providerRef: text('provider_ref'),
    paymentId: text('payment_id'),
    /** How often the provider sent it. */
    received: integer('received').notNull(),
    /** How often the payment was told of it. */
    told: integer('told').notNull(),
    dueAt: instant('due_at'),
    receivedAt: instant('received_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    // A provider sends an event at least once; it has one row. What is not verified proves nothing,
    // so it can never take the place of the true one.
    uniqueIndex('notifications_event')
      .on(table.integrationId, table.providerEventId)
      .where(sql`${table.verified} and ${table.providerEventId} is not null`),
    // Lists are by account and mode, newest first.
    index('notifications_newest').on(table.accountId, table.mode, table.receivedAt, table.id),
    // Operators look for what is not settled; most messages are, and are not in this index.
    index('notifications_state')
      .on(table.accountId, table.mode, table.state, table.receivedAt, table.id)
      .where(sql`${table.state} <> 'settled'`),
    index('notifications_integration').on(
      table.accountId,
      table.mode,
      table.integrationId,
      table.receivedAt,
      table.id,
    ),
    // How many proved nothing lately.
    index('notifications_unverified')
      .on(table.integrationId, table.receivedAt)
      .where(sql`not ${table.verified}`),
    // The sweep reads only what is due.
    index('notifications_due')
      .on(table.dueAt)
      .where(sql`${table.dueAt} is not null`),
    // What a payment was told, and when it was last asked for because of a message without proof.
    index('notifications_payment').on(table.paymentId, table.receivedAt),
  ],
);
