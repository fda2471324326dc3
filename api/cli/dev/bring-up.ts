/** Starts the parts of the stack, each after those that it needs. */
import { say, step, type Screen } from '../progress.mjs';
import { type ChildSpec, runChild } from './children.ts';
import type { PortName, Settings } from './env.ts';
import { providePostgres, provideTemporal } from './infrastructure.ts';
import { chooseStackPorts } from './stack-ports.ts';
import { type StackScripts, startProduct } from './product.ts';
import { showStack } from './show-stack.ts';
import type { StackInfo, StateDir } from './state-dir.ts';
import type { Supervisor } from './supervisor.ts';

export type BringUpOptions = {
  /** Working directory of all processes; its `.holdfast/` keeps the data. */
  readonly root: string;
  readonly scripts: StackScripts;
  readonly settings: Settings;
  readonly out: Screen;
};

/** Resolved here, because a process's working directory need not be the checkout. */
const TSX = import.meta.resolve('tsx');
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
  const { api, simulators } = stackUrls(settings, ports);
  const env: NodeJS.ProcessEnv = {
    ...sharedEnv(settings, state),
    DATABASE_URL: databaseUrl,
    TEMPORAL_ADDRESS: temporal.address,
    HOLDFAST_PUBLIC_URL: settings.publicUrl ?? api,
    STRIPE_SIMULATOR_URL: simulators.stripe,
    INFINITEPAY_SIMULATOR_URL: simulators.infinitepay,
    APRUVE_SIMULATOR_URL: simulators.apruve,
    STRIPE_SIMULATOR_PORT: String(ports.stripe),
    STRIPE_SIMULATOR_WEBHOOK_URL: `${api}/webhooks/stripe/stripe_test`,
    STRIPE_SIMULATOR_WEBHOOK_SECRET: state.webhookSecret(),
    INFINITEPAY_SIMULATOR_PORT: String(ports.infinitepay),
    APRUVE_SIMULATOR_PORT: String(ports.apruve),
    APRUVE_SIMULATOR_WEBHOOK_URL: `${api}/webhooks/apruve/apruve_test/${state.webhookToken()}`,
    APRUVE_SIMULATOR_WEBHOOK_TOKEN: state.webhookToken(),
    PORT: String(ports.api),
  };
  const specOf = (name: string, script: string): ChildSpec => ({
    name,
    command: process.execPath,
    args: ['--import', TSX, script],
    cwd: options.root,
    env,
    logFile: state.logFile(name.toLowerCase()),
    stopTimeoutMs: DRAIN_TIMEOUT_MS,
  });
  const { onSpawn } = shared;
  const product = await startProduct({ scripts, specOf, part, onSpawn, urls: { api, simulators } });
  const info: StackInfo = {
    api: product.api,
    docs: `${product.api}/docs`,
    temporalAddress: temporal.address,
    temporalUi: temporal.uiUrl,
    databaseUrl,
    simulators: product.simulators,
    keys: product.keys,
  };
  state.writeStack(info);
  if (settings.demo) {
    await runDemo({ ...specOf('demo', scripts.demo), logFile: null }, options, supervisor);
  }
  showStack(info, state, out);
  say('Holdfast is up. Ctrl-C stops everything.', out);
}

/** What every process is told, whatever the ports of this start. */
const sharedEnv = (settings: Settings, state: StateDir): NodeJS.ProcessEnv => ({
  ...settings.env,
  HOST: settings.host,
  TEMPORAL_NAMESPACE: settings.temporalNamespace,
  HOLDFAST_SECRET_KEY: settings.secretKey ?? state.secretKey(),
  HOLDFAST_KEYS_FILE: state.keysFile,
  SIMULATOR_DATA_DIR: state.simulators,
});

function stackUrls({ host }: Settings, ports: Record<PortName, number>) {
  // Listening on every address is not an address that one can go to.
  const name = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const at = (port: number) => `http://${name}:${port}`;
  const { api, apruve, infinitepay, stripe } = ports;
  return {
    api: at(api),
    simulators: { stripe: at(stripe), infinitepay: at(infinitepay), apruve: at(apruve) },
  };
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
