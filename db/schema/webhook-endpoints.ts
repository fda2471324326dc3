import { boolean, index, pgTable, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/** Where a merchant hears of events. The id is computed from who asks and the key that they chose. */
export const webhookEndpoints = pgTable(
  'webhook_endpoints',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    mode: text('mode', { enum: ['test', 'live'] }).notNull(),
    url: text('url').notNull(),
    description: text('description').notNull(),
    /** The types of events that it hears of; null: all of them. */
    events: text('events').array(),
    /** AES-256-GCM over the secret that signs; bound to the id. */
    secret: bytea('secret').notNull(),
    /** The one before, which signs too until `previous_until`. */
    previousSecret: bytea('previous_secret'),
    previousUntil: instant('previous_until'),
    enabled: boolean('enabled').notNull(),
    requestHash: text('request_hash').notNull(),
    createdAt: instant('created_at').notNull(),
    disabledAt: instant('disabled_at'),
    /** Who or what switched it off, in words. */
    disabledReason: text('disabled_reason'),
  },
  // Each event is dispatched to the endpoints of its payment's account and mode.
  (table) => [index('webhook_endpoints_account').on(table.accountId, table.mode, table.createdAt)],
);
