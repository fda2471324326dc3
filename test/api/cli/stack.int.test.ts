import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pg from 'pg';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { environment } from '../../../api/cli/dev/env.ts';
import { freePort } from '../../../api/cli/dev/ports.ts';
import { processIdentity } from '../../../api/cli/dev/processes.ts';
import type { StackInfo } from '../../../api/cli/dev/state-dir.ts';

const STACK = fileURLToPath(new URL('../../support/stack/main.ts', import.meta.url));

let root = '';
let ports: Record<string, string> = {};
let running: ChildProcess[] = [];

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'holdfast-stack-'));
  // Root starts Postgres as another user, who has to reach the data inside.
  chmodSync(root, 0o755);
  const names = ['PORT', 'TEMPORAL_PORT', 'TEMPORAL_UI_PORT', 'POSTGRES_PORT'];
  ports = { STRIPE_SIMULATOR_PORT: String(await freePort()) };
  for (const name of names) ports[name] = String(await freePort());
  running = [];
});
afterEach(async () => {
  for (const stack of running) {
    if (stack.exitCode !== null || stack.signalCode !== null) continue;
    stack.kill('SIGTERM');
    await new Promise((resolve) => stack.once('exit', resolve));
  }
  rmSync(root, { recursive: true, force: true });
});

type Stack = {
  process: ChildProcess;
  output: () => string;
  /** Resolves once the output contains `text`; rejects when the stack ends before. */
  says: (text: string) => Promise<void>;
  exitCode: Promise<number | null>;
};

function start(env: Record<string, string> = {}, args: string[] = []): Stack {
  const tsx = import.meta.resolve('tsx');
  const stack = spawn(process.execPath, ['--import', tsx, STACK, root, ...args], {
    env: { ...environment, DATABASE_URL: '', TEMPORAL_ADDRESS: '', ...ports, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  running.push(stack);
  let output = '';
  for (const stream of [stack.stdout, stack.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  }
  const exitCode = new Promise<number | null>((resolve) => stack.once('close', resolve));
  const says = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (output.includes(text)) resolve();
      };
      look();
      stack.stdout.on('data', look);
      void exitCode.then(() => reject(new Error(`It never said "${text}":\n${output}`)));
    });
  return { process: stack, output: () => output, says, exitCode };
}

const readJson = (name: string): unknown =>
  JSON.parse(readFileSync(join(root, '.holdfast', name), 'utf8'));
const readStack = () => readJson('stack.json') as StackInfo;
const readPids = () =>
  (readJson('run.json') as { processes: { pid: number }[] }).processes.map(({ pid }) => pid);

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
}

describe('npm start', () => {
  it('brings everything up, tells where it is, and leaves nothing when it is stopped', async () => {
    const stack = start();
    await stack.says('Holdfast is up');
    expect(readStack()).toMatchObject({
      api: `http://127.0.0.1:${ports['PORT']}`,
      docs: `http://127.0.0.1:${ports['PORT']}/docs`,
      temporalAddress: `127.0.0.1:${ports['TEMPORAL_PORT']}`,
      temporalUi: `http://127.0.0.1:${ports['TEMPORAL_UI_PORT']}`,
      keys: { checkout: 'hf_test_checkout', admin: 'hf_test_admin' },
    });
    expect(statSync(join(root, '.holdfast', 'stack.json')).mode & 0o777).toBe(0o600);
    expect(stack.output()).toContain('The demo found the stack');
    const pids = readPids();

    stack.process.kill('SIGINT');
    expect(await stack.exitCode).toBe(0);
    const stopped = stack.output().slice(stack.output().indexOf('Stopping'));
    expect([...stopped.matchAll(/✓ (\w+)/g)].map(([, name]) => name)).toEqual([
      'API',
      'worker',
      'simulators',
      'Temporal',
      'Postgres',
    ]);
    expect(pids.map(processIdentity).filter(Boolean)).toEqual([]);
    expect(existsSync(join(root, '.holdfast', 'stack.json'))).toBe(false);
  });

  it('finds the data and the secret of the start before', async () => {
    const first = start({}, ['--no-demo']);
    await first.says('Holdfast is up');
    await query(readStack().databaseUrl, 'create table kept (n int)');
    const secret = readFileSync(join(root, '.holdfast', 'secret.key'), 'utf8');
    first.process.kill('SIGTERM');
    await first.exitCode;

    const second = start({}, ['--no-demo']);
    await second.says('Holdfast is up');
    expect(await query(readStack().databaseUrl, 'select n from kept')).toEqual([]);
    expect(readFileSync(join(root, '.holdfast', 'secret.key'), 'utf8')).toBe(secret);
    expect(second.output()).not.toContain('another version');
  });

  it('refuses to run twice, and shows where the first one is', async () => {
    const first = start({}, ['--no-demo']);
    await first.says('Holdfast is up');
    const second = start();
    expect(await second.exitCode).toBe(1);
    expect(second.output()).toContain('running already');
    expect(second.output()).toContain(readStack().api);
  });

  it('starts a part again that is killed, on the same address', async () => {
    const stack = start();
    await stack.says('Holdfast is up');
    const apis = () => {
      const { processes } = readJson('run.json') as { processes: { name: string; pid: number }[] };
      return processes.filter(({ name }) => name === 'API').map(({ pid }) => pid);
    };
    const [first = 0] = apis();
    process.kill(first, 'SIGKILL');
    await stack.says('API ended (SIGKILL); starting it again');
    await expect.poll(apis, { timeout: 10_000 }).toHaveLength(2);
    expect(processIdentity(apis()[1] ?? 0)).not.toBeNull();
    stack.process.kill('SIGTERM');
    expect(await stack.exitCode).toBe(0);
  });

  it('stops everything with the last words of a part that dies', async () => {
    const stack = start({ FAKE_WORKER_FAILS: '1' });
    expect(await stack.exitCode).toBe(1);
    expect(stack.output()).toMatch(/worker ended \(exit code 7\)[\s\S]*no task queue/);
    expect(stack.output()).toContain('✓ Postgres');
    expect(existsSync(join(root, '.holdfast', 'run.json'))).toBe(false);
  });

  it('says so when the Postgres of DATABASE_URL does not answer', async () => {
    const url = `postgres://nobody@127.0.0.1:${ports['POSTGRES_PORT']}/none`;
    const stack = start({ DATABASE_URL: url });
    expect(await stack.exitCode).toBe(1);
    expect(stack.output()).toContain('The Postgres of DATABASE_URL does not answer');
  });

  it('says so when the Temporal of TEMPORAL_ADDRESS does not answer', async () => {
    const stack = start({ TEMPORAL_ADDRESS: `127.0.0.1:${ports['TEMPORAL_PORT']}` });
    expect(await stack.exitCode).toBe(1);
    expect(stack.output()).toContain('does not answer for namespace default');
  });
});
