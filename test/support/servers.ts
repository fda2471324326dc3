/**
 * One throw-away Postgres and one Temporal in memory, on free ports, with the workflows built once:
 * for a run of the tests, or for one of the checks.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundleWorkflows } from '../../activities/worker-process.ts';
import { freePort } from '../../api/cli/dev/ports.ts';
import { startPostgres } from '../../api/cli/dev/postgres-server.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';
import { startTemporal } from '../../api/cli/dev/temporal-server.ts';
import { step } from '../../api/cli/progress.mjs';
import { createTemplate } from './template-database.ts';

export type Servers = {
  /** A superuser's address on the Postgres. */
  readonly databaseUrl: string;
  readonly temporalAddress: string;
  /** File with the workflows as the workers load them. */
  readonly workflowBundle: string;
  stop(): Promise<void>;
};

/** @param out where the steps are shown. */
export async function startServers(out: NodeJS.WriteStream = process.stdout): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  // Root starts Postgres as another user, who has to reach the data inside.
  chmodSync(dir, 0o755);
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(dir, { recursive: true, force: true }),
  ];
  const stop = async (): Promise<void> => {
    for (const each of stops.toReversed()) await each();
  };
  try {
    const databaseUrl = await bringPostgres(dir, stops, out);
    const temporalAddress = await bringTemporal(dir, stops, out);
    const workflowBundle = await bundle(dir, out);
    return { databaseUrl, temporalAddress, workflowBundle, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const bundle = (dir: string, out: NodeJS.WriteStream): Promise<string> =>
  step(
    'Workflow bundle for the tests',
    async () => {
      const file = join(dir, 'workflows.js');
      writeFileSync(file, (await bundleWorkflows()).code);
      return file;
    },
    out,
  );

const bringPostgres = (
  dir: string,
  stops: (() => Promise<void>)[],
  out: NodeJS.WriteStream,
): Promise<string> =>
  step(
    'Postgres for the tests',
    async (report) => {
      const server = await startPostgres({
        dataDir: join(dir, 'postgres'),
        port: await freePort(),
        durable: false,
        logFile: join(dir, 'postgres.log'),
        report,
      });
      stops.push(async () => {
        await server.stop();
        rmSync(server.dataDir, { recursive: true, force: true });
      });
      report.doing('migrating the template');
      await createTemplate(server.url);
      report.doing(new URL(server.url).host);
      return server.url;
    },
    out,
  );

const bringTemporal = (
  dir: string,
  stops: (() => Promise<void>)[],
  out: NodeJS.WriteStream,
): Promise<string> =>
  step(
    'Temporal for the tests',
    async (report) => {
      const binary = await ensureTemporalBinary(report);
      const server = await startTemporal({
        binary: binary.path,
        port: await freePort(),
        uiPort: null,
        dbFile: null,
        logFile: join(dir, 'temporal.log'),
      });
      stops.push(server.stop);
      report.doing(server.address);
      return server.address;
    },
    out,
  );
