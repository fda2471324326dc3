/**
 * Finds or makes the `temporal` program: the one on the PATH, else the cached one, else the
 * official download, else a build from source with Go.
 */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import type { Report } from '../progress.mjs';
import { cacheDir } from './cache-dir.ts';
import type { Child } from './children.ts';
import { environment } from './env.ts';
import { withLock } from './file-lock.ts';
import {
  buildTemporal,
  downloadTemporal,
  type SourceContext,
  TEMPORAL_VERSION,
  type TemporalSource,
} from './temporal-sources.ts';

/**
 * The server inside CLI 1.5. A CLI built with `go install` calls itself 0.0.0-DEV, so the server's
 * version counts.
 */
const SERVER_MIN = [1, 29] as const;

export type TemporalBinary = { readonly path: string; readonly version: string };

export type TemporalBinaryOptions = {
  readonly env?: NodeJS.ProcessEnv;
  readonly sources?: readonly TemporalSource[];
  readonly onSpawn?: (child: Child) => void;
};

const SOURCES: readonly TemporalSource[] = [
  { label: 'the official download', bringInto: downloadTemporal },
  { label: 'a build with Go', bringInto: buildTemporal },
];

/** A `temporal` that is new enough. Throws with what to install when none can be had. */
export async function ensureTemporalBinary(
  report: Report,
  options: TemporalBinaryOptions = {},
): Promise<TemporalBinary> {
  const env = options.env ?? environment;
  const onPath = findOnPath(env, report);
  if (onPath !== null) return onPath;
  const dir = cacheDir(env);
  const path = join(dir, `temporal-${TEMPORAL_VERSION}`);
  const cached = () => (existsSync(path) ? inspect(path, report) : null);
  const found = cached();
  if (found !== null) return found;
  mkdirSync(dir, { recursive: true });
  const onWait = (holder: string) => report.doing(`waiting for ${holder}, which is fetching it`);
  return withLock(`${path}.lock`, onWait, async () => {
    // Whoever held the lock before may have brought it.
    return (
      cached() ?? bring(path, { report, env, onSpawn: options.onSpawn ?? (() => {}) }, options)
    );
  });
}

async function bring(
  path: string,
  context: SourceContext,
  { sources = SOURCES }: TemporalBinaryOptions,
): Promise<TemporalBinary> {
  const failures: string[] = [];
  for (const { label, bringInto } of sources) {
    const workDir = `${path}.new-${process.pid}`;
    mkdirSync(workDir, { recursive: true });
    try {
      await bringInto(workDir, context);
      const binary = inspect(join(workDir, 'temporal'), context.report);
      if (binary === null) throw new Error('it does not run here');
      renameSync(binary.path, path);
      return { ...binary, path };
    } catch (error) {
      failures.push(`  - ${label}: ${error instanceof Error ? error.message : String(error)}`);
    } finally {
      rmSync(workDir, { recursive: true, force: true });
    }
  }
  throw new Error(
    `The Temporal server could not be had:\n${failures.join('\n')}\n\n` +
      'Do one of these and start again:\n' +
      '  - install the Temporal CLI 1.5 or newer, so that `temporal` is on the PATH: https://docs.temporal.io/cli\n' +
      '  - install Go 1.25 or newer, and Holdfast builds it: https://go.dev/doc/install\n' +
      '  - set TEMPORAL_ADDRESS to a Temporal server that runs already',
  );
}

function findOnPath(env: NodeJS.ProcessEnv, report: Report): TemporalBinary | null {
  for (const dir of (env['PATH'] ?? '').split(delimiter)) {
    if (dir === '') continue;
    const path = join(dir, 'temporal');
    try {
      accessSync(path, constants.X_OK);
    } catch {
      continue;
    }
    // The first one is the one that a shell would run; a second one behind it is nobody's choice.
    return inspect(path, report);
  }
  return null;
}

/** The version of a `temporal`, or null with a note when it does not run or is too old. */
function inspect(path: string, report: Report): TemporalBinary | null {
  const result = spawnSync(path, ['--version'], { encoding: 'utf8', timeout: 20_000 });
  const text = (result.stdout ?? '').trim();
  const server = /Server (\d+)\.(\d+)/.exec(text);
  if (result.status !== 0 || server === null) {
    report.note(`${path} does not answer to --version, so it is not used`);
    return null;
  }
  const [major, minor] = [Number(server[1]), Number(server[2])];
  if (major < SERVER_MIN[0] || (major === SERVER_MIN[0] && minor < SERVER_MIN[1])) {
    report.note(`${path} is older than 1.5 (${text}), so it is not used`);
    return null;
  }
  return { path, version: text.replace(/^temporal version /, '') };
}
