/** `npm run check:lifecycles`: every chart, in every configuration that it can come to. */
import { parseArgs } from 'node:util';
import { checkFamily } from './check.ts';
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
caught, 2 when it was asked for what there is not.`;

class Usage extends Error {}

const OPTIONS = {
  family: { type: 'string' },
  mutate: { type: 'boolean', default: false },
  mutants: { type: 'string', default: '24' },
  seed: { type: 'string', default: '1' },
  write: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  help: { type: 'boolean', default: false },
} as const;

function options(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS }).values;
  } catch (error) {
    throw new Usage(error instanceof Error ? error.message : String(error));
  }
}

function chosen(name: string | undefined): readonly AnyFamily[] {
  if (name === undefined) return FAMILIES;
  const found = FAMILIES.filter(({ lifecycle }) => lifecycle.name === name);
  if (found.length === 0) throw new Usage(`There is no family ${name}.`);
  return found;
}

function whole(text: string, option: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new Usage(`--${option} takes a whole number.`);
  return Number(text);
}

const say = (text: string): void => void process.stdout.write(`${text}\n`);
/** Progress, apart from the result. */
const tick = (what: string): void => void process.stderr.write(`… ${what}\n`);

function main(args: readonly string[]): number {
  const { family, help, json, mutants, mutate, seed, write } = options(args);
  if (help) {
    say(HELP);
    return 0;
  }
  const families = chosen(family);
  if (mutate) {
    const terms = { seed: whole(seed, 'seed'), count: whole(mutants, 'mutants'), tick };
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

try {
  process.exitCode = main(process.argv.slice(2));
} catch (error) {
  const isUsage = error instanceof Usage;
  const isKnown = error instanceof Unsound;
  const text = error instanceof Error ? (isKnown ? error.message : error.stack) : String(error);
  process.stderr.write(isUsage ? `${error.message}\n\n${HELP}\n` : `${text}\n`);
  process.exitCode = isUsage ? 2 : 1;
}
