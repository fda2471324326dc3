import { createRoute, type OpenAPIHono, z } from '@hono/zod-openapi';
import { PROVIDERS } from '../../activities/providers/catalog.ts';
import { RECONCILE_WORKFLOW, reconcileOptions } from '../../workflows/contracts.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { allow } from '../middleware/authenticate.ts';
import { Problem } from '../problem.ts';
import { answers } from './shapes.ts';

const START_WITHIN_MS = 5_000;

const params = z.object({ id: z.string().regex(/^[a-z][a-z0-9_]{1,39}$/) });

const started = z
  .object({
    integration: z.string(),
    workflowId: z.string().openapi({ description: 'The comparison under way, in Temporal.' }),
    runId: z.string(),
  })
  .openapi('Reconciliation');

/** Compares an integration's books now, as it is done every night. */
export function addReconcileRoute(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.openapi(
    createRoute({
      method: 'post',
      path: '/v1/integrations/{id}/reconcile',
      tags: ['Findings'],
      summary: 'Compare the provider’s list with ours now; a comparison under way is joined',
      description:
        'What differs is told to its payment and listed at `GET /v1/findings`. Where the provider has ' +
        'no list, each payment that holds something there asks by itself.',
      middleware: [allow('integrations:reconcile')] as const,
      request: { params },
      responses: { 202: answers('It is under way', started) },
    }),
    async (c) => {
      const { accountId, mode } = c.get('caller');
      const { id } = c.req.valid('param');
      const integration = await deps.integrations.current(accountId, id);
      if (integration === null || integration.mode !== mode) {
        throw new Problem('not-found', 'There is no such integration for this API key.');
      }
      if (PROVIDERS[integration.provider]?.books === undefined) {
        throw new Problem('invalid-request', 'What is paid offline has no books to compare with.');
      }
      // Who asks wants to know what is now. The nights wait for what is moving.
      const options = reconcileOptions({ integrationId: id, quietMs: 0 });
      const taskQueue = deps.taskQueue ?? options.taskQueue;
      try {
        const run = await deps.temporal.withDeadline(Date.now() + START_WITHIN_MS, () =>
          deps.temporal.workflow.start(RECONCILE_WORKFLOW, { ...options, taskQueue }),
        );
        const { workflowId, firstExecutionRunId: runId } = run;
        return c.json({ integration: id, workflowId, runId }, 202);
      } catch (error) {
        deps.log.warn({ requestId: c.get('requestId'), error }, 'not started');
        throw new Problem('unavailable', 'The comparison could not be started: ask again.');
      }
    },
  );
}
