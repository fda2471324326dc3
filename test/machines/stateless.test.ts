import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';

const ROOT = join(import.meta.dirname, '../../machines');
const FILES = readdirSync(ROOT, { recursive: true, encoding: 'utf8' }).filter((name) =>
  name.endsWith('.ts'),
);

/** At the top of a module, whatever one payment's run left there would be read by another's. */
const STATE = [
  /^(export )?(let|var) /,
  /^(export )?const [^=]*=\s*new (Weak)?(Map|Set)\b/,
  /^(export )?const [^=]*=\s*\[\];/,
  /^(export )?const [^=]*=\s*\{\};/,
];
const READ_ONLY = /: Readonly(Map|Set)</;

const stateIn = (text: string): string[] =>
  text
    .split('\n')
    .filter((line) => STATE.some((pattern) => pattern.test(line)) && !READ_ONLY.test(line));

describe('the charts, which all runs of a worker share', () => {
  it.each(FILES)('keep nothing between payments: %s', (name) => {
    expect(stateIn(readFileSync(join(ROOT, name), 'utf8'))).toEqual([]);
  });

  it.each(['let count = 0;', 'export const seen = new Map<string, number>();', 'const all = [];'])(
    'would be found to, with %s',
    (line) => {
      expect(stateIn(line)).toEqual([line]);
    },
  );
});
