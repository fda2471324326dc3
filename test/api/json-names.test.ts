import { describe, expect, it } from 'vitest';
import { nameProblem } from '../../api/json-names.ts';

describe('the names in a JSON text', () => {
  it.each([
    '{}',
    '',
    'null',
    '{"a":1,"b":{"a":1},"c":[{"a":1},{"a":1}]}',
    '{"a":"\\"b\\":1, \\"b\\":2","b":"}{"}',
    '{"a":["b","b"]}',
    '{"a":"x","b":"a"}',
    // No JSON: the parser says so.
    '{"a":"',
    '}}]',
    '{"a" "a":',
  ])('are once each in %s', (text) => {
    expect(nameProblem(text)).toBeNull();
  });

  it.each([
    ['{"a":1,"a":2}', 'a'],
    ['{"a":1,"\\u0061":2}', 'a'],
    ['{ "a" : 1 , "b":[] , "a"\n\t:2}', 'a'],
    ['{"x":[{"y":{"a":1,"b":2,"a":3}}]}', 'x.y.a'],
    ['{"":1,"":2}', ''],
  ])('are told where one stands twice: %s', (text, path) => {
    expect(nameProblem(text)).toBe(`A name stands twice in one object: ${path}.`);
  });

  it('are not those of a prototype, and not deeper than anything is', () => {
    expect(nameProblem('{"a":{"__proto__":1}}')).toContain('__proto__');
    expect(nameProblem('['.repeat(100))).toContain('64 levels');
  });
});
