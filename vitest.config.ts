/**
 * Two projects: what is pure and takes milliseconds, and what needs a real Postgres and a real
 * Temporal.
 */
import { defineConfig } from 'vitest/config';

const SLOW = ['test/**/*.int.test.ts', 'test/**/*.e2e.test.ts'];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts'],
          exclude: SLOW,
        },
      },
      {
        test: {
          name: 'integration',
          include: SLOW,
          globalSetup: 'test/support/global-setup.ts',
          setupFiles: 'test/support/after-each.ts',
          pool: 'forks',
          maxWorkers: 3,
          testTimeout: 60_000,
          hookTimeout: 120_000,
        },
      },
    ],
  },
});
