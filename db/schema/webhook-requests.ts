import { pgTable, primaryKey, text, timestamp } from 'drizzle-orm/pg-core';
import { webhookEndpoints } from './webhook-endpoints.ts';

/** What was asked of an endpoint, so that the same key has one effect, whenever it is repeated. */
export const webhookRequests = pgTable(
  'webhook_requests',
  {
    endpointId: text('endpoint_id')
      .notNull()
      .references(() => webhookEndpoints.id),
    idempotencyKey: text('idempotency_key').notNull(),
    requestHash: text('request_hash').notNull(),
    createdAt: timestamp('created_at', { withTimezone: true, mode: 'date' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.endpointId, table.idempotencyKey] })],
);
