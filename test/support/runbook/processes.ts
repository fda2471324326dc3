/** Commands that run until they are stopped. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

export type Running = {
  /** Its line that begins with READY, without that word; null until then. */
  readonly ready: () => string | null;
  readonly said: () => string;
  stop(): Promise<void>;
};

/** `exec`, so that signals reach the program and not the shell. */
export function startCommand(command: string, env: NodeJS.ProcessEnv): Running {
  const child: ChildProcess = spawn('bash', ['-c', `exec ${command}`], {
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    if (stream !== null) createInterface({ input: stream }).on('line', (line) => lines.push(line));
  }
  return {
    ready: () => lines.find((line) => line.startsWith('READY '))?.slice('READY '.length) ?? null,
    said: () => lines.join('\n'),
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      await once(child, 'exit');
    },
  };
}
