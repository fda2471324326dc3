import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

describe('migrations', () => {
  it('have times that grow, or a database that has a later one would never get an earlier one', () => {
    const journal = JSON.parse(readFileSync('db/migrations/meta/_journal.json', 'utf8')) as {
      entries: { idx: number; when: number; tag: string }[];
    };
    const times = journal.entries.map(({ when }) => when);
    expect(times).toEqual([...new Set(times)].toSorted((a, b) => a - b));
    expect(journal.entries.map(({ idx }) => idx)).toEqual([...times.keys()]);
    const numbers = journal.entries.map(({ tag }) => Number(tag.slice(0, 4)));
    expect(numbers).toEqual([...times.keys()]);
  });
});
