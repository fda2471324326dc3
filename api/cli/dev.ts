/**
 * The development stack of this checkout: Postgres, Temporal, simulators, worker and API as
 * processes of their own. It starts programs and imports no layer of the product. `npm start` runs
 * it through `start.mjs`.
 */
import { fileURLToPath } from 'node:url';
import { readSettings } from './dev/env.ts';
import { runStack } from './dev/run-stack.ts';
import { listenForStop } from './dev/stop-requests.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

async function main(): Promise<number> {
  const settings = readSettings(process.argv.slice(2));
  return runStack({
    root,
    settings,
    out: process.stdout,
    scripts: {
      simulators: 'api/cli/simulators.ts',
      bootstrap: 'api/cli/bootstrap.ts',
      worker: 'activities/worker.ts',
      api: 'api/server.ts',
      demo: 'api/cli/demo.ts',
    },
    ...listenForStop(),
  });
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : String(error)}\n`);
    process.exit(1);
  },
);
