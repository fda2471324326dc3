/** A new data folder, made so that an interrupted start leaves none that looks complete. */
import { randomBytes } from 'node:crypto';
import { chownSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Child, runChild } from './children.ts';
import { makeOwnDir, type PostgresPrograms } from './postgres-programs.ts';

const PASSWORD_FILE = 'holdfast.password';

/**
 * The password made with the data folder: anyone on this machine can reach the port, not everyone
 * may come in.
 */
export const passwordOf = (dataDir: string): string =>
  readFileSync(join(dataDir, PASSWORD_FILE), 'utf8').trim();

export async function initialise(
  programs: PostgresPrograms,
  dataDir: string,
  user: string,
  { logFile, onSpawn }: { logFile: string; onSpawn?: (child: Child) => void },
): Promise<void> {
  const unfinished = `${dataDir}.new`;
  const passwordFile = `${dataDir}.password`;
  makeOwnDir(unfinished, programs);
  rmSync(passwordFile, { force: true });
  writeFileSync(passwordFile, `${randomBytes(18).toString('base64url')}\n`, { mode: 0o600 });
  const { identity } = programs;
  if (identity !== undefined) chownSync(passwordFile, identity.uid, identity.gid);
  const args = [
    ...['--pgdata', unfinished, '--username', user, '--pwfile', passwordFile],
    ...['--auth=scram-sha-256', '--encoding=UTF8', '--locale=C', '--no-sync'],
  ];
  await runChild(
    { name: 'initdb', command: programs.initdb, args, cwd: unfinished, identity, logFile },
    onSpawn,
  );
  renameSync(passwordFile, join(unfinished, PASSWORD_FILE));
  // Replaces an empty folder (a temporary one, for example), never one with something in it.
  renameSync(unfinished, dataDir);
}
