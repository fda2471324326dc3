/** `npm run storm`: many payments, everything that can go wrong, and whether the money is right. */
import { randomInt } from 'node:crypto';
import { say } from '../../../api/cli/progress.mjs';
import { runCommand } from '../command.ts';
import { readOptions, wholeNumber } from '../options.ts';
import { type Result, runStorm } from './storm.ts';

const USAGE = `Usage: npm run storm -- [options]

Starts the whole stack with simulated providers, carries mixed payments through it while requests
are doubled, providers fail, workers and the API are killed, and Postgres and Temporal restart; then
compares our books with the simulators' ledgers.

  --payments N     how many                                        200
  --seed S         whatever is drawn is drawn from it              by chance, and printed
  --concurrency C  payments that are carried at once               24
  --json           print the result as JSON (progress goes to standard error)
  --help           this

Exits with 0 when every guarantee held, 1 when one was broken or something that was to be injected
never was, 2 when the storm could not be made.`;

const SEED_MAX = 2 ** 32 - 1;
const values = readOptions(USAGE, {
  payments: { type: 'string', default: '200' },
  seed: { type: 'string' },
  concurrency: { type: 'string', default: '24' },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});
const payments = wholeNumber(USAGE, 'payments', values.payments, { min: 1, max: 100_000 });
const concurrency = wholeNumber(USAGE, 'concurrency', values.concurrency, { min: 1, max: 500 });
const seed =
  values.seed === undefined
    ? randomInt(2 ** 31)
    : wholeNumber(USAGE, 'seed', values.seed, { min: 0, max: SEED_MAX });

function table(result: Result): string {
  const { seconds, statuses } = result;
  const rows = Object.entries(statuses).flatMap(([family, counts]) =>
    Object.entries(counts)
      .toSorted(([, a], [, b]) => b - a)
      .map(([status, count]) => `  ${family.padEnd(11)}${status.padEnd(22)}${count}`),
  );
  const injected = Object.entries(result.injected).map(
    ([kind, count]) => `  ${kind.padEnd(33)}${count}`,
  );
  return [
    '',
    `${result.payments} payments, seed ${result.seed}: ${result.paymentsPerSecond} a second, ` +
      `${seconds.storm} s of storm, ${seconds.settling} s until all was calm`,
    '',
    'How they ended',
    ...rows,
    '',
    'What was done to them',
    ...injected,
    '',
    `${result.acknowledged} requests acknowledged, ${result.refused} refused, ` +
      `${result.unanswered} without an answer; ${result.rechecked} parked payments rechecked, ` +
      `${result.redelivered} messages told again by hand, ` +
      `${result.inDoubt} still in doubt at the provider`,
    `API started ${result.processStarts['api']} times, workers ${result.processStarts['workers']} times`,
  ].join('\n');
}

await runCommand(async (cleanup) => {
  const screen = values.json ? process.stderr : process.stdout;
  const again = `The same again: npm run storm -- --payments ${payments} --seed ${seed}`;
  const options = { payments, seed, concurrency, screen, cleanup };
  const result = await runStorm(options).catch((error: unknown) => {
    say(again, screen);
    throw error;
  });
  say(table(result), screen);
  if (values.json) process.stdout.write(`${JSON.stringify(result)}\n`);
  if (result.problems.length === 0) {
    say('\nEvery guarantee held.', screen);
    return 0;
  }
  say(`\n${result.problems.length} problems:\n\n${result.problems.join('\n\n')}`, screen);
  say(`\n${again}`, screen);
  return 1;
});
