import { afterEach } from 'vitest';
import { assertBooks } from './books.ts';
import { openPools } from './holdfast.ts';

/** Money never leaves the row that it belongs to: checked after every test. */
afterEach(async () => {
  for (const pool of openPools) await assertBooks(pool);
});
