/** The two places that a `temporal` program can come from when the machine has none. */
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { join } from 'node:path';
import type { Report } from '../progress.mjs';
import { type Child, runChild } from './children.ts';

/**
 * The last release that `go install` can build: later ones have a replace directive in their
 * go.mod.
 */
export const TEMPORAL_VERSION = '1.5.1';

export type TemporalSource = {
  readonly label: string;
  /** Puts a program named `temporal` into `dir`. */
  readonly bringInto: (dir: string, context: SourceContext) => Promise<void>;
};
export type SourceContext = {
  readonly report: Report;
  readonly env: NodeJS.ProcessEnv;
  readonly onSpawn: (child: Child) => void;
};

/** A network without an answer must not cost more than this before Go is tried. */
const CONNECT_TIMEOUT_MS = 8000;
const STALL_TIMEOUT_MS = 20_000;

const PLATFORMS: Readonly<Record<string, string>> = { linux: 'linux', darwin: 'darwin' };
const ARCHITECTURES: Readonly<Record<string, string>> = { x64: 'amd64', arm64: 'arm64' };

/**
 * Source of the address: https://github.com/temporalio/cli#readme, "Install via download", read
 * 2026-11-21.
 */
function archiveUrl(): string {
  const [platform, arch] = [PLATFORMS[process.platform], ARCHITECTURES[process.arch]];
  if (platform === undefined || arch === undefined) {
    throw new Error(`there is none for ${process.platform} on ${process.arch}`);
  }
  return `https://temporal.download/cli/archive/v${TEMPORAL_VERSION}?platform=${platform}&arch=${arch}`;
}

export async function downloadTemporal(dir: string, { report }: SourceContext): Promise<void> {
  report.doing(`downloading temporal ${TEMPORAL_VERSION}`);
  const archive = join(dir, 'temporal.tar.gz');
  await download(archiveUrl(), archive, (bytes) =>
    report.doing(`downloading temporal ${TEMPORAL_VERSION}, ${Math.round(bytes / 1e6)} MB`),
  );
  await runChild({
    name: 'tar',
    command: 'tar',
    args: ['-xzf', archive, '-C', dir, 'temporal'],
    logFile: join(dir, 'tar.log'),
  });
}

async function download(url: string, file: string, onBytes: (sum: number) => void): Promise<void> {
  const abort = new AbortController();
  let watchdog = setTimeout(() => abort.abort(), CONNECT_TIMEOUT_MS);
  const out = createWriteStream(file);
  try {
    const response = await fetch(url, { signal: abort.signal });
    if (!response.ok || response.body === null) throw new Error(`HTTP ${response.status}`);
    let sum = 0;
    for await (const chunk of response.body as AsyncIterable<Uint8Array>) {
      clearTimeout(watchdog);
      watchdog = setTimeout(() => abort.abort(), STALL_TIMEOUT_MS);
      sum += chunk.length;
      onBytes(sum);
      if (!out.write(chunk)) await once(out, 'drain');
    }
  } catch (error) {
    throw new Error(`no answer from ${new URL(url).host} (${reason(error)})`, { cause: error });
  } finally {
    clearTimeout(watchdog);
    out.end();
  }
  if (!out.writableFinished) await once(out, 'finish');
}

/** Node hides why a connection failed one level down. */
function reason(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'AbortError') return 'timed out';
  return error.cause instanceof Error ? error.cause.message : error.message;
}

/** Takes two to three minutes on two cores the first time; needs no C compiler. */
export async function buildTemporal(dir: string, context: SourceContext): Promise<void> {
  const { report, env, onSpawn } = context;
  let packages = 0;
  report.doing('building it from source with Go, once, a few minutes');
  const child = {
    name: 'go install',
    command: 'go',
    args: [
      'install',
      '-v',
      '-ldflags',
      `-s -w -X github.com/temporalio/cli/temporalcli.Version=${TEMPORAL_VERSION}`,
      `github.com/temporalio/cli/cmd/temporal@v${TEMPORAL_VERSION}`,
    ],
    env: { ...env, GOBIN: dir, CGO_ENABLED: '0' },
    logFile: join(dir, 'go.log'),
    onLine: (line: string) => {
      if (line.startsWith('go: downloading')) report.doing('fetching its source with Go');
      else {
        packages += 1;
        report.doing(`building it from source with Go, once, ${packages} packages so far`);
      }
      return true;
    },
  };
  try {
    await runChild(child, onSpawn);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new Error(message.includes('ENOENT') ? 'there is no Go on the PATH' : message, {
      cause: error,
    });
  }
}
