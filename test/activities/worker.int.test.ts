/** The worker's own process: what it waits for, and what its log says. */
import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { Client, Connection } from '@temporalio/client';
import { afterAll, afterEach, beforeAll, describe, expect, inject, it } from 'vitest';
import { migrate } from '../../db/migrate.ts';
import { SWEEP_WORKFLOW, TASK_QUEUE } from '../../workflows/contracts.ts';
import { createHoldfast, SECRET_KEY } from '../support/holdfast.ts';
import { createNamespace, shell, withTemporalCli } from '../support/namespace.ts';
import { onServer } from '../support/template-database.ts';

const SOON = { timeout: 50_000, interval: 50 };

type Line = { msg?: string; reason?: string; error?: { message?: string }; id?: string };

const children: ChildProcess[] = [];
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
  }
});

function startWorker(env: Record<string, string>) {
  const child = spawn(process.execPath, ['--import', 'tsx', 'activities/worker.ts'], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, HOLDFAST_SECRET_KEY: SECRET_KEY, ...env },
  });
  children.push(child);
  const raw: string[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => raw.push(line));
  const lines = () => raw.filter((l) => l.startsWith('{')).map((l) => JSON.parse(l) as Line);
  return {
    child,
    raw,
    isReady: () => raw.some((line) => line.startsWith('READY')),
    reasons: () => lines().flatMap(({ reason }) => reason ?? []),
    line: (msg: string) => lines().find((each) => each.msg === msg),
  };
}

describe('a worker process', () => {
  const name = `empty_${randomBytes(8).toString('hex')}`;
  const address = inject('temporalAddress');
  let databaseUrl: string;
  let namespace: string;
  beforeAll(async () => {
    await onServer(inject('databaseUrl'), `create database ${name}`);
    databaseUrl = Object.assign(new URL(inject('databaseUrl')), { pathname: `/${name}` }).href;
    namespace = await createNamespace(address);
  });
  afterAll(() => onServer(inject('databaseUrl'), `drop database ${name} with (force)`));

  it('waits for schema and search attributes, says what mends it, and goes on by itself', async () => {
    const env = await withTemporalCli();
    const worker = startWorker({
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    });
    const schema = 'The database has no schema. Run `npm run db:migrate`.';
    await expect.poll(worker.reasons, SOON).toEqual([schema]);
    await migrate(databaseUrl);
    const command =
      `temporal operator search-attribute create --address ${address} --namespace ${namespace}` +
      ' --name PaymentStatus --type Keyword --name Lifecycle --type Keyword' +
      ' --name Provider --type Keyword --name OrderNumber --type Keyword' +
      ' --name NeedsAttention --type Bool';
    await expect
      .poll(worker.reasons, SOON)
      .toEqual([
        schema,
        `Namespace ${namespace} of Temporal lacks search attributes. Make them: ${command}`,
      ]);
    expect(worker.isReady()).toBe(false);
    await shell(command, env);
    await expect.poll(worker.isReady, SOON).toBe(true);
    worker.child.kill('SIGTERM');
    expect(await once(worker.child, 'exit')).toEqual([0, null]);
  });

  it('names one that is missing, and one that has another type', async () => {
    const env = await withTemporalCli({
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    });
    await shell(
      'temporal operator search-attribute remove --yes --name Provider --name Lifecycle',
      env,
    );
    await shell('temporal operator search-attribute create --name Lifecycle --type Int', env);
    const worker = startWorker({
      DATABASE_URL: databaseUrl,
      TEMPORAL_ADDRESS: address,
      TEMPORAL_NAMESPACE: namespace,
    });
    const at = `--address ${address} --namespace ${namespace}`;
    const remove = `temporal operator search-attribute remove ${at} --yes --name Lifecycle`;
    const create = `temporal operator search-attribute create ${at} --name Lifecycle --type Keyword --name Provider --type Keyword`;
    await expect
      .poll(worker.reasons, SOON)
      .toEqual([
        `Namespace ${namespace} of Temporal lacks search attributes. Lifecycle has the type Int; remove it first: ${remove}. Make them: ${create}`,
      ]);
    await shell(`${remove}; ${create}`, env);
    await expect.poll(worker.isReady, SOON).toBe(true);

    // What it cannot do while it runs, it says with the reason.
    const holdfast = await createHoldfast({ databaseUrl, workerless: true });
    const { body: payment } = await holdfast.start({}, { prefer: 'wait=0' });
    await holdfast.pool.query(`update payments set wake_at = now() - interval '1 hour'`);
    await shell('temporal operator search-attribute remove --yes --name OrderNumber', env);
    const connection = await Connection.connect({ address });
    const swept = await new Client({ connection, namespace }).workflow.execute(SWEEP_WORKFLOW, {
      taskQueue: TASK_QUEUE,
      workflowId: `sweep-${randomUUID()}`,
    });
    expect(swept).toMatchObject({ woken: 0, failed: 1 });
    const line = () => worker.line('a payment could not be woken');
    await expect.poll(line, SOON).toMatchObject({ id: payment.id });
    expect(JSON.stringify(line()?.error)).toContain('OrderNumber');
    await connection.close();
    await holdfast.close();
  });

  it('says that Postgres is away, without its password', async () => {
    const worker = startWorker({
      DATABASE_URL: 'postgres://holdfast:s3cret@127.0.0.1:1/holdfast',
      TEMPORAL_ADDRESS: address,
    });
    await expect.poll(worker.reasons, SOON).toEqual(['Postgres does not answer.']);
    expect(worker.line('the worker waits')?.error?.message).toContain('ECONNREFUSED');
    expect(worker.raw.join('\n')).not.toContain('s3cret');
    worker.child.kill('SIGTERM');
    expect(await once(worker.child, 'exit')).toEqual([0, null]);
  });
});
