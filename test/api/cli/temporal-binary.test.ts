import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ensureTemporalBinary } from '../../../api/cli/dev/temporal-binary.ts';
import { TEMPORAL_VERSION, type TemporalSource } from '../../../api/cli/dev/temporal-sources.ts';

const GOOD = 'temporal version 1.5.1 (Server 1.29.1, UI 2.42.1)';
const BUILT_WITH_GO = 'temporal version 0.0.0-DEV (Server 1.29.1, UI 2.42.1)';
const OLD = 'temporal version 1.4.1 (Server 1.28.0, UI 2.39.0)';

let dir = '';
let notes: string[] = [];
const report = { doing: () => undefined, note: (line: string) => void notes.push(line) };
const cached = () => join(dir, 'cache', `temporal-${TEMPORAL_VERSION}`);

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-temporal-'));
  for (const name of ['bin', 'cache']) mkdirSync(join(dir, name));
  notes = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

function plantProgram(path: string, version: string): void {
  writeFileSync(path, `#!/bin/sh\necho "${version}"\n`);
  chmodSync(path, 0o755);
}

/** A source that brings a program with this version, and counts how often it was asked. */
function sourceOf(version: string | Error): TemporalSource & { asked: number } {
  const source = {
    label: 'a test source',
    asked: 0,
    bringInto: async (into: string) => {
      source.asked += 1;
      if (version instanceof Error) throw version;
      plantProgram(join(into, 'temporal'), version);
    },
  };
  return source;
}

const ensure = (...sources: TemporalSource[]) =>
  ensureTemporalBinary(report, {
    env: { PATH: join(dir, 'bin'), HOLDFAST_CACHE_DIR: join(dir, 'cache') },
    sources,
  });

describe('finding the Temporal server', () => {
  it('prefers the one on the PATH', async () => {
    plantProgram(join(dir, 'bin', 'temporal'), GOOD);
    plantProgram(cached(), GOOD);
    expect((await ensure()).path).toBe(join(dir, 'bin', 'temporal'));
  });

  it('accepts one that was built with go install and calls itself 0.0.0-DEV', async () => {
    plantProgram(join(dir, 'bin', 'temporal'), BUILT_WITH_GO);
    expect(await ensure()).toEqual({
      path: join(dir, 'bin', 'temporal'),
      version: '0.0.0-DEV (Server 1.29.1, UI 2.42.1)',
    });
  });

  it('passes over one on the PATH that is older than 1.5, and says so', async () => {
    plantProgram(join(dir, 'bin', 'temporal'), OLD);
    plantProgram(cached(), GOOD);
    expect((await ensure()).path).toBe(cached());
    expect(notes).toEqual([expect.stringContaining('is older than 1.5')]);
  });

  it('uses the cached one without asking any source', async () => {
    plantProgram(cached(), GOOD);
    const source = sourceOf(GOOD);
    expect((await ensure(source)).path).toBe(cached());
    expect(source.asked).toBe(0);
  });

  it('replaces a cached one that does not run', async () => {
    writeFileSync(cached(), 'cut off in the middle of a copy');
    expect((await ensure(sourceOf(GOOD))).version).toBe('1.5.1 (Server 1.29.1, UI 2.42.1)');
  });

  it('asks the next source when one fails, and leaves nothing but the program', async () => {
    const offline = sourceOf(new Error('no answer'));
    const builder = sourceOf(GOOD);
    expect((await ensure(offline, builder)).path).toBe(cached());
    expect([offline.asked, builder.asked]).toEqual([1, 1]);
    expect(readdirSync(join(dir, 'cache'))).toEqual([`temporal-${TEMPORAL_VERSION}`]);
  });

  it('is brought once when two runs need it at the same time', async () => {
    const source = sourceOf(GOOD);
    const [first, second] = await Promise.all([ensure(source), ensure(source)]);
    expect(first).toEqual(second);
    expect(source.asked).toBe(1);
  });

  it('takes over the lock of a run that died', async () => {
    const lock = `${cached()}.lock`;
    mkdirSync(lock);
    const gone = { pid: process.pid, identity: 'a process that had this id before' };
    writeFileSync(join(lock, 'owner.json'), JSON.stringify(gone));
    expect((await ensure(sourceOf(GOOD))).path).toBe(cached());
  });

  it('says what to install when nothing helps', async () => {
    const failing = sourceOf(new Error('there is no Go on the PATH'));
    await expect(ensure(failing)).rejects.toThrow(
      /there is no Go on the PATH[\s\S]*install the Temporal CLI[\s\S]*TEMPORAL_ADDRESS/,
    );
    expect(readdirSync(join(dir, 'cache'))).toEqual([]);
  });
});
