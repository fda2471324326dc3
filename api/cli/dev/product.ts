/** The product's own processes: what they are told, and the order in which they start. */
import type { Report } from '../progress.mjs';
import { announcedKeys, announcedUrl } from './announcements.ts';
import type { Child, ChildSpec } from './children.ts';
import { startUntilReady } from './ready.ts';

/** Paths from the root. */
export type StackScripts = {
  readonly simulators: string;
  readonly bootstrap: string;
  readonly worker: string;
  readonly api: string;
  readonly demo: string;
};

export type ProductContext = {
  readonly scripts: StackScripts;
  readonly specOf: (name: string, script: string) => ChildSpec;
  readonly part: <T>(label: string, work: (report: Report) => Promise<T>) => Promise<T>;
  readonly onSpawn: (child: Child) => void;
  /** Where simulator and API were asked to listen; what they announce counts more. */
  readonly urls: { readonly stripe: string; readonly api: string };
};

export type Product = {
  readonly keys: Record<string, string>;
  readonly stripe: string;
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
  const stripe = await part('Simulators', async (report) => {
    const { payload } = await start('simulators', scripts.simulators);
    const url = announcedUrl(payload, 'stripe') ?? urls.stripe;
    report.doing(url);
    return url;
  });
  await part('Worker', () => start('worker', scripts.worker));
  const api = await part('API', async (report) => {
    const { payload } = await start('API', scripts.api);
    const url = announcedUrl(payload, 'url') ?? urls.api;
    report.doing(url);
    return url;
  });
  return { keys, stripe, api };
}
