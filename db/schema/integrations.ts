import { boolean, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/**
 * A configured link to a provider. Rows are never changed: a new setting is a new version, also
 * switching it off, and a running payment keeps the version that it started with.
 */
export const integrations = pgTable(
  'integrations',
  {
    id: text('id').notNull(),
    version: integer('version').notNull(),
    accountId: text('account_id').notNull(),
    provider: text('provider').notNull(),
    mode: text('mode', { enum: ['test', 'live'] }).notNull(),
    baseUrl: text('base_url').notNull(),
    settings: jsonb('settings').notNull(),
    /** AES-256-GCM over the provider's credentials; bound to id and version. */
    credentials: bytea('credentials').notNull(),
    enabled: boolean('enabled').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.version] })],
);
