import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import type { StoredNotification } from '../../db/repositories/notification.repository.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { redeliverNews } from '../news/receive.ts';
import { decodeCursor, encodeCursor, isCursorId, pageOf } from '../payments/cursor.ts';
import { isPaymentId } from '../payments/digest.ts';
import { Problem } from '../problem.ts';
import { integrationParam, listQuery, noQuery } from './list-query.ts';
import { answers } from './shapes.ts';

const TAGS = ['News from providers'];
const STATES = ['waiting', 'settled', 'ignored', 'unmatched', 'unverified'] as const;

const notificationSchema = z
  .object({
    id: z.string(),
    provider: z.string(),
    integration: z.string(),
    providerEventId: z.string().nullable(),
    type: z.string().nullable(),
    verified: z.boolean(),
    state: z.enum(STATES).openapi({
      description:
        'waiting: its payment is going to be told (again). settled: the payment says the same, or ' +
        'the provider was asked because of it. ignored: Holdfast has no use for it. unmatched: no ' +
        'payment is known, or it does not come to say the same. unverified: its signature proves ' +
        'nothing, and it was not believed.',
    }),
    reason: z.string(),
    paymentId: z.string().nullable(),
    providerRef: z.string().nullable(),
    received: z.int().openapi({ description: 'How often the provider sent it.' }),
    told: z.int().openapi({ description: 'How often its payment was told.' }),
    nextAt: z.string().nullable(),
    receivedAt: z.string(),
    updatedAt: z.string(),
  })
  .openapi('Notification');

const withBody = notificationSchema
  .extend({ headers: z.record(z.string(), z.string()), body: z.string() })
  .openapi('NotificationWithBody');

const present = (one: StoredNotification) => ({
  id: one.id,
  provider: one.provider,
  integration: one.integrationId,
  providerEventId: one.providerEventId,
  type: one.type,
  verified: one.verified,
  state: one.state,
  reason: one.reason,
  paymentId: one.paymentId,
  providerRef: one.providerRef,
  received: one.received,
  told: one.told,
  nextAt: one.dueAt?.toISOString() ?? null,
  receivedAt: one.receivedAt.toISOString(),
  updatedAt: one.updatedAt.toISOString(),
});

const query = listQuery({
  state: z.enum(STATES).optional(),
  payment: z.string().refine(isPaymentId, 'must be the id of a payment').optional(),
  integration: integrationParam.optional(),
});

const params = z.object({ id: z.string().max(64) });

/** What providers said, what it proved, and what became of it. */
export function addNotificationRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/notifications',
      tags: TAGS,
      summary: 'Messages of providers, newest first, each with what became of it and why',
      middleware: [allow('notifications:read')] as const,
      request: { query },
      responses: {
        200: answers(
          'A page',
          z.object({ data: z.array(notificationSchema), nextCursor: z.string().nullable() }),
        ),
      },
    }),
    async (c) => {
      const { cursor, limit, payment, integration, state } = c.req.valid('query');
      const { accountId, mode } = c.get('caller');
      const after = cursor === undefined ? undefined : decodeCursor(cursor, isCursorId('ntf'));
      const found = await deps.notifications.list({
        accountId,
        mode,
        state,
        paymentId: payment,
        integrationId: integration,
        after: after && { at: after.createdAt, id: after.id },
        limit,
      });
      const { page, nextCursor } = pageOf(found, limit, (last) =>
        encodeCursor(last.receivedAt, last.id),
      );
      return c.json({ data: page.map(present), nextCursor });
    },
  );
  addOne(app, deps);
}

function addOne(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/notifications/{id}',
      tags: TAGS,
      summary: 'One message as it came',
      middleware: [allow('notifications:read')] as const,
      request: { params, query: noQuery },
      responses: { 200: answers('The message', withBody) },
    }),
    async (c) => {
      const one = await find(deps, c.get('caller'), c.req.valid('param').id);
      const { body, headers } = one;
      return c.json({ ...present(one), headers: { ...headers }, body: body.toString('utf8') });
    },
  );
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/notifications/{id}/redeliver',
      tags: TAGS,
      summary: 'Read it again and tell its payment again',
      description:
        'The signature is checked with the secrets that are in force now, against the time at which ' +
        'the message came: after a secret was put right, what was unverified becomes news.',
      middleware: [allow('notifications:redeliver')] as const,
      request: { params },
      responses: { 200: answers('What it is now', notificationSchema) },
    }),
    async (c) => {
      const caller = c.get('caller');
      const stored = await find(deps, caller, c.req.valid('param').id);
      const integration = await deps.integrations.newest(stored.integrationId);
      if (integration === null) throw new Error(`${stored.integrationId} is gone`);
      await redeliverNews(deps, integration, stored);
      return c.json(present(await find(deps, caller, stored.id)), 200);
    },
  );
}

/** @throws Problem `not-found`, also for what another account or mode was told. */
async function find(
  deps: ApiDeps,
  { accountId, mode }: ApiContext['Variables']['caller'],
  id: string,
): Promise<StoredNotification> {
  const known = isCursorId('ntf')(id);
  const one = known ? await deps.notifications.find(accountId, mode, id) : null;
  if (one === null) throw new Problem('not-found', 'There is no such message for this API key.');
  return one;
}
