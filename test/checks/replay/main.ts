/** `npm run check:replay`: today's code carries every recorded payment as the code of its day did. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DefaultLogger, makeTelemetryFilterString, Runtime } from '@temporalio/worker';
import { seconds, step } from '../../../api/cli/progress.mjs';
import { bundleWorkflows } from '../../../activities/worker-process.ts';
import { type Cleanup, runCommand } from '../command.ts';
import { readOptions } from '../options.ts';
import { histories, payments, readHistory, readPayment, type Recorded } from './corpus.ts';
import { withOtherAmount, withSwappedEffects } from './planted.ts';
import { type Bundle, whatBreaks, whatMoneyDiffers } from './verdicts.ts';

const USAGE = `Usage: npm run check:replay -- [options]

Two verdicts on every payment that was ever recorded in test/replay/:
  deterministic  Temporal's replayer gets the same commands from today's workflows
  same money     today's charts make the same state, amounts and ledger of the same facts

  --prove   plants a change in each (two effects swapped in the workflows; one amount changed in
            each payment's facts), and expects that it is found
  --json    print the result as JSON (progress goes to standard error)
  --help    this

Exits with 1 when a verdict is wrong, 2 when it could not be checked.`;

const values = readOptions(USAGE, {
  prove: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});
const screen = values.json ? process.stderr : process.stdout;

type Result = {
  readonly histories: number;
  readonly payments: number;
  readonly problems: readonly string[];
};

async function check(bundle: Bundle): Promise<Result> {
  const problems: string[] = [];
  await step(
    'Deterministic',
    async (report) => {
      const all = histories().map((name) => ({ name, json: readHistory(name) }));
      for (const [name, broken] of await whatBreaks(all, bundle)) {
        if (broken !== null) problems.push(`${name}: ${broken}`);
      }
      report.doing(`${histories().length} histories`);
    },
    screen,
  );
  await step(
    'Same money',
    async (report) => {
      for (const name of payments()) {
        const differing = whatMoneyDiffers(readPayment(name));
        problems.push(...differing.map((each) => `${name}: ${each}`));
      }
      report.doing(`${payments().length} payments`);
    },
    screen,
  );
  return { histories: histories().length, payments: payments().length, problems };
}

/** Both verdicts have to be wrong of a change that was planted. */
async function prove(bundle: Bundle): Promise<Result> {
  const problems: string[] = [];
  const changed = histories().flatMap((name) => {
    const json = readHistory(name);
    return /"name": ?"(authorize|capture)Card"/.test(json) ? [{ name, json }] : [];
  });
  await step(
    'Two effects swapped in the workflows',
    async (report) => {
      for (const [name, broken] of await whatBreaks(changed, bundle)) {
        if (broken === null) problems.push(`${name}: the swapped effects were not found`);
      }
      report.doing(`found in ${changed.length} histories`);
    },
    screen,
  );
  const altered = payments().flatMap((name): { name: string; payment: Recorded }[] => {
    const payment = withOtherAmount(readPayment(name));
    return payment === null ? [] : [{ name, payment }];
  });
  await step(
    'An amount changed in the facts',
    async (report) => {
      for (const { name, payment } of altered) {
        if (whatMoneyDiffers(payment).length === 0)
          problems.push(`${name}: the changed amount was not found`);
      }
      report.doing(`found in ${altered.length} payments`);
    },
    screen,
  );
  if (changed.length === 0 || altered.length === 0) problems.push('nothing could be planted');
  return { histories: changed.length, payments: altered.length, problems };
}

async function main(cleanup: Cleanup): Promise<number> {
  const startedMs = performance.now();
  const dir = mkdtempSync(join(tmpdir(), 'holdfast-replay-'));
  cleanup(async () => rmSync(dir, { recursive: true, force: true }));
  const bundle = await step(
    values.prove ? 'Workflows with a planted change' : 'Workflows',
    async () => {
      const { code } = await bundleWorkflows();
      const codePath = join(dir, 'workflows.js');
      writeFileSync(codePath, values.prove ? withSwappedEffects(code) : code);
      return { codePath };
    },
    screen,
  );
  const result = values.prove ? await prove(bundle) : await check(bundle);
  const took = seconds(startedMs);
  const what = values.prove ? 'planted changes missed' : 'problems';
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...result, took })}\n`
      : `\n${result.problems.map((each) => `${each}\n`).join('')}` +
          `${result.histories} histories, ${result.payments} payments, ` +
          `${result.problems.length} ${what}, in ${took}\n`,
  );
  return result.problems.length === 0 ? 0 : 1;
}

Runtime.install({
  logger: new DefaultLogger('ERROR'),
  telemetryOptions: {
    logging: {
      filter: makeTelemetryFilterString({ core: 'ERROR', other: 'ERROR' }),
      forward: {},
    },
  },
  shutdownSignals: [],
});
await runCommand(main);
