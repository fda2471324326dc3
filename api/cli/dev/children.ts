/**
 * Child processes of the stack. Each has a process group of its own, so a Ctrl-C in the terminal
 * does not reach it, and a leash, so it does not outlive this process, however this one ends.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { logSize, logTail } from './log-tail.ts';

export type ChildSpec = {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Runs the program as another user; only root may. */
  readonly identity?: { readonly uid: number; readonly gid: number } | undefined;
  /** Output is appended here; null lets it through to this process's own output. */
  readonly logFile: string | null;
  /**
   * Sees each line of output before it is logged; returning false keeps it out of the log (keys,
   * for example).
   */
  readonly onLine?: (line: string) => boolean;
  readonly stopSignal?: 'SIGTERM' | 'SIGINT';
  readonly stopTimeoutMs?: number;
};

export type Child = {
  readonly spec: ChildSpec;
  readonly pid: number;
  /** Resolves with how it ended ("exit code 1", "SIGKILL"); never rejects. */
  readonly exited: Promise<string>;
  readonly isRunning: () => boolean;
  /** Asks it to stop, waits, and kills it when it takes longer than its `stopTimeoutMs`. */
  readonly stop: () => Promise<void>;
  readonly kill: () => void;
  /** The last lines that this run of it wrote. */
  readonly tail: () => string;
};

const STOP_TIMEOUT_MS = 10_000;
const LAST_WORDS_MS = 1000;

/** Starts a program. Throws when it cannot be run at all. */
export async function startChild(spec: ChildSpec): Promise<Child> {
  const logStart = spec.logFile === null ? 0 : logSize(spec.logFile);
  const child = await spawnLogged(spec);
  const pid = child.pid ?? 0;
  const release = leash(pid, spec.stopSignal ?? 'SIGTERM');
  let running = true;
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      running = false;
      release();
      const end = signal ?? `exit code ${code}`;
      // Its last lines may still be on the way; a grandchild that holds the pipe must not make us
      // wait for ever.
      const enough = setTimeout(resolve, LAST_WORDS_MS, end);
      child.once('close', () => {
        clearTimeout(enough);
        resolve(end);
      });
    });
  });
  const signal = (name: NodeJS.Signals) => {
    if (running) child.kill(name);
  };
  return {
    spec,
    pid,
    exited,
    isRunning: () => running,
    kill: () => signal('SIGKILL'),
    tail: () => (spec.logFile === null ? '' : logTail(spec.logFile, logStart)),
    stop: async () => {
      signal(spec.stopSignal ?? 'SIGTERM');
      const escalation = setTimeout(() => signal('SIGKILL'), spec.stopTimeoutMs ?? STOP_TIMEOUT_MS);
      await exited;
      clearTimeout(escalation);
    },
  };
}

/** Runs a program to its end. Throws with the end of its output when it fails. */
export async function runChild(spec: ChildSpec, onStart?: (child: Child) => void): Promise<void> {
  const child = await startChild(spec);
  onStart?.(child);
  const end = await child.exited;
  if (end !== 'exit code 0') throw new Error(describeEnd(child, end));
}

/** What a person needs to know about a process that ended although it was needed. */
export function describeEnd(child: Child, end: string): string {
  const { name, logFile } = child.spec;
  const tail = child.tail();
  const log = logFile === null ? '' : `\nIts whole log: ${logFile}`;
  return `${name} ended (${end}).${tail === '' ? '' : ` Its last words:\n\n${tail}\n`}${log}`;
}

async function spawnLogged(spec: ChildSpec): Promise<ChildProcess> {
  const log = spec.logFile === null ? null : openSync(spec.logFile, 'a');
  const output = spec.onLine === undefined ? (log ?? 'inherit') : 'pipe';
  const child = spawn(spec.command, spec.args, {
    stdio: ['ignore', output, output],
    detached: true,
    ...(spec.cwd === undefined ? {} : { cwd: spec.cwd }),
    ...(spec.env === undefined ? {} : { env: spec.env }),
    ...spec.identity,
  });
  const closeLog = () => {
    if (log !== null) closeSync(log);
  };
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => {
      closeLog();
      reject(new Error(`${spec.name} could not be started: ${error.message}`));
    });
  });
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue;
    createInterface({ input: stream }).on('line', (line) => {
      if (spec.onLine?.(line) !== false && log !== null) writeSync(log, `${line}\n`);
    });
  }
  child.once('close', closeLog);
  return child;
}

/**
 * A shell that ends `pid` when this process is gone: its standard input closes then. Without it a
 * kill -9 of the stack would leave databases and workers behind. Returns the function that takes
 * the leash off.
 */
function leash(pid: number, stopSignal: 'SIGTERM' | 'SIGINT'): () => void {
  const script =
    'read -r word && exit 0; kill -"$2" "$1"; n=0; ' +
    'while kill -0 "$1" && [ $n -lt 20 ]; do n=$((n+1)); sleep 1; done; kill -KILL "$1"';
  const args = ['-c', script, 'holdfast-leash', String(pid), stopSignal.slice(3)];
  const shell = spawn('/bin/sh', args, { stdio: ['pipe', 'ignore', 'ignore'], detached: true });
  shell.on('error', () => undefined);
  shell.stdin.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref(): void }).unref();
  return () => shell.stdin.end('done\n');
}
