import { createMiddleware } from 'hono/factory';
import type pg from 'pg';
import { schemaTrouble } from '../../db/migrate.ts';
import type { ApiContext } from '../context.ts';
import { Problem } from '../problem.ts';

export const notMigrated = (trouble: string): Problem =>
  new Problem('not-migrated', `${trouble} Then ask again with the same Idempotency-Key.`);

/**
 * Lets nothing through before the database has the schema of this version. Once that was seen it is
 * not looked at again: a schema only grows.
 */
export function requireSchema(pool: pg.Pool) {
  let isThere = false;
  let looking: Promise<string | null> | null = null;
  return createMiddleware<ApiContext>(async (_c, next) => {
    if (!isThere) {
      looking ??= schemaTrouble(pool).finally(() => {
        looking = null;
      });
      const trouble = await looking;
      if (trouble !== null) throw notMigrated(trouble);
      isThere = true;
    }
    await next();
  });
}
