/** Temporal's development server, with the settings that Holdfast needs and measured. */
import { connect } from 'node:net';
import { type Child, describeEnd, startChild } from './children.ts';
import { SEARCH_ATTRIBUTES } from './search-attributes.ts';
import { missingSearchAttributes } from './temporal-check.ts';

export type TemporalOptions = {
  readonly binary: string;
  /** Made beside `default`, which is always there. */
  readonly namespace?: string;
  readonly port: number;
  /** Null runs without the UI. */
  readonly uiPort: number | null;
  /** Null keeps everything in memory. */
  readonly dbFile: string | null;
  readonly logFile: string;
  readonly onSpawn?: (child: Child) => void;
  /** Where its counters can be read; absent is nowhere. */
  readonly metricsPort?: number;
  /** Dynamic configuration besides what Holdfast needs, as `name=value`. */
  readonly config?: readonly string[];
};
export type TemporalServer = {
  readonly address: string;
  readonly uiUrl: string | null;
  readonly pid: number;
  readonly stop: () => Promise<void>;
};

/**
 * The development server has one history shard, whose queues poll 20 times a second by default:
 * every step of a payment would wait 50 ms. Measured with these: 23 ms instead of 150 ms for a
 * start with one activity.
 */
const DYNAMIC_CONFIG = [
  'history.transferProcessorMaxPollRPS=5000',
  'history.visibilityProcessorMaxPollRPS=5000',
  'history.timerProcessorMaxPollRPS=5000',
  'system.enableActivityEagerExecution=true',
  'frontend.enableUpdateWorkflowExecution=true',
  'frontend.enableUpdateWorkflowExecutionAsyncAccepted=true',
  'frontend.enableExecuteMultiOperation=true',
];

const READY_TIMEOUT_MS = 60_000;
const HOST = '127.0.0.1';

/** Starts the server and waits until it serves the namespace and its search attributes. */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  const child = await startChild({
    name: 'Temporal',
    command: options.binary,
    args: serverArguments(options),
    logFile: options.logFile,
  });
  options.onSpawn?.(child);
  const address = `${HOST}:${options.port}`;
  const abort = new AbortController();
  const ended = child.exited.then((end) => {
    abort.abort();
    throw new Error(describeEnd(child, end));
  });
  try {
    await Promise.race([
      waitUntilServing(address, options.namespace ?? 'default', abort.signal),
      ended,
    ]);
  } catch (error) {
    await child.stop();
    throw error;
  }
  ended.catch(() => undefined);
  const uiUrl = options.uiPort === null ? null : `http://${HOST}:${options.uiPort}`;
  return { address, uiUrl, pid: child.pid, stop: child.stop };
}

function serverArguments({
  namespace,
  port,
  uiPort,
  dbFile,
  config = [],
  metricsPort,
}: TemporalOptions): string[] {
  // Without a file nothing survives the process anyway, so nothing needs to reach the disk.
  const pragmas = ['journal_mode=WAL', `synchronous=${dbFile === null ? 'OFF' : 'NORMAL'}`];
  return [
    ...['server', 'start-dev', '--ip', HOST, '--port', String(port), '--log-level', 'warn'],
    ...(namespace === undefined || namespace === 'default' ? [] : ['--namespace', namespace]),
    ...(uiPort === null ? ['--headless'] : ['--ui-port', String(uiPort)]),
    ...(metricsPort === undefined ? [] : ['--metrics-port', String(metricsPort)]),
    ...(dbFile === null ? [] : ['--db-filename', dbFile]),
    ...pragmas.flatMap((pragma) => ['--sqlite-pragma', pragma]),
    ...[...DYNAMIC_CONFIG, ...config].flatMap((value) => ['--dynamic-config-value', value]),
    ...Object.entries(SEARCH_ATTRIBUTES).flatMap(([name, type]) => [
      '--search-attribute',
      `${name}=${type}`,
    ]),
  ];
}

async function waitUntilServing(
  address: string,
  namespace: string,
  signal: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + READY_TIMEOUT_MS;
  let last: unknown;
  while (Date.now() < deadline && !signal.aborted) {
    try {
      await reach(address);
      const missing = await missingSearchAttributes(address, namespace, 2000);
      if (missing?.length === 0) return;
      last = new Error(`search attributes are missing: ${missing?.join(', ') ?? 'all'}`);
    } catch (error) {
      last = error;
    }
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  throw new Error(`Temporal did not serve ${address} within ${READY_TIMEOUT_MS / 1000} s.`, {
    cause: last,
  });
}

/**
 * A gRPC channel that was refused once waits a second before it tries again, so a plain socket goes
 * first.
 */
function reach(address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const [host = HOST, port] = address.split(':');
    const socket = connect(Number(port), host);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.destroy();
      resolve();
    });
  });
}
