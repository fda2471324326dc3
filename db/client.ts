import pg from 'pg';

/** Every connection pool of a process comes from here, so that all have the same limits. */
export function connect(databaseUrl: string, options: { max?: number } = {}): pg.Pool {
  const pool = new pg.Pool({
    connectionString: databaseUrl,
    max: options.max ?? 20,
    connectionTimeoutMillis: 5_000,
    // A statement that takes longer is stuck, and its caller has its own retry.
    statement_timeout: 15_000,
    query_timeout: 20_000,
    keepAlive: true,
  });
  // An idle connection that the server closes is replaced on next use; unheard it would end the process.
  pool.on('error', () => undefined);
  return pool;
}
