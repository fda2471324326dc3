import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listWebhookDeliveries } from '../../db/queries/webhook-delivery-list.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { decodeCursor, encodeCursor, pageOf } from '../payments/cursor.ts';
import { isEventId, redeliver, testEndpoint } from '../webhooks/deliveries.ts';
import { findEndpoint } from '../webhooks/endpoints.ts';
import { presentDelivery } from '../webhooks/present.ts';
import {
  DELIVERY_STATES,
  deliveryParams,
  deliverySchema,
  endpointIdParam,
  noBody,
} from '../webhooks/schemas.ts';
import { answers, json } from './shapes.ts';
import { listQuery } from './list-query.ts';
import { keyHeader, WEBHOOK_TAGS } from './webhook-endpoints.ts';

const query = listQuery({ state: z.enum(DELIVERY_STATES).optional() });

export function addWebhookDeliveryRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/webhook-endpoints/{id}/deliveries',
      tags: WEBHOOK_TAGS,
      summary: 'What it was sent and what it answered, newest first',
      middleware: [allow('webhooks:read')] as const,
      request: { params: endpointIdParam, query },
      responses: {
        200: answers(
          'A page',
          z.object({ data: z.array(deliverySchema), nextCursor: z.string().nullable() }),
        ),
      },
    }),
    async (c) => {
      const { cursor, limit, state } = c.req.valid('query');
      const { id: endpointId } = await findEndpoint(deps, c.get('caller'), c.req.valid('param').id);
      const after = cursor === undefined ? undefined : decodeCursor(cursor, isEventId);
      const found = await listWebhookDeliveries(deps.pool, { endpointId, state, limit, after });
      const { page, nextCursor } = pageOf(found, limit, (last) =>
        encodeCursor(last.createdAt, last.eventId),
      );
      return c.json({ data: page.map(presentDelivery), nextCursor });
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/deliveries/{eventId}/redeliver',
      tags: WEBHOOK_TAGS,
      summary: 'Deliver an event again, whatever became of it',
      description: 'At once, with a new three days of attempts, and under the same `webhook-id`.',
      middleware: [allow('webhooks:manage')] as const,
      request: { params: deliveryParams, headers: keyHeader, body: json(noBody, false) },
      responses: { 202: answers('It is on its way', deliverySchema) },
    }),
    async (c) => {
      const { id: endpointId, eventId } = c.req.valid('param');
      const idempotencyKey = c.req.valid('header')['idempotency-key'];
      const request = { endpointId, idempotencyKey, eventId };
      return c.json(presentDelivery(await redeliver(deps, c.get('caller'), request)), 202);
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/webhook-endpoints/{id}/test',
      tags: WEBHOOK_TAGS,
      summary: 'Send a test event now and hear what the endpoint answers',
      description:
        'One attempt of an event of type `webhook.test`, within 15 seconds; also while the endpoint ' +
        'is switched off.',
      middleware: [allow('webhooks:manage')] as const,
      request: { params: endpointIdParam, headers: keyHeader, body: json(noBody, false) },
      responses: { 200: answers('What it answered', deliverySchema) },
    }),
    async (c) => {
      const endpointId = c.req.valid('param').id;
      const idempotencyKey = c.req.valid('header')['idempotency-key'];
      const sent = await testEndpoint(deps, c.get('caller'), { endpointId, idempotencyKey });
      return c.json(presentDelivery(sent), 200);
    },
  );
}
