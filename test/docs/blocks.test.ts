import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { blocksOf, functionsIn, onToday } from '../support/runbook/blocks.ts';

const page = (...lines: string[]): string => `${lines.join('\n')}\n`;

describe('the blocks of a page', () => {
  it('say what they need, or why they are not run', () => {
    const text = page('# A', '```sh', 'a', '```', '```sql scene=b', 'b', '```');
    expect(blocksOf(`${text}${page('```sh not-run: too dear', 'c', '```')}`)).toEqual([
      { line: 3, language: 'sh', scene: 'any', notRun: null, text: 'a\n' },
      { line: 6, language: 'sql', scene: 'b', notRun: null, text: 'b\n' },
      { line: 9, language: 'sh', scene: 'any', notRun: 'too dear', text: 'c\n' },
    ]);
    expect(blocksOf(page('- x', '  ```sh', '  a', '    b', '  ```'))).toMatchObject([
      { line: 3, text: 'a\n  b\n' },
    ]);
    expect(blocksOf(readFileSync('docs/runbook.md', 'utf8')).length).toBeGreaterThan(20);
  });

  it.each([
    ['an unknown word', page('```sh skip', 'a', '```')],
    ['no reason', page('```sh not-run', 'a', '```')],
    ['a longer fence', page('````sh', 'a', '````')],
    ['a block in a quotation', page('> ```sh', '> a', '> ```')],
    ['another fence', page('~~~sh', 'a', '~~~')],
    ['a block without an end', page('```sh', 'a')],
  ])('are not taken with %s', (_what, text) => {
    expect(() => blocksOf(text)).toThrow();
  });

  it('define functions for those below', () => {
    expect(functionsIn(page('f() { a; }', 'g() { b \\', '  c; }', 'f 1'))).toEqual([
      'f() { a; }',
      'g() { b \\\n  c; }',
    ]);
  });

  it('have dates that move along with the day', () => {
    const text = '{"at":"2026-12-03T09:00:00Z","on":"2026-11-30"}';
    expect(onToday(text, '2026-12-01', new Date('2027-12-02T10:00:00Z'))).toBe(
      '{"at":"2027-12-04T09:00:00Z","on":"2027-12-01"}',
    );
  });
});
