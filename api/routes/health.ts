import type { OpenAPIHono } from '@hono/zod-openapi';
import { isMigrated } from '../../db/migrate.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { within } from '../payments/waiting.ts';

const CHECK_MS = 2_000;

/** `/healthz`: the process lives. `/readyz`: it can do its work, and was not asked to stop. */
export function addHealthRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const [postgres, migrations, temporal] = await Promise.all([
      holds(() => deps.pool.query('select 1').then(() => true)),
      holds(() => isMigrated(deps.pool)),
      holds(() =>
        deps.temporal
          .withDeadline(Date.now() + CHECK_MS, () =>
            deps.temporal.workflowService.getSystemInfo({}),
          )
          .then(() => true),
      ),
    ]);
    const accepting = deps.isAccepting();
    const ready = postgres && migrations && temporal && accepting;
    return c.json({ ready, postgres, migrations, temporal, accepting }, ready ? 200 : 503);
  });
}

async function holds(check: () => Promise<boolean>): Promise<boolean> {
  return within(
    check().catch(() => false),
    CHECK_MS,
    false,
  );
}
