/** Keeps a simulator's state in one file, so that a restarted simulator finds its payments again. */
import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

const DEBOUNCE_MS = 100;

export type StateFile = { changed: () => void; flush: () => void };

export function readStateFile(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Writes at most every 100 ms. The rename is atomic: a reader sees the old state or the new one, never half of one. */
export function openStateFile(path: string, snapshot: () => string): StateFile {
  mkdirSync(dirname(path), { recursive: true });
  let timer: NodeJS.Timeout | null = null;
  const flush = () => {
    if (timer === null) return;
    clearTimeout(timer);
    timer = null;
    const draft = `${path}.${process.pid}.tmp`;
    writeFileSync(draft, snapshot());
    renameSync(draft, path);
  };
  return {
    flush,
    changed: () => {
      timer ??= setTimeout(flush, DEBOUNCE_MS).unref();
    },
  };
}
