/**
 * One throw-away Postgres and one Temporal in memory for a whole run, on free ports. Tests keep
 * apart by databases of their own (`createTestDatabase`) and by task queues and workflow ids of
 * their own.
 */
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';
import { bundleWorkflows } from '../../activities/worker-process.ts';
import { freePort } from '../../api/cli/dev/ports.ts';
import { startPostgres } from '../../api/cli/dev/postgres-server.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';
import { startTemporal } from '../../api/cli/dev/temporal-server.ts';
import { step } from '../../api/cli/progress.mjs';
import { createTemplate } from './template-database.ts';

declare module 'vitest' {
  interface ProvidedContext {
    /** A superuser's address on the run's Postgres. */
    databaseUrl: string;
    temporalAddress: string;
    /** File with the workflows as the workers of a run load them: built once. */
    workflowBundle: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-test-'));
  // Root starts Postgres as another user, who has to reach the data inside.
  chmodSync(dir, 0o755);
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(dir, { recursive: true, force: true }),
  ];
  const teardown = async () => {
    for (const stop of stops.toReversed()) await stop();
  };
  try {
    project.provide('databaseUrl', await bringPostgres(dir, stops));
    project.provide('temporalAddress', await bringTemporal(dir, stops));
    project.provide('workflowBundle', await bundle(dir));
    return teardown;
  } catch (error) {
    await teardown();
    throw error;
  }
}

const bundle = (dir: string): Promise<string> =>
  step('Workflow bundle for the tests', async () => {
    const file = join(dir, 'workflows.js');
    writeFileSync(file, (await bundleWorkflows()).code);
    return file;
  });

const bringPostgres = (dir: string, stops: (() => Promise<void>)[]): Promise<string> =>
  step('Postgres for the tests', async (report) => {
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
  });

const bringTemporal = (dir: string, stops: (() => Promise<void>)[]): Promise<string> =>
  step('Temporal for the tests', async (report) => {
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
  });
