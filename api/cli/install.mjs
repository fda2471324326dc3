/**
 * Makes sure that this checkout can run: a Node that is new enough and the packages of
 * `package-lock.json`. Shared by `npm start` and `npm test`, so it uses nothing but Node itself.
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { step } from './progress.mjs';

export const root = fileURLToPath(new URL('../..', import.meta.url));

const lockFile = join(root, 'package-lock.json');
const stampFile = join(root, 'node_modules', '.holdfast-lock');
const MESSAGE_LINES_MAX = 20;
const readJson = (file) => JSON.parse(readFileSync(file, 'utf8'));

/** Throws with a sentence for the person at the terminal when Node is older than `engines.node`. */
export function checkNode(running = process.versions.node) {
  const wanted = /\d+\.\d+/.exec(readJson(join(root, 'package.json')).engines.node)[0];
  const [major, minor] = running.split('.').map(Number);
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  throw new Error(
    `Holdfast needs Node ${wanted} or newer; this is Node ${running}. See https://nodejs.org/en/download`,
  );
}

/** Installs what `package-lock.json` says unless exactly that is installed already. */
export async function ensureInstalled() {
  const wanted = createHash('sha256').update(readFileSync(lockFile)).digest('hex');
  if (existsSync(stampFile) && readFileSync(stampFile, 'utf8') === wanted) return;
  if (!isInstalled()) await step('Installing packages', install);
  writeFileSync(stampFile, wanted);
}

/**
 * npm's own list of what it put into node_modules: someone who ran `npm install` need not wait for
 * it again.
 */
function isInstalled() {
  const listFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(listFile)) return false;
  const installed = readJson(listFile).packages;
  return Object.entries(readJson(lockFile).packages).every(([path, wanted]) => {
    if (path === '') return true;
    const found = installed[path];
    if (found === undefined) return wanted.optional === true;
    return found.version === wanted.version && existsSync(join(root, path));
  });
}

/**
 * `npm ci` also wants the packages of other platforms in the lock file, and refuses one that was
 * written where the registry did not have them all. `npm install --no-save` takes the same versions
 * and does without those.
 */
async function install(report) {
  // Also under `npm test --silent`, whose silence npm passes on: what it says decides what follows.
  const flags = ['--no-audit', '--no-fund', '--loglevel=error'];
  const clean = await npm(['ci', ...flags]);
  if (clean.code === 0) return;
  if (/in sync|from lock file/.test(clean.output)) {
    report.note('npm ci misses optional packages of other platforms; npm install does without');
    report.doing('npm install');
    const lenient = await npm(['install', '--no-save', ...flags]);
    if (lenient.code === 0) return;
    throw failed(lenient);
  }
  throw failed(clean);
}

/** npm says what is wrong first, and then how it is used. */
const failed = ({ output, code }) =>
  new Error(
    `${output.trim().split('\n').slice(0, MESSAGE_LINES_MAX).join('\n')}\n\n` +
      `The packages could not be installed (npm, exit code ${code}), so nothing was started.\n` +
      'Check the network and the registry (npm config get registry), then run the same command again.',
  );

function npm(args) {
  return new Promise((resolve, reject) => {
    const child = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    const keep = (chunk) => {
      output += chunk;
    };
    child.stdout.on('data', keep);
    child.stderr.on('data', keep);
    child.on('error', (error) => reject(new Error(`npm could not be run: ${error.message}`)));
    child.on('close', (code) => resolve({ code, output }));
  });
}
