/** Starts the parts of the stack, each after those that it needs. */
import { say, step, type Screen } from '../progress.mjs';
import { type ChildSpec, runChild } from './children.ts';
import type { Settings } from './env.ts';
import { providePostgres, provideTemporal } from './infrastructure.ts';
import { announcedKeys, announcedUrl } from './announcements.ts';
import { chooseStackPorts } from './stack-ports.ts';
import { startUntilReady } from './ready.ts';
import { showStack } from './show-stack.ts';
import type { StackInfo, StateDir } from './state-dir.ts';
import type { Supervisor } from './supervisor.ts';

/** The product's own processes, as paths from the root. */
export type StackScripts = {
  readonly simulators: string;
  readonly bootstrap: string;
  readonly worker: string;
  readonly api: string;
  readonly demo: string;
};

export type BringUpOptions = {
  /** Working directory of all processes; its `.holdfast/` keeps the data. */
  readonly root: string;
  readonly scripts: StackScripts;
  readonly settings: Settings;
  readonly out: Screen;
};

/** Resolved here, because a process's working directory need not be the checkout. */
const TSX = import.meta.resolve('tsx');
/** The worker bundles its workflows first, which takes a slow machine a while. */
const READY_TIMEOUT_MS = 120_000;
/** A worker that is asked to stop finishes the activities that it has begun. */
const DRAIN_TIMEOUT_MS = 30_000;

/** Brings everything up and shows where it is. Throws when a part does not start. */
export async function bringUp(
  options: BringUpOptions,
  state: StateDir,
  supervisor: Supervisor,
): Promise<void> {
  const { settings, scripts, out } = options;
  const ports = await chooseStackPorts(settings, (line) => say(`  ${line}`, out));
  const shared = { settings, state, onSpawn: supervisor.adopt };
  const part = <T>(label: string, work: Parameters<typeof step<T>>[1]): Promise<T> =>
    step(label, work, out).finally(supervisor.watch);

  const databaseUrl = await part('Postgres', (report) =>
    providePostgres({ ...shared, port: ports.postgres, report }),
  );
  const temporal = await part('Temporal', (report) =>
    provideTemporal({ ...shared, port: ports.temporal, uiPort: ports.temporalUi, report }),
  );
  const api = `http://${settings.host}:${ports.api}`;
  const stripe = `http://${settings.host}:${ports.stripe}`;
  const env: NodeJS.ProcessEnv = {
    ...settings.env,
    HOST: settings.host,
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    TEMPORAL_NAMESPACE: settings.temporalNamespace,
    HOLDFAST_SECRET_KEY: settings.secretKey ?? state.secretKey(),
    HOLDFAST_KEYS_FILE: state.keysFile,
    HOLDFAST_PUBLIC_URL: settings.publicUrl ?? api,
    STRIPE_SIMULATOR_URL: stripe,
    STRIPE_SIMULATOR_PORT: String(ports.stripe),
    SIMULATOR_DATA_DIR: state.simulators,
    PORT: String(ports.api),
  };
  const spec = (name: string, script: string): ChildSpec => ({
    name,
    command: process.execPath,
    args: ['--import', TSX, script],
    cwd: options.root,
    env,
    logFile: state.logFile(name.toLowerCase()),
    stopTimeoutMs: DRAIN_TIMEOUT_MS,
  });
  const start = (process: ChildSpec) =>
    startUntilReady(process, READY_TIMEOUT_MS, supervisor.adopt);

  const keys = await part('Database and keys', async () => {
    const bootstrap = await start(spec('bootstrap', scripts.bootstrap));
    await bootstrap.finished();
    return announcedKeys(bootstrap.payload);
  });
  const simulator = await part('Simulators', async (report) => {
    const { payload } = await start(spec('simulators', scripts.simulators));
    const url = announcedUrl(payload, 'stripe') ?? stripe;
    report.doing(url);
    return url;
  });
  await part('Worker', () => start(spec('worker', scripts.worker)));
  const url = await part('API', async (report) => {
    const { payload } = await start(spec('API', scripts.api));
    const address = announcedUrl(payload, 'url') ?? api;
    report.doing(address);
    return address;
  });

  const info: StackInfo = {
    api: url,
    docs: `${url}/docs`,
    temporalAddress: temporal.address,
    temporalUi: temporal.uiUrl,
    databaseUrl,
    simulators: { stripe: simulator },
    keys,
  };
  state.writeStack(info);
  if (settings.demo)
    await runDemo({ ...spec('demo', scripts.demo), logFile: null }, options, supervisor);
  showStack(info, state, out);
  say('Holdfast is up. Ctrl-C stops everything.', out);
}

/** A demo that fails is no reason to take the stack away: it is what one needs to see why. */
async function runDemo(
  demo: ChildSpec,
  { out }: BringUpOptions,
  supervisor: Supervisor,
): Promise<void> {
  say('', out);
  try {
    await runChild(demo, supervisor.adopt);
  } catch (error) {
    say(`\n${error instanceof Error ? error.message : String(error)} The stack stays up.`, out);
  }
}
