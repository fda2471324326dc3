/** `.holdfast/`: what the stack of this checkout keeps between starts. */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SimulatorName } from './env.ts';

export type StateDir = ReturnType<typeof openStateDir>;

/** What other programs read to find the running stack. */
export type StackInfo = {
  readonly api: string;
  readonly docs: string;
  readonly temporalAddress: string;
  readonly temporalUi: string | null;
  readonly databaseUrl: string;
  readonly simulators: Readonly<Record<SimulatorName, string>>;
  readonly keys: Readonly<Record<string, string>>;
};

export function openStateDir(root: string) {
  const dir = join(root, '.holdfast');
  const logs = join(dir, 'logs');
  // Open to others, who own the database files inside when root starts the stack; secrets have
  // modes of their own.
  mkdirSync(dir, { recursive: true, mode: 0o755 });
  const stackFile = join(dir, 'stack.json');
  return {
    dir,
    logs,
    runFile: join(dir, 'run.json'),
    stackFile,
    keysFile: join(dir, 'keys.json'),
    postgres: join(dir, 'postgres'),
    temporalDb: join(dir, 'temporal', 'temporal.db'),
    simulators: join(dir, 'simulators'),
    secretKey: () => readOrMakeSecret(join(dir, 'secret.key')),
    /** With which the simulator signs its events, as Stripe would. */
    webhookSecret: () => `whsec_${readOrMakeSecret(join(dir, 'webhook.secret'))}`,
    /** With which the address ends that Apruve's simulator sends its messages to. */
    webhookToken: () => readOrMakeSecret(join(dir, 'webhook.token')).replaceAll(/\W/g, ''),
    writeStack: (info: StackInfo) =>
      writePrivately(stackFile, `${JSON.stringify(info, null, 2)}\n`),
    readStack: (): StackInfo | null =>
      existsSync(stackFile) ? (JSON.parse(readFileSync(stackFile, 'utf8')) as StackInfo) : null,
    removeStack: () => rmSync(stackFile, { force: true }),
    /** Logs tell about this start only; the names are those of the processes. */
    logFile: (name: string) => join(logs, `${name}.log`),
    clearLogs: () => {
      rmSync(logs, { recursive: true, force: true });
      mkdirSync(logs, { mode: 0o700 });
    },
  };
}

/** Provider credentials in the database are encrypted with one, so it has to outlive the process. */
function readOrMakeSecret(file: string): string {
  if (!existsSync(file)) writePrivately(file, `${randomBytes(32).toString('base64')}\n`);
  return readFileSync(file, 'utf8').trim();
}

/** Readers see the old file or the whole new one, and only the owner sees it at all. */
function writePrivately(file: string, text: string): void {
  const unfinished = `${file}.${process.pid}`;
  writeFileSync(unfinished, text, { mode: 0o600 });
  renameSync(unfinished, file);
}
