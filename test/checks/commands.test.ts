import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const { scripts } = JSON.parse(readFileSync(`${ROOT}package.json`, 'utf8')) as {
  scripts: Record<string, string>;
};
const COMMANDS = [
  'bench',
  'check:crashes',
  'check:lifecycles',
  'check:replay',
  'record:histories',
  'storm',
];

/** As npm runs it, without npm. */
function run(name: string, option: string) {
  const [, ...args] = (scripts[name] ?? '').split(' ');
  return spawnSync(process.execPath, [...args, option], { cwd: ROOT, encoding: 'utf8' });
}

describe.each(COMMANDS)('npm run %s', (name) => {
  it('says what it can be asked for, and nothing else', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run(name, '--help');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toContain(`npm run ${name} -- [options]`);
    expect(stdout).toContain('--json');
    expect(stdout).toMatch(/Exit/);
  });

  it('refuses what it does not know before it starts anything', { timeout: 60_000 }, () => {
    const { status, stdout, stderr } = run(name, '--unheard-of');
    expect([status, stdout]).toEqual([2, '']);
    expect(stderr).toContain("'--unheard-of'");
    expect(stderr).toContain(`npm run ${name} -- [options]`);
  });
});
