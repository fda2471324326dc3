/** The whole stack of one checkout: brought up in order, watched, stopped in the opposite order. */
import { mkdirSync } from 'node:fs';
import { endProgress, say, type Screen, step } from '../progress.mjs';
import { bringUp, type BringUpOptions } from './bring-up.ts';
import { claimRunFile, StackIsRunning } from './run-file.ts';
import { showStack } from './show-stack.ts';
import { openStateDir, type StateDir } from './state-dir.ts';
import { createSupervisor, type Supervisor } from './supervisor.ts';

export type StackOptions = BringUpOptions & {
  /** Resolves when a person wants the stack stopped. */
  readonly stopRequested: Promise<void>;
  /** Resolves when that person does not want to wait for it. */
  readonly forceRequested: Promise<void>;
};

const WHAT_NOW = 'Everything is being stopped; the data is kept. Start again with npm start.';

/**
 * Runs until asked to stop or until something breaks; returns the exit code. Leaves no process
 * behind.
 */
export async function runStack(options: StackOptions): Promise<number> {
  const { root, out, stopRequested, forceRequested } = options;
  mkdirSync(root, { recursive: true });
  const state = openStateDir(root);
  const runFile = await claimRunFile(state.runFile, {
    doing: () => undefined,
    note: (line) => say(line, out),
  }).catch((error: unknown) => explain(error, state, out));
  if (runFile === null) return 1;
  state.removeStack();
  state.clearLogs();
  const supervisor = createSupervisor(
    ({ spec, pid }) => runFile.add(spec.name, pid, spec.stopSignal ?? 'SIGTERM'),
    (line) => say(line, out),
  );
  const failure = await Promise.race([
    bringUp(options, state, supervisor).then(() => supervisor.broken, asError),
    supervisor.broken.catch(asError),
    stopRequested.then(() => null),
  ]);
  endProgress();
  if (failure !== null) say(`\n${failure.message}\n\n${WHAT_NOW}`, out);
  const forced = await Promise.race([
    stopInOrder(supervisor, out).then(() => false),
    forceRequested.then(() => true),
  ]);
  if (forced) {
    endProgress();
    await supervisor.killAll();
    say('Killed what was still running.', out);
  }
  state.removeStack();
  runFile.remove();
  return failure === null && !forced ? 0 : 1;
}

const asError = (error: unknown): Error =>
  error instanceof Error ? error : new Error(String(error));

async function stopInOrder(supervisor: Supervisor, out: Screen): Promise<void> {
  say('\nStopping', out);
  await supervisor.stopAll((name, done) => step(name, () => done, out));
}

function explain(error: unknown, state: StateDir, out: Screen): null {
  if (!(error instanceof StackIsRunning)) throw error;
  say(`${error.message} Stop it with Ctrl-C in its terminal, or: kill ${error.pid}`, out);
  const info = state.readStack();
  if (info === null) say('It is still starting.', out);
  else showStack(info, state, out);
  return null;
}
