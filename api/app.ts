/** The API as a function of its dependencies; it does not listen. */
import { randomUUID } from 'node:crypto';
import { OpenAPIHono } from '@hono/zod-openapi';
import type { Context } from 'hono';
import { HTTPException } from 'hono/http-exception';
import { missesSchema, schemaTrouble } from '../db/migrate.ts';
import type { ApiContext } from './context.ts';
import type { ApiDeps } from './deps.ts';
import { identify } from './middleware/authenticate.ts';
import { checkJson, limitBody } from './middleware/read-json.ts';
import { refuseCardNumbers } from './middleware/refuse-card-numbers.ts';
import { notMigrated, requireSchema } from './middleware/require-schema.ts';
import { Problem } from './problem.ts';
import { addAttentionRoute } from './routes/attention.ts';
import { addDocsRoutes } from './routes/docs.ts';
import { addFindingRoutes } from './routes/findings.ts';
import { addHealthRoutes } from './routes/health.ts';
import { addIntegrationRoutes } from './routes/integrations.ts';
import { addNotificationRoutes } from './routes/notifications.ts';
import { addPaymentRoutes } from './routes/payments.ts';
import { addReconcileRoute } from './routes/reconcile.ts';
import { addReturnRoute } from './routes/return.ts';
import { addWebhookRoute } from './routes/webhooks.ts';
import { addWebhookDeliveryRoutes } from './routes/webhook-deliveries.ts';
import { addWebhookEndpointRoutes } from './routes/webhook-endpoints.ts';
import { isUnavailable } from '../db/unavailable.ts';
import { validationProblem } from './validation.ts';

const RETRY_AFTER_S = '2';

export function createApp(deps: ApiDeps): OpenAPIHono<ApiContext> {
  const app = new OpenAPIHono<ApiContext>({
    defaultHook: (result) => {
      if (!result.success) throw validationProblem(result.target, result.error);
    },
  });
  app.use(async (c, next) => {
    const requestId = `req_${randomUUID()}`;
    c.set('requestId', requestId);
    c.header('X-Request-Id', requestId);
    // While it stops, a connection that is kept would be cut off in the middle of a next request.
    if (!deps.isAccepting()) c.header('Connection', 'close');
    const startedAt = performance.now();
    await next();
    const ms = Math.round(performance.now() - startedAt);
    // The route and not the path or the body: nothing that a caller wrote reaches the log.
    deps.log.info({
      requestId,
      method: c.req.method,
      route: c.req.routePath,
      status: c.res.status,
      ms,
    });
  });
  const needsSchema = requireSchema(deps.pool);
  for (const path of ['/v1/*', '/webhooks/*', '/return/*']) app.use(path, needsSchema);
  app.use('/v1/*', identify(deps), limitBody, refuseCardNumbers, checkJson);
  addPaymentRoutes(app, deps);
  addAttentionRoute(app, deps);
  addNotificationRoutes(app, deps);
  addIntegrationRoutes(app, deps);
  addWebhookEndpointRoutes(app, deps);
  addWebhookDeliveryRoutes(app, deps);
  addReconcileRoute(app, deps);
  addFindingRoutes(app, deps);
  addHealthRoutes(app, deps);
  addReturnRoute(app, deps);
  addWebhookRoute(app, deps);
  addDocsRoutes(app, deps.publicUrl);
  // Answered and not thrown: a throw from here would pass by the log line above.
  app.notFound((c) =>
    answerProblem(new Problem('not-found', 'There is nothing at this path. See /docs.'), c),
  );
  app.onError(async (error, c) => answerProblem(await problemOf(error, c, deps), c));
  return app;
}

async function problemOf(error: Error, c: Context<ApiContext>, deps: ApiDeps): Promise<Problem> {
  if (error instanceof Problem) return error;
  if (error instanceof HTTPException && error.status === 400) {
    return new Problem('invalid-json', 'The body could not be read as JSON.');
  }
  const requestId = c.get('requestId');
  if (isUnavailable(error)) {
    deps.log.warn({ requestId, error }, 'unavailable');
    return new Problem(
      'unavailable',
      'Holdfast cannot reach its database. Ask again with the same Idempotency-Key: it has one effect.',
    );
  }
  const trouble = missesSchema(error) ? await schemaTrouble(deps.pool).catch(() => null) : null;
  if (trouble !== null) return notMigrated(trouble);
  deps.log.error({ requestId, error }, 'a request failed');
  return new Problem(
    'internal-error',
    'This should not happen and was logged. Ask again with the same Idempotency-Key, and name the requestId if it persists.',
  );
}

function answerProblem(problem: Problem, c: Context<ApiContext>): Response {
  if (problem.status === 401) c.header('WWW-Authenticate', 'Bearer');
  // What is left of the body is not read, so nothing can follow it.
  if (problem.status === 413) c.header('Connection', 'close');
  if (problem.status === 503 || problem.status === 429) c.header('Retry-After', RETRY_AFTER_S);
  return c.json(problem.body(c.get('requestId')), problem.status, {
    'content-type': 'application/problem+json',
  });
}
