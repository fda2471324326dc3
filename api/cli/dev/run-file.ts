/**
 * `.holdfast/run.json`: which processes this checkout's stack consists of. It keeps two stacks from
 * sharing one data folder, and lets the next start end what a killed one left behind.
 */
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { Report } from '../progress.mjs';
import { processIdentity, waitUntilGone } from './processes.ts';

type RunningProcess = {
  name: string;
  pid: number;
  identity: string;
  stopSignal: 'SIGTERM' | 'SIGINT';
};
type Run = { dev: RunningProcess; processes: RunningProcess[] };

export type RunFile = {
  /** Remembers a process that was just started. */
  add(name: string, pid: number, stopSignal: 'SIGTERM' | 'SIGINT'): void;
  remove(): void;
};

/** Thrown when a stack of this checkout is up already. */
export class StackIsRunning extends Error {
  override name = 'StackIsRunning';
  readonly pid: number;
  constructor(pid: number) {
    super(`This checkout's stack is running already (pid ${pid}).`);
    this.pid = pid;
  }
}

const STOP_TIMEOUT_MS = 20_000;

/**
 * Takes the run file for this process. Throws `StackIsRunning`; ends the leftovers of a stack that
 * was killed.
 */
export async function claimRunFile(file: string, report: Report): Promise<RunFile> {
  const run: Run = { dev: describe('dev', process.pid, 'SIGTERM'), processes: [] };
  for (;;) {
    try {
      writeFileSync(file, JSON.stringify(run), { flag: 'wx', mode: 0o600 });
      break;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      await clearStale(file, report);
    }
  }
  return {
    add: (name, pid, stopSignal) => {
      run.processes.push(describe(name, pid, stopSignal));
      writeFileSync(file, JSON.stringify(run, null, 2));
    },
    remove: () => rmSync(file, { force: true }),
  };
}

async function clearStale(file: string, report: Report): Promise<void> {
  const stale = read(file);
  if (stale !== null) {
    if (isAlive(stale.dev)) throw new StackIsRunning(stale.dev.pid);
    // Those started last depend on those started first.
    for (const left of stale.processes.toReversed()) await end(left, report);
  }
  rmSync(file, { force: true });
}

async function end(left: RunningProcess, report: Report): Promise<void> {
  if (!isAlive(left)) return;
  report.note(`ending ${left.name} (pid ${left.pid}), left behind by a stack that was killed`);
  process.kill(left.pid, left.stopSignal);
  if (await waitUntilGone(left.pid, left.identity, STOP_TIMEOUT_MS)) return;
  process.kill(left.pid, 'SIGKILL');
  await waitUntilGone(left.pid, left.identity, STOP_TIMEOUT_MS);
}

function read(file: string): Run | null {
  try {
    return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as Run) : null;
  } catch {
    // Cut off in the middle of a write: its processes end by their leash.
    return null;
  }
}

const isAlive = (known: RunningProcess): boolean =>
  known.identity !== '' && processIdentity(known.pid) === known.identity;

const describe = (
  name: string,
  pid: number,
  stopSignal: RunningProcess['stopSignal'],
): RunningProcess => ({ name, pid, identity: processIdentity(pid) ?? '', stopSignal });
