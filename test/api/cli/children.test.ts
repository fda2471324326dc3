import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Child, type ChildSpec, startChild } from '../../../api/cli/dev/children.ts';
import { processIdentity, waitUntilGone } from '../../../api/cli/dev/processes.ts';
import { startUntilReady } from '../../../api/cli/dev/ready.ts';
import { createSupervisor } from '../../../api/cli/dev/supervisor.ts';

let dir = '';
let children: Child[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-children-'));
  children = [];
});
afterEach(async () => {
  for (const child of children) child.kill();
  await Promise.all(children.map((child) => child.exited));
  rmSync(dir, { recursive: true, force: true });
});

const keep = (child: Child) => void children.push(child);
const logOf = (name: string) => join(dir, `${name}.log`);

/** A program that runs `code`, says READY and stays. */
const spec = (name: string, code: string, more: Partial<ChildSpec> = {}): ChildSpec => ({
  name,
  command: process.execPath,
  args: ['-e', `${code}; console.log('READY {"name":"${name}"}'); setInterval(() => {}, 1e6)`],
  logFile: logOf(name),
  ...more,
});

const LOGS_ITS_STOP = (name: string, journal: string) =>
  `process.on('SIGTERM', () => { setTimeout(() => {
     require('fs').appendFileSync(${JSON.stringify(journal)}, '${name} '); process.exit(0) }, 50) })`;

describe('a child of the stack', () => {
  it('is ready when it says so, and its announcement is not logged', async () => {
    const { payload } = await startUntilReady(spec('api', 'console.log("hello")'), 20_000, keep);
    expect(payload).toEqual({ name: 'api' });
    expect(readFileSync(logOf('api'), 'utf8')).toBe('hello\n');
  });

  it('that ends before it is ready is reported with its last words', async () => {
    const dying = spec('worker', 'console.error("no database"); process.exit(3)');
    await expect(startUntilReady(dying, 20_000, keep)).rejects.toThrow(
      /worker ended \(exit code 3\)[\s\S]*no database[\s\S]*worker\.log/,
    );
  });

  it('that never gets ready is reported after its time', async () => {
    const silent = { ...spec('mute', ''), args: ['-e', 'setInterval(() => {}, 1e6)'] };
    await expect(startUntilReady(silent, 300, keep)).rejects.toThrow(
      'did not say READY within 0.3 s',
    );
  });

  it('that does not stop when asked is killed', async () => {
    const stubborn = spec('stubborn', 'process.on("SIGTERM", () => {})', { stopTimeoutMs: 200 });
    await startUntilReady(stubborn, 20_000, keep);
    await children[0]?.stop();
    expect(await children[0]?.exited).toBe('SIGKILL');
  });

  it('does not outlive a stack that was killed', async () => {
    const pidFile = join(dir, 'pid');
    const script = join(dir, 'stack.mts');
    const module = new URL('../../../api/cli/dev/children.ts', import.meta.url).href;
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs';
       import { startChild } from '${module}';
       const child = await startChild({ name: 'c', command: 'sleep', args: ['300'], logFile: null });
       writeFileSync(${JSON.stringify(pidFile)}, String(child.pid));
       console.log('READY {}');
       setInterval(() => {}, 1e6);`,
    );
    const stack = {
      ...spec('stack', ''),
      args: ['--import', import.meta.resolve('tsx'), script],
    };
    await startUntilReady(stack, 20_000, keep);
    const pid = Number(readFileSync(pidFile, 'utf8'));
    const identity = processIdentity(pid) ?? '';
    expect(identity).toContain('sleep 300');
    children[0]?.kill();
    expect(await waitUntilGone(pid, identity, 10_000)).toBe(true);
  });
});

describe('the supervisor', () => {
  it('stops the youngest first, each after the one before it is gone', async () => {
    const journal = join(dir, 'journal');
    const supervisor = createSupervisor(keep);
    for (const name of ['postgres', 'temporal', 'worker', 'api']) {
      await startUntilReady(spec(name, LOGS_ITS_STOP(name, journal)), 20_000, supervisor.adopt);
      supervisor.watch();
    }
    const named: string[] = [];
    await supervisor.stopAll((name, done) => {
      named.push(name);
      return done;
    });
    expect(named).toEqual(['api', 'worker', 'temporal', 'postgres']);
    expect(readFileSync(journal, 'utf8')).toBe('api worker temporal postgres ');
    expect(children.map(({ pid }) => processIdentity(pid))).toEqual([null, null, null, null]);
  });

  it('starts a child again that ends by itself, and gives up when it keeps ending', async () => {
    const said: string[] = [];
    // Each start is killed at once, so it never lives.
    const supervisor = createSupervisor(
      (child) => {
        keep(child);
        child.kill();
      },
      (line) => said.push(line),
    );
    supervisor.adopt(await startChild(spec('worker', '')));
    supervisor.watch();
    await expect(supervisor.broken).rejects.toThrow('worker ended (SIGKILL)');
    expect(said).toEqual(Array(5).fill('worker ended (SIGKILL); starting it again'));
    expect(children).toHaveLength(6);
  }, 20_000);

  it('kills a child whose start was under way when all were stopped', async () => {
    const supervisor = createSupervisor(() => undefined);
    await supervisor.stopAll((_, done) => done);
    const late = await startChild(spec('late', ''));
    keep(late);
    supervisor.adopt(late);
    expect(await late.exited).toBe('SIGKILL');
  });
});
