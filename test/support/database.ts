/** A database that one test file (or test) has for itself. */
import { randomBytes } from 'node:crypto';
import { inject } from 'vitest';
import { onServer, TEMPLATE } from './template-database.ts';

export type TestDatabase = {
  readonly url: string;
  /** Removes it, ending whatever is still connected. */
  drop(): Promise<void>;
};

/** A fresh database with all migrations applied. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = inject('databaseUrl');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await onServer(adminUrl, `create database ${name} template ${TEMPLATE}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return { url: url.href, drop: () => onServer(adminUrl, `drop database ${name} with (force)`) };
}
