import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { prepareTemporalDatabase } from '../../../api/cli/dev/temporal-database.ts';

let dir = '';
let file = '';
let notes: string[] = [];

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-temporal-db-'));
  file = join(dir, 'temporal.db');
  notes = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

const prepare = (version: string) =>
  prepareTemporalDatabase(file, version, (line) => void notes.push(line));

describe("Temporal's database file", () => {
  it('is kept for the version that made it', () => {
    prepare('1.5.1');
    writeFileSync(file, 'histories');
    prepare('1.5.1');
    expect(readFileSync(file, 'utf8')).toBe('histories');
    expect(notes).toEqual([]);
  });

  it('is moved aside, never deleted, when another version made it', () => {
    prepare('1.5.1');
    for (const suffix of ['', '-wal', '-shm']) writeFileSync(file + suffix, 'histories');
    prepare('1.8.2');
    expect(existsSync(file)).toBe(false);
    expect(readdirSync(dir).filter((name) => name.includes('.old-'))).toHaveLength(3);
    expect(notes).toEqual([expect.stringContaining('made by another version (1.5.1; now 1.8.2)')]);
  });

  it('is moved aside when nobody knows who made it', () => {
    writeFileSync(file, 'histories');
    prepare('1.5.1');
    expect(existsSync(file)).toBe(false);
  });
});
