import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startChild } from '../../../api/cli/dev/children.ts';
import { processIdentity } from '../../../api/cli/dev/processes.ts';
import { claimRunFile, StackIsRunning } from '../../../api/cli/dev/run-file.ts';

let dir = '';
let file = '';
let notes: string[] = [];
const report = { doing: () => undefined, note: (line: string) => void notes.push(line) };

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-run-'));
  file = join(dir, 'run.json');
  notes = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const sleeper = () =>
  startChild({ name: 'worker', command: 'sleep', args: ['300'], logFile: join(dir, 'log') });

/** What a stack leaves that was killed: its own process is gone, one of its children is not. */
function leave(pid: number, identity: string | null): void {
  const dev = { name: 'dev', pid: 1, identity: 'a process that is gone', stopSignal: 'SIGTERM' };
  const processes = [{ name: 'worker', pid, identity, stopSignal: 'SIGTERM' }];
  writeFileSync(file, JSON.stringify({ dev, processes }));
}

describe('the run file', () => {
  it('keeps a second stack from starting beside the first', async () => {
    await claimRunFile(file, report);
    await expect(claimRunFile(file, report)).rejects.toThrow(StackIsRunning);
  });

  it('is free again after the stack has stopped', async () => {
    const run = await claimRunFile(file, report);
    run.remove();
    expect(existsSync(file)).toBe(false);
    await claimRunFile(file, report);
  });

  it('leads the next start to what a killed stack left, which is ended first', async () => {
    const left = await sleeper();
    leave(left.pid, processIdentity(left.pid));
    await claimRunFile(file, report);
    expect(await left.exited).toBe('SIGTERM');
    expect(notes).toEqual([expect.stringContaining(`ending worker (pid ${left.pid})`)]);
  });

  it('never touches a process that merely has the id of an old one', async () => {
    const stranger = await sleeper();
    leave(stranger.pid, 'the process that had this id before');
    await claimRunFile(file, report);
    expect(stranger.isRunning()).toBe(true);
    stranger.kill();
    await stranger.exited;
  });

  it('is no obstacle when it was cut off in the middle of a write', async () => {
    writeFileSync(file, '{"dev":{"na');
    await claimRunFile(file, report);
    expect(notes).toEqual([]);
  });
});
