/**
 * `npm test`: every check of the project, each with its output, all of them even when one fails.
 * The last line is the count. `--verify` leaves out what needs Postgres and Temporal. Plain
 * JavaScript, because it installs what is missing.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkNode, ensureInstalled, root } from '../api/cli/install.mjs';
import { seconds } from '../api/cli/progress.mjs';

const npmRun = (script) => ['npm', ['run', '--silent', script]];
const tsx = (...args) => [process.execPath, ['--import', 'tsx', ...args]];

/** Each counts as one passed or failed. */
const CHECKS = [
  ['format', npmRun('format:check')],
  ['lint', npmRun('lint')],
  ['types', npmRun('types')],
  ['boundaries', npmRun('boundaries')],
  ['dead code', npmRun('dead')],
  ['diagrams fresh', tsx('docs/diagrams/draw.ts', '--check')],
  ['doc references', tsx('docs/check-references.ts')],
];

/** Vitest's own counts are added up. */
const SUITES = [
  ['unit tests', 'unit'],
  ['integration and end-to-end tests', 'integration'],
];

const heading = (name) => process.stdout.write(`\n── ${name} ${'─'.repeat(70 - name.length)}\n`);

async function main() {
  checkNode();
  await ensureInstalled();
  const results = [];
  for (const [name, command] of CHECKS) results.push(await runCheck(name, command));
  const suites = process.argv.includes('--verify') ? SUITES.slice(0, 1) : SUITES;
  for (const [name, project] of suites) results.push(await runSuite(name, project));
  return summarize(results);
}

async function runCheck(name, [command, args]) {
  const startedMs = performance.now();
  heading(name);
  const code = await run(command, args);
  const passed = code === 0 ? 1 : 0;
  return { name, passed, failed: 1 - passed, skipped: 0, took: seconds(startedMs) };
}

async function runSuite(name, project) {
  const startedMs = performance.now();
  heading(name);
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-run-'));
  const file = join(dir, 'result.json');
  const reporters = ['--reporter=default', '--reporter=json', `--outputFile.json=${file}`];
  const vitest = join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const args = [vitest, 'run', '--project', project, ...reporters];
  const code = await run(process.execPath, args);
  const counts = countTests(file, code);
  rmSync(dir, { recursive: true, force: true });
  return { name, ...counts, took: seconds(startedMs) };
}

/** A test file that did not load, a run that broke and a run without a test are failures too. */
function countTests(file, code) {
  try {
    const result = JSON.parse(readFileSync(file, 'utf8'));
    const passed = result.numPassedTests;
    const skipped = result.numPendingTests + result.numTodoTests;
    const broken = result.testResults.filter(
      ({ status, assertionResults }) =>
        status === 'failed' && !assertionResults.some((test) => test.status === 'failed'),
    ).length;
    const failed = result.numFailedTests + broken;
    const unexplained = failed === 0 && (code !== 0 || passed === 0) ? 1 : 0;
    return { passed, failed: failed + unexplained, skipped };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

let current = null;
let interrupted = false;

function run(command, args) {
  return new Promise((resolve) => {
    if (interrupted) return resolve(1);
    current = spawn(command, args, { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] });
    current.on('error', (error) => {
      process.stderr.write(`${command} could not be run: ${error.message}\n`);
      resolve(1);
    });
    return current.on('exit', (code) => resolve(code ?? 1));
  });
}

function summarize(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0);
  const [passed, failed, skipped] = [sum('passed'), sum('failed'), sum('skipped')];
  heading('summary');
  for (const result of results) {
    const mark = result.failed === 0 ? '✓' : '✗';
    const counts = `${result.passed} passed, ${result.failed} failed`;
    process.stdout.write(`${mark} ${result.name.padEnd(34)}${counts.padEnd(26)}${result.took}\n`);
  }
  const skips = skipped > 0 ? `, ${skipped} skipped` : '';
  process.stdout.write(`\n${passed} passed, ${failed} failed${skips}\n`);
  return failed === 0 && passed > 0 && !interrupted ? 0 : 1;
}

// The terminal signals the running check as well; vitest needs the time to stop its servers.
for (const signal of ['SIGINT', 'SIGTERM']) {
  process.on(signal, () => {
    interrupted = true;
    current?.kill(signal);
  });
}

main().then(
  (code) => process.exit(code),
  (error) => {
    process.stderr.write(`\n${error instanceof Error ? error.message : error}\n`);
    process.stdout.write('\n0 passed, 1 failed\n');
    process.exit(1);
  },
);
