/** A database that one test file (or test) has for itself. */
import { inject } from 'vitest';
import { createDatabase, type TestDatabase } from './template-database.ts';

export type { TestDatabase };

/** A fresh database with all migrations applied. */
export const createTestDatabase = (): Promise<TestDatabase> =>
  createDatabase(inject('databaseUrl'));
