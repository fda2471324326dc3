/**
 * The migrated database that every test's own one is copied from: copying takes tens of
 * milliseconds, migrating more.
 */
import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { migrate } from '../../db/migrate.ts';

export const TEMPLATE = 'holdfast_template';

/**
 * Makes and migrates the template, and closes it: Postgres copies only a database that nobody is
 * connected to.
 */
export async function createTemplate(adminUrl: string): Promise<void> {
  const url = new URL(adminUrl);
  url.pathname = `/${TEMPLATE}`;
  await onServer(adminUrl, `create database ${TEMPLATE}`);
  await migrate(url.href);
  await onServer(adminUrl, `alter database ${TEMPLATE} with allow_connections false`);
  await onServer(
    adminUrl,
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = '${TEMPLATE}'`,
  );
}

/** Runs one statement on a connection of its own. */
export async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

export type TestDatabase = {
  readonly url: string;
  /** Removes it, ending whatever is still connected. */
  drop(): Promise<void>;
};

/** A fresh copy of the template. */
export async function createDatabase(adminUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(adminUrl, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(adminUrl, `drop database ${name} with (force)`) };
}
