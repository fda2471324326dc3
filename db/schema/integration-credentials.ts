import { integer, pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { bytea } from './bytea.ts';

/**
 * The credentials of an integration, which are of no version of it: the newest generation is in force
 * for all its payments, also for those that run. Rows are never changed; saving credentials again,
 * also former ones, is another generation.
 */
export const integrationCredentials = pgTable(
  'integration_credentials',
  {
    integrationId: text('integration_id').notNull(),
    generation: integer('generation').notNull(),
    /** AES-256-GCM over the provider's credentials; bound to integration and generation. */
    sealed: bytea('sealed').notNull(),
    /** Of credentials that were saved with a version of their integration: they stay bound to it, for
     *  a migration has no key to seal them anew. Null for all that came later. */
    boundToVersion: integer('bound_to_version'),
    /** Which of the provider's accounts they are of; null where nobody has been told. */
    providerAccount: text('provider_account'),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.integrationId, table.generation] })],
);
