import { describe, expect, it } from 'vitest';
import { pageOf } from '../../api/payments/cursor.ts';

const cursorOf = (last: string): string => `after ${last}`;

describe('a page of a list', () => {
  it.each([
    ['nothing', [], [], null],
    ['less than it holds', ['a'], ['a'], null],
    ['as much as it holds', ['a', 'b'], ['a', 'b'], null],
    ['one more than it holds', ['a', 'b', 'c'], ['a', 'b'], 'after b'],
  ])('of %s ends where it says', (_what, found, page, nextCursor) => {
    expect(pageOf<string>(found, 2, cursorOf)).toEqual({ page, nextCursor });
  });
});
