/** Everything that a bench runs against, started for it alone and stopped with it. */
import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Child, ChildSpec } from '../../api/cli/dev/children.ts';
import { freePort } from '../../api/cli/dev/ports.ts';
import { startPostgres } from '../../api/cli/dev/postgres-server.ts';
import { startUntilReady } from '../../api/cli/dev/ready.ts';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';
import { startTemporal } from '../../api/cli/dev/temporal-server.ts';
import { type Report, type Screen, step } from '../../api/cli/progress.mjs';
import { given } from './env.ts';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const TSX = import.meta.resolve('tsx');
const READY_MS = 120_000;

export type Process = {
  readonly name: string;
  readonly pid: number;
  /** It was started with `COLLECTS`; to any other process the signal would be deadly. */
  readonly collects?: boolean;
};

/** Node's options for a process whose garbage can be collected from outside. */
export const COLLECTS = ['--import', new URL('collect.mjs', import.meta.url).href];

export type World = Awaited<ReturnType<typeof createWorld>>;

export type WorldOptions = {
  readonly holdMs?: number;
  /** InfinitePay's and Apruve's simulators are used, too, and providers tell their news. */
  readonly everything?: { readonly fundingMs: number };
  readonly screen?: Screen;
};

/** A server that goes away and comes back, on the same port and with the same data. */
export type Outage = {
  stop(): Promise<void>;
  /** As if its machine lost it: nothing is said, nothing is written. */
  kill(): Promise<void>;
  start(): Promise<void>;
};

export async function createWorld(options: WorldOptions = {}) {
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-bench-'));
  // Root starts Postgres as another user, who has to reach the data inside.
  chmodSync(dir, 0o755);
  const logs = join(dir, 'logs');
  mkdirSync(logs);
  const children: Child[] = [];
  const stops: (() => Promise<void>)[] = [
    async () => rmSync(dir, { recursive: true, force: true }),
  ];
  const stop = async (): Promise<void> => {
    for (const child of children.toReversed()) await child.stop();
    for (const each of stops.toReversed()) await each();
  };
  try {
    const { screen } = options;
    const postgres = await step(
      'Postgres',
      async () =>
        startPostgres({
          dataDir: join(dir, 'postgres'),
          port: await freePort(),
          durable: true,
          logFile: join(logs, 'postgres.log'),
        }),
      screen,
    );
    stops.push(() => postgres.stop());
    const metricsPort = await freePort();
    const temporalPort = await freePort();
    const bringTemporal = async (report: Report) =>
      startTemporal({
        binary: (await ensureTemporalBinary(report, { env: given })).path,
        port: temporalPort,
        uiPort: null,
        dbFile: join(dir, 'temporal.db'),
        logFile: join(logs, 'temporal.log'),
        metricsPort,
      });
    let temporal = await step('Temporal', bringTemporal, screen);
    stops.push(() => temporal.stop());
    const keysFile = join(dir, 'keys.json');
    const stripePort = await freePort();
    const more = await everythingElse(options, stripePort);
    const env: NodeJS.ProcessEnv = {
      ...given,
      DATABASE_URL: postgres.url,
      TEMPORAL_ADDRESS: temporal.address,
      HOLDFAST_SECRET_KEY: randomBytes(32).toString('base64'),
      HOLDFAST_KEYS_FILE: keysFile,
      STRIPE_SIMULATOR_PORT: String(stripePort),
      STRIPE_SIMULATOR_URL: `http://127.0.0.1:${stripePort}`,
      INFINITEPAY_SIMULATOR_PORT: '0',
      APRUVE_SIMULATOR_PORT: '0',
      INFINITEPAY_SIMULATOR_URL: 'http://127.0.0.1:9',
      APRUVE_SIMULATOR_URL: 'http://127.0.0.1:9',
      LOG_LEVEL: 'error',
      HOST: '127.0.0.1',
      PORT: '0',
      ...(options.holdMs === undefined ? {} : { STRIPE_SIMULATOR_HOLD_MS: String(options.holdMs) }),
      ...more,
    };
    async function run(
      name: string,
      script: string,
      nodeOptions: readonly string[] = [],
    ): Promise<{ child: Child; payload: unknown }> {
      const spec: ChildSpec = {
        name,
        command: process.execPath,
        args: ['--import', TSX, ...nodeOptions, join(ROOT, script)],
        cwd: dir,
        env,
        logFile: join(logs, `${name}.log`),
        stopTimeoutMs: 30_000,
      };
      let child: Child | undefined;
      const { payload } = await startUntilReady(spec, READY_MS, (started) => {
        child = started;
        children.push(started);
      });
      if (child === undefined) throw new Error(`${name} did not start`);
      return { child, payload };
    }
    const urlOf = ({ payload }: { payload: unknown }): string => (payload as { url: string }).url;
    await step('Database and keys', () => run('bootstrap', 'api/cli/bootstrap.ts'), screen);
    await step('Simulators', () => run('simulators', 'api/cli/simulators.ts'), screen);
    const keys = JSON.parse(readFileSync(keysFile, 'utf8')) as Record<string, string>;
    const keyOf = (role: string): string => keys[role] ?? '';
    const outages: Record<'postgres' | 'temporal', Outage> = {
      postgres: {
        stop: () => postgres.stop(),
        kill: () => killed(postgres.pid, () => postgres.stop()),
        start: () => postgres.restart(),
      },
      temporal: {
        stop: () => temporal.stop(),
        kill: () => killed(temporal.pid, () => temporal.stop()),
        start: async () => {
          temporal = await bringTemporal({ doing: () => undefined, note: () => undefined });
        },
      },
    };
    return {
      env,
      run,
      /** Stops a process and starts another in its place. */
      async replace(name: string, pid: number, script: string): Promise<void> {
        await children.find((child) => child.pid === pid)?.stop();
        await run(`${name}-again`, script);
      },
      urlOf,
      stop,
      outages,
      /** Where each process writes what it has to say. */
      logs,
      keys: {
        checkout: keyOf('checkout'),
        sales: keyOf('sales'),
        operator: keyOf('operator'),
        admin: keyOf('admin'),
      },
      databaseUrl: postgres.url,
      temporalAddress: temporal.address,
      metricsUrl: `http://127.0.0.1:${metricsPort}/metrics`,
      stripe: `http://127.0.0.1:${stripePort}`,
      processes: {
        postgres: { name: 'Postgres', pid: postgres.pid },
        temporal: { name: 'Temporal', pid: temporal.pid },
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends a process as a crash does. */
async function killed(pid: number, exited: () => Promise<void>): Promise<void> {
  process.kill(pid, 'SIGKILL');
  // It is gone already; this only waits until that was noticed.
  await exited();
}

/** What the programs are told when all providers take part; the API then stays where it is. */
async function everythingElse(
  { everything }: WorldOptions,
  stripePort: number,
): Promise<NodeJS.ProcessEnv> {
  if (everything === undefined) return {};
  const [infinitepay, apruve, api] = [await freePort(), await freePort(), await freePort()];
  const publicUrl = `http://127.0.0.1:${api}`;
  const token = randomBytes(16).toString('hex');
  return {
    STRIPE_SIMULATOR_URL: `http://127.0.0.1:${stripePort}`,
    STRIPE_SIMULATOR_WEBHOOK_URL: `${publicUrl}/webhooks/stripe/stripe_test`,
    STRIPE_SIMULATOR_WEBHOOK_SECRET: `whsec_${token}`,
    INFINITEPAY_SIMULATOR_PORT: String(infinitepay),
    INFINITEPAY_SIMULATOR_URL: `http://127.0.0.1:${infinitepay}`,
    APRUVE_SIMULATOR_PORT: String(apruve),
    APRUVE_SIMULATOR_URL: `http://127.0.0.1:${apruve}`,
    APRUVE_SIMULATOR_FUNDING_MS: String(everything.fundingMs),
    APRUVE_SIMULATOR_WEBHOOK_TOKEN: token,
    APRUVE_SIMULATOR_WEBHOOK_URL: `${publicUrl}/webhooks/apruve/apruve_test/${token}`,
    HOLDFAST_PUBLIC_URL: publicUrl,
    PORT: String(api),
  };
}
