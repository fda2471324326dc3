/** Postgres and Temporal: started here, or those that the environment names. */
import type { Report } from '../progress.mjs';
import type { Child } from './children.ts';
import type { Settings } from './env.ts';
import { checkPostgres } from './postgres-connect.ts';
import { startPostgres } from './postgres-server.ts';
import type { StateDir } from './state-dir.ts';
import { ensureTemporalBinary } from './temporal-binary.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';
import { missingSearchAttributes } from './temporal-check.ts';
import { prepareTemporalDatabase } from './temporal-database.ts';
import { startTemporal } from './temporal-server.ts';

type Context = {
  readonly settings: Settings;
  readonly state: StateDir;
  readonly port: number;
  readonly report: Report;
  readonly onSpawn: (child: Child) => void;
};

const CHECK_TIMEOUT_MS = 5000;

export async function providePostgres(context: Context): Promise<string> {
  const { settings, state, port, report, onSpawn } = context;
  if (settings.databaseUrl !== null) {
    report.doing('checking DATABASE_URL');
    await checkDatabaseUrl(settings.databaseUrl);
    report.doing('the one that DATABASE_URL names');
    return settings.databaseUrl;
  }
  const logFile = state.logFile('postgres');
  const dataDir = state.postgres;
  const server = await startPostgres({ dataDir, port, durable: true, logFile, report, onSpawn });
  report.doing(`127.0.0.1:${port}`);
  return server.url;
}

async function checkDatabaseUrl(url: string): Promise<void> {
  try {
    await checkPostgres(url);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    throw new Error(
      `The Postgres of DATABASE_URL does not answer (${message || code}). ` +
        'Correct the address, or unset DATABASE_URL to have one started here.',
      { cause: error },
    );
  }
}

type Temporal = { readonly address: string; readonly uiUrl: string | null };

export async function provideTemporal(context: Context & { uiPort: number }): Promise<Temporal> {
  const { settings, state, port, uiPort, report, onSpawn } = context;
  if (settings.temporalAddress !== null) {
    report.doing('checking TEMPORAL_ADDRESS');
    await checkTemporalAddress(settings.temporalAddress, settings.temporalNamespace);
    report.doing('the one that TEMPORAL_ADDRESS names');
    return { address: settings.temporalAddress, uiUrl: settings.temporalUiUrl };
  }
  report.doing('looking for the server');
  const binary = await ensureTemporalBinary(report, { env: settings.env, onSpawn });
  report.doing('starting');
  prepareTemporalDatabase(state.temporalDb, binary.version, report.note);
  const server = await startTemporal({
    binary: binary.path,
    namespace: settings.temporalNamespace,
    port,
    uiPort,
    dbFile: state.temporalDb,
    logFile: state.logFile('temporal'),
    onSpawn,
  });
  report.doing(server.address);
  return server;
}

async function checkTemporalAddress(address: string, namespace: string): Promise<void> {
  const missing = await missingSearchAttributes(address, namespace, CHECK_TIMEOUT_MS).catch(
    (error: unknown) => {
      throw new Error(
        `The Temporal of TEMPORAL_ADDRESS=${address} does not answer for namespace ${namespace} ` +
          `(${error instanceof Error ? error.message : String(error)}). ` +
          'Correct the address, or unset TEMPORAL_ADDRESS to have one started here.',
        { cause: error },
      );
    },
  );
  // Null: this login may not list them. Then the worker will tell.
  if (missing === null || missing.length === 0) return;
  const commands = missing.map(
    (name) =>
      `  temporal operator search-attribute create --address ${address} --namespace ${namespace} ` +
      `--name ${name} --type ${SEARCH_ATTRIBUTES[name]}`,
  );
  throw new Error(
    `Namespace ${namespace} lacks search attributes. Create them:\n${commands.join('\n')}`,
  );
}
