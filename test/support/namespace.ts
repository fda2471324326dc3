/** A namespace of its own on the run's Temporal, without the search attributes, and the CLI for it. */
import { spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environment } from '../../api/cli/dev/env.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';

/** Environment in which `temporal` is the program that the run's server was started with. */
export async function withTemporalCli(env: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const { path } = await ensureTemporalBinary({ doing: () => undefined, note: () => undefined });
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-bin-'));
  symlinkSync(path, join(bin, 'temporal'));
  return { ...environment, ...env, PATH: `${bin}${delimiter}${environment['PATH'] ?? ''}` };
}

/** What a shell prints. @throws Error with all that was printed when it fails. */
export function shell(script: string, env: NodeJS.ProcessEnv): string {
  const ran = spawnSync('bash', ['-euo', 'pipefail', '-c', script], { env, encoding: 'utf8' });
  if (ran.status === 0) return ran.stdout;
  throw new Error(`${script}\nended with ${ran.status}:\n${ran.stdout}${ran.stderr}`);
}

export async function createNamespace(address: string): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  const env = await withTemporalCli({ TEMPORAL_ADDRESS: address });
  shell(`temporal operator namespace create --namespace ${namespace}`, env);
  return namespace;
}
