/**
 * `npm start`: sets up what is missing, then hands over to `dev.ts`. Plain JavaScript and no
 * dependency, because on the first run nothing is installed.
 */
import { spawn } from 'node:child_process';
import { checkNode, ensureInstalled, root } from './install.mjs';

const HELP = `npm start: Holdfast on this machine, with everything that it needs.

  npm start                  Postgres, Temporal, simulators, worker, API and a short demo
  npm start -- --no-demo     the same without the demo
  npm start -- --help        this text

Ctrl-C stops everything in order, a second one at once. Data stays in .holdfast/ and is there at the
next start; delete the folder to begin afresh. Logs are in .holdfast/logs/, addresses and keys in
.holdfast/stack.json.

Environment
  DATABASE_URL               use this Postgres (14 or newer) instead of starting one
  TEMPORAL_ADDRESS           use this Temporal (host:port) instead of starting one
  TEMPORAL_NAMESPACE         namespace to work in (default: default)
  TEMPORAL_UI_URL            address of that Temporal's UI, if it has one
  HOST                       address that API and simulators listen on (127.0.0.1)
  PORT                       API (8080)
  TEMPORAL_PORT              Temporal (7233)
  TEMPORAL_UI_PORT           Temporal UI (8233)
  POSTGRES_PORT              Postgres (5433)
  STRIPE_SIMULATOR_PORT      Stripe simulator (4010)
  INFINITEPAY_SIMULATOR_PORT InfinitePay simulator (4011)
  APRUVE_SIMULATOR_PORT      Apruve simulator (4012)
  HOLDFAST_PUBLIC_URL        address under which others reach the API
  HOLDFAST_SECRET_KEY        32 bytes in base64 that encrypt credentials (default: made once, kept)
  HOLDFAST_CACHE_DIR         where the Temporal server is kept (~/.cache/holdfast)

A default port that is taken is replaced by a free one, and npm start says so; a port that you set
must be free.
`;

async function main() {
  const args = process.argv.slice(2);
  if (args.includes('--help') || args.includes('-h')) {
    process.stdout.write(HELP);
    return 0;
  }
  checkNode();
  await ensureInstalled();
  return runDev(args);
}

/**
 * The stack runs in a process group of its own: Ctrl-C reaches only this process, which passes it
 * on. The IPC channel carries no message; that it closes tells dev.ts that this process is gone,
 * however it went.
 */
function runDev(args) {
  return new Promise((resolve, reject) => {
    const dev = spawn(process.execPath, ['--import', 'tsx', 'api/cli/dev.ts', ...args], {
      cwd: root,
      stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
      detached: true,
    });
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
      process.on(signal, () => dev.kill(signal === 'SIGHUP' ? 'SIGTERM' : signal));
    }
    dev.on('error', reject);
    dev.on('exit', (code, signal) => {
      if (signal !== null) process.stderr.write(`The development stack was ended by ${signal}.\n`);
      resolve(code ?? 1);
    });
  });
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : error}\n`);
    process.exit(1);
  },
);
