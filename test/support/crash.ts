/** Workers in processes of their own, to be killed. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { inject } from 'vitest';
import type { Holdfast } from './holdfast.ts';

export type Point =
  'before-call' | 'after-call' | 'after-journal' | 'after-time' | 'after-dispatch' | 'never';

/** A worker that ends itself at `point` of `verb`, unless the file `mark` says that one already did. */
export async function startCrashWorker(
  holdfast: Holdfast,
  point: Point,
  verb: string,
  mark: string,
): Promise<ChildProcess> {
  const { DATABASE_URL, HOLDFAST_SECRET_KEY, TEMPORAL_ADDRESS } = holdfast.workerEnv;
  const child = spawn(process.execPath, ['--import', 'tsx', 'test/support/crash-worker.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...process.env,
      DATABASE_URL,
      HOLDFAST_SECRET_KEY,
      TEMPORAL_ADDRESS,
      TASK_QUEUE: holdfast.taskQueue,
      BUNDLE: inject('workflowBundle'),
      CRASH_POINT: point,
      CRASH_VERB: verb,
      CRASH_MARK: mark,
    },
  });
  for await (const line of createInterface({ input: child.stdout })) {
    if (line.startsWith('READY')) return child;
  }
  throw new Error(`the worker ended before it was ready (${child.exitCode})`);
}

export async function kill(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
