import type { OpenAPIHono } from '@hono/zod-openapi';
import { schemaTrouble } from '../../db/migrate.ts';
import { searchAttributeState } from '../../workflows/search-attributes.ts';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import { within } from '../payments/waiting.ts';
import { Problem } from '../problem.ts';

const CHECK_MS = 2_000;

/** Null: nobody can tell. `reason` says why not, and what mends it. */
type Check = { readonly holds: boolean | null; readonly reason?: string };

const HOLDS: Check = { holds: true };

/** `/healthz`: the process lives. `/readyz`: it can do its work, and was not asked to stop. */
export function addHealthRoutes(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  app.get('/healthz', (c) => c.json({ status: 'ok' }));
  app.get('/readyz', async (c) => {
    const [postgres, migrations, temporal, searchAttributes] = await Promise.all([
      answered('Postgres does not answer.', () => deps.pool.query('select 1').then(() => HOLDS)),
      answered('', async () => checkOf(await schemaTrouble(deps.pool))),
      answered('Temporal does not answer.', () =>
        asked(deps, () => deps.temporal.workflowService.getSystemInfo({})).then(() => HOLDS),
      ),
      answered('', () => attributesCheck(deps)),
    ]);
    const accepting = deps.isAccepting();
    const checks = { postgres, migrations, temporal, searchAttributes };
    const flags = Object.fromEntries(
      Object.entries(checks).map(([name, { holds }]) => [name, holds]),
    );
    const reasons = Object.values(checks).flatMap(({ reason = '' }) => reason || []);
    if (!accepting) reasons.push('This process was asked to stop.');
    const ready = accepting && Object.values(checks).every(({ holds }) => holds !== false);
    const body = { ready, ...flags, accepting };
    if (!ready) throw new Problem('not-ready', reasons.join(' '), body);
    return c.json(body);
  });
}

const checkOf = (trouble: string | null): Check =>
  trouble === null ? HOLDS : { holds: false, reason: trouble };

async function attributesCheck(deps: ApiDeps): Promise<Check> {
  const { options, connection } = deps.temporal;
  const state = await asked(deps, () =>
    searchAttributeState(connection.operatorService, options.namespace),
  );
  if (state === 'unknown') return { holds: null };
  return checkOf(state === 'present' ? null : state.trouble);
}

const asked = <T>(deps: ApiDeps, ask: () => Promise<T>): Promise<T> =>
  deps.temporal.withDeadline(Date.now() + CHECK_MS, ask);

function answered(silence: string, check: () => Promise<Check>): Promise<Check> {
  const not = { holds: false, reason: silence };
  return within(
    check().catch(() => not),
    CHECK_MS,
    not,
  );
}
