import { describe, expect, it } from 'vitest';
import { SEARCH_ATTRIBUTES } from '../../../api/cli/dev/search-attributes.ts';
import * as contracts from '../../../workflows/search-attributes.ts';

describe('the search attributes of the development server', () => {
  it('are exactly those that workflows set', () => {
    const set = contracts.SEARCH_ATTRIBUTES.map(({ name, type }) => [name, type]);
    const registered = Object.entries(SEARCH_ATTRIBUTES).map(([name, type]) => [
      name,
      type.toUpperCase(),
    ]);
    expect(Object.fromEntries(registered)).toEqual(Object.fromEntries(set));
  });
});
