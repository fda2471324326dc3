import { index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * Where a provider's list and ours differ, as the reconciliation saw it. The id is computed from
 * what differs, so that the same difference is one finding, however often it is seen.
 */
export const findings = pgTable(
  'findings',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    mode: text('mode', { enum: ['test', 'live'] }).notNull(),
    integrationId: text('integration_id').notNull(),
    kind: text('kind').notNull(),
    providerRef: text('provider_ref').notNull(),
    paymentId: text('payment_id'),
    /** What differs and what can be done, in words. */
    detail: text('detail').notNull(),
    providerSays: jsonb('provider_says').notNull(),
    holdfastSays: jsonb('holdfast_says').notNull(),
    state: text('state', { enum: ['open', 'resolved'] }).notNull(),
    foundAt: instant('found_at').notNull(),
    seenAt: instant('seen_at').notNull(),
    resolvedAt: instant('resolved_at'),
    /** Who or what resolved it, and why. */
    resolution: text('resolution'),
  },
  // Operators read what is open, oldest first.
  (table) => [index('findings_open').on(table.accountId, table.mode, table.state, table.foundAt)],
);
