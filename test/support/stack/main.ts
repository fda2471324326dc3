/**
 * The development stack with stand-ins for the product's processes: `main.ts <root> [arguments of
 * npm start]`.
 */
import { fileURLToPath } from 'node:url';
import { readSettings } from '../../../api/cli/dev/env.ts';
import { runStack } from '../../../api/cli/dev/run-stack.ts';
import { listenForStop } from '../../../api/cli/dev/stop-requests.ts';

const script = (name: string) => fileURLToPath(new URL(`./fake-${name}.ts`, import.meta.url));
const [root = '', ...args] = process.argv.slice(2);

process.exitCode = await runStack({
  root,
  settings: readSettings(args),
  out: process.stdout,
  scripts: {
    simulators: script('simulators'),
    bootstrap: script('bootstrap'),
    worker: script('worker'),
    api: script('api'),
    demo: script('demo'),
  },
  ...listenForStop(),
});
