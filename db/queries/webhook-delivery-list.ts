import type pg from 'pg';
import {
  deliveryFromRow,
  type DeliveryState,
  type WebhookDelivery,
  type WebhookDeliveryRow,
} from '../repositories/webhook-delivery.repository.ts';

/** Newest first. Returns one more than `limit` when there is a next page. */
export async function listWebhookDeliveries(
  pool: pg.Pool,
  filter: {
    readonly endpointId: string;
    readonly state?: DeliveryState | undefined;
    /** The last delivery of the page before. */
    readonly after?: { readonly createdAt: string; readonly id: string } | undefined;
    readonly limit: number;
  },
): Promise<readonly WebhookDelivery[]> {
  const { rows } = await pool.query<WebhookDeliveryRow>(
    `select * from webhook_deliveries
     where endpoint_id = $1 and ($2::text is null or state = $2)
       and ($3::timestamptz is null or (created_at, event_id) < ($3, $4))
     order by created_at desc, event_id desc limit $5`,
    [
      filter.endpointId,
      filter.state ?? null,
      filter.after?.createdAt ?? null,
      filter.after?.id ?? null,
      filter.limit + 1,
    ],
  );
  return rows.map(deliveryFromRow);
}
