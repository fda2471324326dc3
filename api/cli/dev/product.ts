/** The product's own processes: what they are told, and the order in which they start. */
import type { Report } from '../progress.mjs';
import { announcedKeys, announcedUrl } from './announcements.ts';
import type { Child, ChildSpec } from './children.ts';
import { type SimulatorName, SIMULATORS } from './env.ts';
import { startUntilReady } from './ready.ts';

/** Paths from the root. */
export type StackScripts = {
  readonly simulators: string;
  readonly bootstrap: string;
  readonly worker: string;
  readonly api: string;
  readonly demo: string;
};

export type SimulatorUrls = Readonly<Record<SimulatorName, string>>;

export type ProductContext = {
  readonly scripts: StackScripts;
  readonly specOf: (name: string, script: string) => ChildSpec;
  readonly part: <T>(label: string, work: (report: Report) => Promise<T>) => Promise<T>;
  readonly onSpawn: (child: Child) => void;
  /** Where simulators and API were asked to listen; what they announce counts more. */
  readonly urls: { readonly simulators: SimulatorUrls; readonly api: string };
};

export type Product = {
  readonly keys: Record<string, string>;
  readonly simulators: SimulatorUrls;
  readonly api: string;
};

/** The worker bundles its workflows first, which takes a slow machine a while. */
const READY_TIMEOUT_MS = 120_000;

export async function startProduct(context: ProductContext): Promise<Product> {
  const { scripts, specOf, part, onSpawn, urls } = context;
  const start = (name: string, script: string) =>
    startUntilReady(specOf(name, script), READY_TIMEOUT_MS, onSpawn);

  const keys = await part('Database and keys', async () => {
    const bootstrap = await start('bootstrap', scripts.bootstrap);
    await bootstrap.finished();
    return announcedKeys(bootstrap.payload);
  });
  const simulators = await part('Simulators', async (report) => {
    const { payload } = await start('simulators', scripts.simulators);
    const said = SIMULATORS.map((name) => [name, announcedUrl(payload, name)] as const);
    report.doing(SIMULATORS.join(', '));
    const found = said.filter((each): each is [SimulatorName, string] => each[1] !== null);
    return { ...urls.simulators, ...Object.fromEntries(found) };
  });
  await part('Worker', () => start('worker', scripts.worker));
  const api = await part('API', async (report) => {
    const { payload } = await start('API', scripts.api);
    const url = announcedUrl(payload, 'url') ?? urls.api;
    report.doing(url);
    return url;
  });
  return { keys, simulators, api };
}
