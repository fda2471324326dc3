import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { readDatabaseUrl } from './env.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any fixed number: whoever holds this lock migrates, the others wait and then find it done. */
const MIGRATION_LOCK = 4_217_001;

/** While a change of a table waits for its lock, everybody else who needs the table waits behind it. */
const TABLE_WAIT_MS = 2_000;
const PAUSE_MS = 1_000;
const PATIENCE_MS = 10 * 60_000;

/** `lock_not_available` and `deadlock_detected`: somebody uses a table, and nothing was changed. */
const IN_USE = ['55P03', '40P01'];

/**
 * Brings the database to the present schema, all or nothing. Safe to run from several processes at
 * once and beside an API and workers: it gives way to whoever uses a table, and tries again.
 */
export async function migrate(
  databaseUrl: string,
  options: { say?: (text: string) => void; folder?: string } = {},
): Promise<void> {
  const deadline = Date.now() + PATIENCE_MS;
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await client.query(`set lock_timeout = ${TABLE_WAIT_MS}`);
    for (;;) {
      try {
        await applyMigrations(drizzle(client), {
          migrationsFolder: options.folder ?? migrationsFolder,
        });
        return;
      } catch (error) {
        if (!IN_USE.includes(sqlStateOf(error)) || Date.now() > deadline) throw error;
        options.say?.('A table is in use by a long transaction; trying again.');
        await sleep(PAUSE_MS);
      }
    }
  } finally {
    await client.end();
  }
}

/** Of an error of Postgres, also where drizzle wraps it; else nothing. */
function sqlStateOf(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

const MEND = 'Run `npm run db:migrate`.';
const MISSING = `The database has no schema. ${MEND}`;
const OLDER = `The schema of the database is older than this version of Holdfast. ${MEND}`;

/** `undefined_table`, `undefined_column`, `invalid_schema_name`. */
const NOT_THERE = ['42P01', '42703', '3F000'];

/** True of an error that an old or missing schema brings; `schemaTrouble` knows whether it did. */
export const missesSchema = (error: unknown): boolean => NOT_THERE.includes(sqlStateOf(error));

let newestMillis: number | null = null;

/** What keeps this version of the code from using the database, with what mends it; null: nothing. */
export async function schemaTrouble(pool: Pick<pg.Pool, 'query'>): Promise<string | null> {
  newestMillis ??= readMigrationFiles({ migrationsFolder }).at(-1)?.folderMillis ?? 0;
  try {
    const { rows } = await pool.query<{ newest: string | null }>(
      'select max(created_at) as newest from drizzle.__drizzle_migrations',
    );
    const applied = rows[0]?.newest ?? null;
    if (applied === null) return MISSING;
    return Number(applied) >= newestMillis ? null : OLDER;
  } catch (error) {
    if (missesSchema(error)) return MISSING;
    throw error;
  }
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const say = (text: string) => void process.stdout.write(`${text}\n`);
  await migrate(readDatabaseUrl(), { say });
  say('The database has the present schema.');
}
