/** A namespace of its own on the run's Temporal, without the search attributes, and the CLI for it. */
import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { environment } from '../../api/cli/dev/env.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';

/** Environment in which `temporal` is the program that the run's server was started with. */
export async function withTemporalCli(env: NodeJS.ProcessEnv = {}): Promise<NodeJS.ProcessEnv> {
  const { path } = await ensureTemporalBinary({ doing: () => undefined, note: () => undefined });
  const bin = mkdtempSync(join(tmpdir(), 'holdfast-bin-'));
  symlinkSync(path, join(bin, 'temporal'));
  process.once('exit', () => rmSync(bin, { recursive: true, force: true }));
  return { ...environment, ...env, PATH: `${bin}${delimiter}${environment['PATH'] ?? ''}` };
}

/** What bash prints. It does not keep servers in this process from answering.
 *  @throws Error with all that was printed when a command fails. */
export async function shell(script: string, env: NodeJS.ProcessEnv): Promise<string> {
  const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], { env, stdio });
  let [said, complained] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => {
    said += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    complained += chunk.toString();
  });
  const [code] = (await once(child, 'close')) as [number | null];
  if (code === 0) return said;
  throw new Error(`${script}\nended with ${code}:\n${said}${complained}`);
}

export async function createNamespace(address: string): Promise<string> {
  const namespace = `test-${randomUUID()}`;
  const env = await withTemporalCli({ TEMPORAL_ADDRESS: address });
  await shell(`temporal operator namespace create --namespace ${namespace}`, env);
  return namespace;
}
