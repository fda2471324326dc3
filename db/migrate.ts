import { fileURLToPath, pathToFileURL } from 'node:url';
import { drizzle } from 'drizzle-orm/node-postgres';
import { migrate as applyMigrations } from 'drizzle-orm/node-postgres/migrator';
import { readMigrationFiles } from 'drizzle-orm/migrator';
import pg from 'pg';
import { readDatabaseUrl } from './env.ts';

const migrationsFolder = fileURLToPath(new URL('./migrations', import.meta.url));

/** Any fixed number: whoever holds this lock migrates, the others wait and then find it done. */
const MIGRATION_LOCK = 4_217_001;

/** Brings the database to the present schema. Safe to run from several processes at once. */
export async function migrate(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  try {
    await client.query('select pg_advisory_lock($1)', [MIGRATION_LOCK]);
    await applyMigrations(drizzle(client), { migrationsFolder });
  } finally {
    await client.end();
  }
}

/** True when every migration of this version of the code has been applied. */
export async function isMigrated(pool: pg.Pool): Promise<boolean> {
  const newest = readMigrationFiles({ migrationsFolder }).at(-1);
  const { rows } = await pool.query<{ applied: boolean }>(
    `select exists (select 1 from drizzle.__drizzle_migrations where created_at >= $1) as applied`,
    [newest?.folderMillis ?? 0],
  );
  return rows[0]?.applied ?? false;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  await migrate(readDatabaseUrl());
  process.stdout.write('The database has the present schema.\n');
}
