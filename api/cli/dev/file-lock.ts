/** A lock between processes: a folder can be made only once. */
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from './processes.ts';

const POLL_MS = 250;
/** A holder that died between making the folder and signing it is given this long. */
const UNSIGNED_MAX_MS = 5000;

/** Runs `work` while holding the lock `dir`; a lock whose holder is dead is taken over. */
export async function withLock<T>(
  dir: string,
  onWait: (holder: string) => void,
  work: () => Promise<T>,
): Promise<T> {
  while (!take(dir)) {
    const holder = liveHolder(dir);
    if (holder === null) rmSync(dir, { recursive: true, force: true });
    else {
      onWait(holder);
      await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    }
  }
  try {
    return await work();
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function take(dir: string): boolean {
  try {
    mkdirSync(dir);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const owner = { pid: process.pid, identity: processIdentity(process.pid) };
  writeFileSync(join(dir, 'owner.json'), JSON.stringify(owner));
  return true;
}

/** Who holds the lock, or null when it is nobody who still lives. */
function liveHolder(dir: string): string | null {
  try {
    const owner = JSON.parse(readFileSync(join(dir, 'owner.json'), 'utf8')) as {
      pid: number;
      identity: string;
    };
    return processIdentity(owner.pid) === owner.identity ? `pid ${owner.pid}` : null;
  } catch {
    return ageMs(dir) < UNSIGNED_MAX_MS ? 'another process' : null;
  }
}

function ageMs(dir: string): number {
  try {
    return Date.now() - statSync(dir).mtimeMs;
  } catch {
    return 0;
  }
}
