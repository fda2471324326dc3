import { sql } from 'drizzle-orm';
import { bigint, index, integer, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core';

const minor = (name: string) => bigint(name, { mode: 'number' }).notNull();
const instant = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' });

/**
 * One row a payment: the read model, the frozen state of its lifecycle, and the request as it came.
 * Only the journal writes it; `sequence` is the number of the last fact that it reflects.
 */
export const payments = pgTable(
  'payments',
  {
    id: text('id').primaryKey(),
    accountId: text('account_id').notNull(),
    mode: text('mode', { enum: ['test', 'live'] }).notNull(),
    lifecycle: text('lifecycle').notNull(),
    lifecycleVersion: integer('lifecycle_version').notNull(),
    status: text('status').notNull(),
    context: jsonb('context').notNull(),
    sequence: integer('sequence').notNull(),
    method: text('method').notNull(),
    provider: text('provider').notNull(),
    integrationId: text('integration_id').notNull(),
    integrationVersion: integer('integration_version').notNull(),
    sourceKind: text('source_kind').notNull(),
    sourceNumber: text('source_number').notNull(),
    request: jsonb('request').notNull(),
    requestHash: text('request_hash').notNull(),
    currency: text('currency').notNull(),
    requestedMinor: minor('requested_minor'),
    authorizedMinor: minor('authorized_minor'),
    capturedMinor: minor('captured_minor'),
    voidedMinor: minor('voided_minor'),
    refundedMinor: minor('refunded_minor'),
    /** Taken back by the provider while a dispute is open; lost disputes. */
    disputedMinor: minor('disputed_minor').default(0),
    chargedBackMinor: minor('charged_back_minor').default(0),
    providerRef: text('provider_ref'),
    needsAttention: text('needs_attention'),
    /** Since when it does, without a break; null when it does not. */
    attentionSince: instant('attention_since'),
    /** When something is due to happen by itself; null at rest. What is overdue, the sweep wakes. */
    wakeAt: instant('wake_at'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    // Lists are by account and mode, newest first; the id breaks ties of the cursor.
    index('payments_newest').on(table.accountId, table.mode, table.createdAt, table.id),
    // Lists of one status, of one provider, and of an amount; the rest of each is as above.
    index('payments_status').on(
      table.accountId,
      table.mode,
      table.status,
      table.createdAt,
      table.id,
    ),
    index('payments_provider').on(
      table.accountId,
      table.mode,
      table.provider,
      table.createdAt,
      table.id,
    ),
    index('payments_amount').on(
      table.accountId,
      table.mode,
      table.currency,
      table.requestedMinor,
      table.createdAt,
    ),
    // Staff look a payment up by the order that it pays.
    index('payments_source').on(table.accountId, table.sourceNumber),
    // News names a payment by the provider's reference.
    index('payments_provider_ref').on(table.integrationId, table.providerRef),
    // And by that of a hold that was replaced; most payments are not in this index.
    index('payments_former_holds')
      .using('gin', sql`(${table.context} -> 'formerHolds') jsonb_path_ops`)
      .where(sql`${table.context} -> 'formerHolds' <> '[]'`),
    // Operators see what waits for them, oldest first; most payments are not in this index.
    index('payments_attention')
      .on(table.accountId, table.mode, table.attentionSince)
      .where(sql`${table.attentionSince} is not null`),
    // The sweep reads only what is overdue: payments at rest are not in this index.
    index('payments_wake')
      .on(table.wakeAt)
      .where(sql`${table.wakeAt} is not null`),
  ],
);
