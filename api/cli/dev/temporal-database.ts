/** Temporal's database file between starts. */
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Readies the file for this version of the server. The server never migrates a file that another
 * version made and would fail on it later, so such a file is moved aside: payments are in Postgres,
 * and a payment's next event starts a new run.
 */
export function prepareTemporalDatabase(
  file: string,
  version: string,
  note: (line: string) => void,
): void {
  const versionFile = `${file}.version`;
  mkdirSync(dirname(file), { recursive: true });
  const madeBy = existsSync(versionFile) ? readFileSync(versionFile, 'utf8').trim() : 'unknown';
  if (existsSync(file) && madeBy !== version) {
    const aside = `${file}.old-${new Date().toISOString().replaceAll(':', '')}`;
    for (const suffix of ['', '-wal', '-shm']) {
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix);
    }
    note(
      `Temporal's database was made by another version (${madeBy}; now ${version}): ` +
        `moved to ${aside}, beginning a new one`,
    );
  }
  writeFileSync(versionFile, `${version}\n`);
}
