/** The few statements that the stack itself sends to Postgres. */
import pg from 'pg';
import type { Child } from './children.ts';

const POLL_MS = 40;
/** Recovery after a crash of the machine may take a while. */
const UP_TIMEOUT_MS = 60_000;
/** SQLSTATE of "the database system is starting up". */
const STARTING_UP = '57P03';

/**
 * Resolves once `url` accepts a login; throws when `child` ends first or refuses for another
 * reason.
 */
export async function connectWhenUp(url: string, child: Child): Promise<void> {
  const deadline = Date.now() + UP_TIMEOUT_MS;
  while (child.isRunning()) {
    try {
      return await checkPostgres(url);
    } catch (error) {
      const { code } = error as { code?: string };
      if (code !== 'ECONNREFUSED' && code !== STARTING_UP) throw error;
      if (Date.now() > deadline) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error('Postgres ended while it was starting.');
}

/** Throws when nobody answers at `url` or the login is refused. */
export const checkPostgres = (url: string): Promise<void> =>
  withClient(url, async (client) => {
    await client.query('select 1');
  });

export const createDatabase = (url: string, name: string): Promise<void> =>
  withClient(url, async (client) => {
    const found = await client.query('select from pg_database where datname = $1', [name]);
    if (found.rowCount === 0) await client.query(`create database ${pg.escapeIdentifier(name)}`);
  });

async function withClient(url: string, work: (client: pg.Client) => Promise<void>): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5000 });
  // A server that goes away in between is reported by the query; the event alone would end this
  // process.
  client.on('error', () => undefined);
  try {
    await client.connect();
    await work(client);
  } finally {
    await client.end().catch(() => undefined);
  }
}
