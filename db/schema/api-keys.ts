import { pgTable, text, timestamp } from 'drizzle-orm/pg-core';

/** API keys, known by the SHA-256 of their secret only: who reads this table cannot call the API. */
export const apiKeys = pgTable('api_keys', {
  hash: text('hash').primaryKey(),
  /** The first characters of the key, to tell one from another. */
  prefix: text('prefix').notNull(),
  accountId: text('account_id').notNull(),
  mode: text('mode', { enum: ['test', 'live'] }).notNull(),
  role: text('role', { enum: ['checkout', 'sales', 'operator', 'admin'] }).notNull(),
  createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  revokedAt: timestamp('revoked_at', { withTimezone: true, mode: 'date' }),
});
