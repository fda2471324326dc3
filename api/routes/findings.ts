import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import {
  createFindingRepository,
  type Finding,
  type FindingRepository,
} from '../../db/repositories/finding.repository.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { decodeCursor, encodeCursor, isCursorId, pageOf } from '../payments/cursor.ts';
import { resolveFindingBody } from '../payments/schemas.ts';
import { Problem } from '../problem.ts';
import { integrationParam, listQuery } from './list-query.ts';
import { answers, json } from './shapes.ts';

const TAGS = ['Findings'];
const STATES = ['open', 'resolved'] as const;

const says = z.record(z.string(), z.unknown());

const findingSchema = z
  .object({
    id: z.string(),
    integration: z.string(),
    kind: z.string().openapi({
      description:
        'unknown_payment: money is there that no payment has. capture_differs, hold_differs, ' +
        'refund_differs, dispute_differs: the payment and its provider do not say the same. ' +
        'missing_at_provider: the provider does not have a payment that holds or took money.',
    }),
    state: z.enum(STATES),
    detail: z.string().openapi({ description: 'What differs and what can be done, in words.' }),
    providerRef: z.string(),
    paymentId: z.string().nullable(),
    providerSays: says,
    holdfastSays: says,
    foundAt: z.string(),
    seenAt: z.string().openapi({ description: 'When a comparison last saw it.' }),
    resolvedAt: z.string().nullable(),
    resolution: z.string().nullable().openapi({ description: 'Who or what resolved it, and why.' }),
  })
  .openapi('Finding');

const present = (finding: Finding) => ({
  id: finding.id,
  integration: finding.integrationId,
  kind: finding.kind,
  state: finding.state,
  detail: finding.detail,
  providerRef: finding.providerRef,
  paymentId: finding.paymentId,
  providerSays: finding.providerSays as Record<string, unknown>,
  holdfastSays: finding.holdfastSays as Record<string, unknown>,
  foundAt: finding.foundAt.toISOString(),
  seenAt: finding.seenAt.toISOString(),
  resolvedAt: finding.resolvedAt?.toISOString() ?? null,
  resolution: finding.resolution,
});

const query = listQuery({
  state: z.enum(STATES).default('open'),
  integration: integrationParam.optional(),
});

const params = z.object({ id: z.string().max(64) });

/** Where a provider's books and ours differ, the oldest difference first. */
export function addFindingRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  const findings = createFindingRepository(deps.pool);
  app.openapi(
    createRoute({
      method: 'get',
      path: '/v1/findings',
      tags: TAGS,
      summary: 'Differences between providers’ books and ours, oldest first',
      middleware: [allow('findings:read')] as const,
      request: { query },
      responses: {
        200: answers(
          'A page',
          z.object({ data: z.array(findingSchema), nextCursor: z.string().nullable() }),
        ),
      },
    }),
    async (c) => {
      const { state, integration, cursor, limit } = c.req.valid('query');
      const { accountId, mode } = c.get('caller');
      const after = cursor === undefined ? undefined : decodeCursor(cursor, isCursorId('fnd'));
      const found = await findings.list({
        accountId,
        mode,
        state,
        integrationId: integration,
        after: after && { at: after.createdAt, id: after.id },
        limit,
      });
      const { page, nextCursor } = pageOf(found, limit, (last) =>
        encodeCursor(last.foundAt, last.id),
      );
      return c.json({ data: page.map(present), nextCursor });
    },
  );
  addResolve(app, deps, findings);
}

function addResolve(
  app: OpenAPIHono<ApiContext>,
  deps: ApiDeps,
  findings: FindingRepository,
): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/findings/{id}/resolve',
      tags: TAGS,
      summary: 'Say that nothing more is to be done about a difference, and why',
      description: 'It stays resolved while the same difference is seen again. Moves no money.',
      middleware: [allow('findings:resolve')] as const,
      request: { params, body: json(resolveFindingBody, true) },
      responses: { 200: answers('What it is now', findingSchema) },
    }),
    async (c) => {
      const { accountId, mode, role, keyPrefix } = c.get('caller');
      const { id } = c.req.valid('param');
      const find = async (): Promise<Finding> => {
        const one = isCursorId('fnd')(id) ? await findings.find(accountId, mode, id) : null;
        if (one !== null) return one;
        throw new Problem('not-found', 'There is no such finding for this API key.');
      };
      await find();
      if (!(await findings.resolve(id, `api:${role}:${keyPrefix}`, c.req.valid('json').reason))) {
        throw new Problem(
          'finding-resolved',
          'It was resolved before; its resolution says by whom.',
        );
      }
      return c.json(present(await find()), 200);
    },
  );
}
