/** The rules of the house that no linter can keep. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = path.resolve(import.meta.dirname, '../..');
const FOLDERS = ['machines', 'workflows', 'activities', 'api', 'db', 'test'];
const LINES_MAX = 400;

const read = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

/** Paths from the repository's root; none for a folder that does not exist. */
function filesUnder(folder: string): string[] {
  if (!existsSync(path.join(ROOT, folder))) return [];
  return readdirSync(path.join(ROOT, folder), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(ROOT, path.join(entry.parentPath, entry.name)))
    .toSorted();
}

/** Written by a tool: migrations by drizzle-kit, histories and other JSON by the tests. */
const isGenerated = (file: string): boolean =>
  file.startsWith('db/migrations/') || file.endsWith('.json');

const manifest = JSON.parse(read('package.json')) as {
  dependencies: Record<string, string>;
  devDependencies: Record<string, string>;
};
const dependencies = Object.entries({ ...manifest.dependencies, ...manifest.devDependencies });

describe('a file in the six folders', () => {
  it(`has at most ${LINES_MAX} lines, or it has two subjects`, () => {
    const long = FOLDERS.flatMap(filesUnder)
      .filter((file) => !isGenerated(file))
      .map((file) => ({ file, lines: read(file).trimEnd().split('\n').length }))
      .filter(({ lines }) => lines > LINES_MAX);
    expect(long).toEqual([]);
  });

  it('is named after what it does, and its folders are', () => {
    const isVague = (file: string): boolean =>
      file.split(/[/.-]/).some((word) => /^(utils?|helpers?|common|services?)$/.test(word));
    const shipped = FOLDERS.filter((folder) => folder !== 'test');
    expect(shipped.flatMap(filesUnder).filter(isVague)).toEqual([]);
  });
});

describe('a dependency', () => {
  it('has its reason in docs/dependencies.md', () => {
    const reasons = read('docs/dependencies.md');
    expect(dependencies.filter(([name]) => !reasons.includes(`| \`${name}\` `))).toEqual([]);
  });

  it('is in package.json when docs/dependencies.md names it', () => {
    const named = [...read('docs/dependencies.md').matchAll(/^\| `([^`]+)`/gm)].map((m) => m[1]);
    const known = new Set(dependencies.map(([name]) => name));
    expect(named.filter((name) => !known.has(name!))).toEqual([]);
  });

  it('has an exact version', () => {
    const exact = /^\d+\.\d+\.\d+(-[\w.]+)?$/;
    expect(dependencies.filter(([, version]) => !exact.test(version))).toEqual([]);
  });
});

describe('a decision record', () => {
  it('ends in a Confirmation: the test or lint rule that keeps it true', () => {
    const unconfirmed = filesUnder('docs/adr')
      .filter((file) => /^\d{4}-.+\.md$/.test(path.basename(file)))
      .filter((file) => {
        const last = read(file).split(/^## /m).at(-1) ?? '';
        return !/^Confirmation\s*\n+\s*\S/.test(last);
      });
    expect(unconfirmed).toEqual([]);
  });
});
