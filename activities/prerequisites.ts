/** What a worker needs of Postgres and Temporal before it can carry a payment. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '@temporalio/client';
import type pg from 'pg';
import type { Logger } from 'pino';
import { connect } from '../db/client.ts';
import { schemaTrouble } from '../db/migrate.ts';
import { connectionOptions } from '../workflows/contracts.ts';
import { SEARCH_ATTRIBUTES, searchAttributeState } from '../workflows/search-attributes.ts';
import type { WorkerEnv } from './env.ts';

const PAUSE_MS = 1_000;
const ASKED_WITHIN_MS = 5_000;
/** A trouble that stays is said again this often. */
const REPEAT_MS = 60_000;

type Trouble = { readonly reason: string; readonly error?: unknown };

/** Waits until all is there, and says in the log what is missing and how to mend it. */
export async function waitForPrerequisites(
  env: WorkerEnv,
  log: Pick<Logger, 'info' | 'warn'>,
  signal: AbortSignal,
): Promise<void> {
  const pool = connect(env.DATABASE_URL, { max: 1 });
  const connection = Connection.lazy({
    ...connectionOptions(env),
    channelArgs: { 'grpc.max_reconnect_backoff_ms': 2_000 },
  });
  try {
    await waitUntil(() => troubleOf(env, pool, connection, log), log, signal);
  } finally {
    await Promise.all([pool.end(), connection.close()]);
  }
}

async function waitUntil(
  look: () => Promise<Trouble | null>,
  log: Pick<Logger, 'info' | 'warn'>,
  signal: AbortSignal,
): Promise<void> {
  let said = '';
  let saidAt = 0;
  while (!signal.aborted) {
    const trouble = await look();
    if (trouble === null) {
      if (said !== '') log.info('all that was missing is there');
      return;
    }
    const { reason, error } = trouble;
    const now = performance.now();
    if (said !== reason || now - saidAt > REPEAT_MS) {
      [said, saidAt] = [reason, now];
      log.warn(error === undefined ? { reason } : { reason, error }, 'the worker waits');
    }
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => undefined);
  }
}

async function troubleOf(
  env: WorkerEnv,
  pool: pg.Pool,
  connection: Connection,
  log: Pick<Logger, 'warn'>,
): Promise<Trouble | null> {
  try {
    const reason = await schemaTrouble(pool);
    if (reason !== null) return { reason };
  } catch (error) {
    return { reason: 'Postgres does not answer.', error };
  }
  const { TEMPORAL_ADDRESS: address, TEMPORAL_NAMESPACE: namespace } = env;
  try {
    const state = await connection.withDeadline(Date.now() + ASKED_WITHIN_MS, () =>
      searchAttributeState(connection.operatorService, namespace, address),
    );
    if (state === 'present') return null;
    if (state !== 'unknown') return { reason: state.trouble };
    const needed = SEARCH_ATTRIBUTES.map(({ name, type }) => `${name} (${type})`).join(', ');
    log.warn(
      { namespace, needed },
      'this login may not list search attributes: see that the namespace has those that are needed',
    );
    return null;
  } catch (error) {
    return { reason: `Temporal does not answer at ${address}.`, error };
  }
}
