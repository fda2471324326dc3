/** What the check found, for people. */
import type { Report, Violation } from './check.ts';
import { INVARIANTS } from './check.ts';
import { CAUGHT_MIN, type Mutations } from './mutate.ts';

const count = (n: number): string => n.toLocaleString('en-US');
const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;

export function describeReport(report: Report): string {
  const { violations } = report;
  return [
    `${report.family}: ${violations.length === 0 ? 'sound' : 'BROKEN'}  (${seconds(report.ms)})`,
    `  bounds          ${report.bounds}`,
    `  states          ${report.states}`,
    `  configurations  ${count(report.configurations)}`,
    `  transitions     ${count(report.transitions)}`,
    `  moves           ${report.moves} of ${report.edges} declared edges; ${report.spareEdges} of the others lead where the amounts never do`,
    `  refused pairs   ${count(report.refusedPairs)}, listed`,
    `  invariants      ${INVARIANTS.length}, looked at ${count(report.checks)} times`,
    `  violations      ${violations.length}`,
    ...violations.flatMap(describeViolation),
  ].join('\n');
}

const describeViolation = ({ detail, invariant, times, way }: Violation): string[] => [
  `  ✗ ${invariant}${times > 1 ? ` (${count(times)} times)` : ''}`,
  `      ${detail.replaceAll('\n', ' ')}`,
  ...(way.length === 0 ? [] : [`      after: ${way.join(' › ')}`]),
];

export function describeMutations(mutations: Mutations): string {
  const { caught, mutants, survivors } = mutations;
  return [
    `${mutations.family}: ${caught} of ${mutants} mutants caught, ${mutations.caughtByList} of them by the list of pairs alone  (${seconds(mutations.ms)})`,
    `  drawn from ${count(mutations.drawnFrom)} with seed ${mutations.seed}; ${mutations.same.length} more were drawn that differ in no configuration`,
    ...survivors.map(({ kind, what }) => `  survived: ${kind}, ${what}`),
  ].join('\n');
}

export function describeRate(all: readonly Mutations[]): string {
  const mutants = all.reduce((sum, each) => sum + each.mutants, 0);
  const caught = all.reduce((sum, each) => sum + each.caught, 0);
  const percent = ((100 * caught) / mutants).toFixed(1);
  return `${caught} of ${mutants} mutants caught: ${percent} %, at least ${100 * CAUGHT_MIN} % are asked for`;
}

export function isCaughtEnough(all: readonly Mutations[]): boolean {
  const mutants = all.reduce((sum, each) => sum + each.mutants, 0);
  return all.reduce((sum, each) => sum + each.caught, 0) >= CAUGHT_MIN * mutants;
}
