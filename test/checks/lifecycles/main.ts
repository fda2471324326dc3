/** `npm run check:lifecycles`: every chart, in every configuration that it can come to. */
import { checkFamily } from './check.ts';
import { misused, readOptions, wholeNumber } from '../options.ts';
import { FAMILIES } from './families.ts';
import type { AnyFamily } from './family.ts';
import { readMoves, writeMoves } from './moves.ts';
import { mutateFamily, Unsound } from './mutate.ts';
import { describeMutations, describeRate, describeReport, isCaughtEnough } from './report.ts';

const HELP = `npm run check:lifecycles -- [options]

Explores every configuration of each lifecycle's chart with small amounts, and checks what has to
hold of every payment: amounts, ledger, one operation in flight, dates, doubts, ends.

  --family <name>   only this one: ${FAMILIES.map((each) => each.lifecycle.name).join(', ')}
  --mutate          break each chart in many ways, and count what is caught
  --mutants <n>     how many ways for each chart; 24 unless told otherwise
  --seed <n>        which of them are drawn; 1 unless told otherwise
  --write           write the list of legal and refused pairs anew, to be read in review
  --json            machine-readable, on standard output
  --help            this text

Exit code: 0 when all holds, 1 when something does not or fewer than 95 % of the mutants are
caught, 2 when it could not be checked.`;

const values = readOptions(HELP, {
  family: { type: 'string' },
  mutate: { type: 'boolean', default: false },
  mutants: { type: 'string', default: '24' },
  seed: { type: 'string', default: '1' },
  write: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
});

function chosen(name: string | undefined): readonly AnyFamily[] {
  if (name === undefined) return FAMILIES;
  const found = FAMILIES.filter(({ lifecycle }) => lifecycle.name === name);
  return found.length > 0 ? found : misused(`There is no family ${name}.`, HELP);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** Progress, apart from the result. */
const tick = (what: string): void => void process.stderr.write(`… ${what}\n`);

function main(): number {
  const { family, json, mutate, write } = values;
  const families = chosen(family);
  if (mutate) {
    const seed = wholeNumber(HELP, 'seed', values.seed, { min: 0, max: 999_999_999 });
    const count = wholeNumber(HELP, 'mutants', values.mutants, { min: 1, max: 10_000 });
    const terms = { seed, count, tick };
    return runMutations(families, terms, json);
  }
  const reports = families.map((each) => {
    const { moves, report } = checkFamily(each, { listed: write ? null : readMoves(each), tick });
    if (write) writeMoves(each, moves);
    if (!json) say(`${describeReport(report)}\n`);
    return report;
  });
  const violations = reports.reduce((sum, report) => sum + report.violations.length, 0);
  if (json) say(JSON.stringify({ ok: violations === 0, reports }, null, 2));
  else say(violations === 0 ? 'All holds.' : `${violations} invariants are violated.`);
  return violations === 0 ? 0 : 1;
}

function runMutations(
  families: readonly AnyFamily[],
  terms: { readonly seed: number; readonly count: number; readonly tick: (what: string) => void },
  json: boolean,
): number {
  const all = families.map((each) => {
    const mutations = mutateFamily(each, { listed: readMoves(each), ...terms });
    if (!json) say(`${describeMutations(mutations)}\n`);
    return mutations;
  });
  const ok = isCaughtEnough(all);
  say(json ? JSON.stringify({ ok, mutations: all }, null, 2) : describeRate(all));
  return ok ? 0 : 1;
}

// Nothing of it waits, so an interruption simply ends it.
try {
  process.exitCode = main();
} catch (error) {
  const isKnown = error instanceof Unsound;
  const text = error instanceof Error ? (isKnown ? error.message : error.stack) : String(error);
  process.stderr.write(`${text}\n`);
  process.exitCode = 2;
}
