import { z } from 'zod';

/** @throws Error that names the variable when it is missing. */
export function readDatabaseUrl(): string {
  return z.string({ error: 'DATABASE_URL is not set' }).min(1).parse(process.env['DATABASE_URL']);
}
