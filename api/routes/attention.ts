import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { listAttention } from '../../db/queries/attention-list.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { decodeCursor, encodeCursor, pageOf } from '../payments/cursor.ts';
import { presentPayment } from '../payments/present.ts';
import { paymentSchema } from '../payments/schemas.ts';
import { listQuery } from './list-query.ts';
import { answers } from './shapes.ts';

const query = listQuery({});

const item = z
  .object({
    since: z.string(),
    needsAttention: z.string(),
    payment: paymentSchema,
  })
  .openapi('Attention');

/** What waits for a person, the longest waiting first. */
export function addAttentionRoute(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/attention',
      tags: ['Payments'],
      summary: 'Payments that need a person, oldest first, each with what is wrong and what to do',
      middleware: [allow('payments:read')] as const,
      request: { query },
      responses: {
        200: answers(
          'A page',
          z.object({ data: z.array(item), nextCursor: z.string().nullable() }),
        ),
      },
    }),
    async (c) => {
      const { cursor, limit } = c.req.valid('query');
      const { accountId, mode } = c.get('caller');
      const after = cursor === undefined ? undefined : decodeCursor(cursor);
      const found = await listAttention(deps.pool, { accountId, mode, after, limit });
      const { page, nextCursor } = pageOf(found, limit, (last) =>
        encodeCursor(last.since, last.payment.id),
      );
      return c.json({
        data: page.map(({ since, sentence, payment }) => ({
          since: since.toISOString(),
          needsAttention: sentence,
          payment: presentPayment(payment, deps.publicUrl),
        })),
        nextCursor,
      });
    },
  );
}
