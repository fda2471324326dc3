import { boolean, integer, jsonb, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/**
 * A configured link to a provider. Rows are never changed: a new setting is a new version, also
 * switching it off, and a running payment keeps the version that it started with. Its credentials are
 * no part of a version: they lie in `integration_credentials`.
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
    /** Written by former versions of Holdfast alone; a trigger makes a generation of each. */
    credentials: bytea('credentials'),
    enabled: boolean('enabled').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.id, table.version] })],
);
