/** Explores one family with every setting, and says what is wrong. */
import { type Exploration, explore, type Watcher } from './explore.ts';
import type { AnyFamily } from './family.ts';
import { OF_CONFIGURATIONS, OF_TRANSITIONS } from './invariants.ts';
import { OF_GRAPHS } from './journeys.ts';
import { differences, declaredEdges, type Moves, MovesSeen, untakenEdges } from './moves.ts';

const BREAKS = 'no legal or illegal event breaks the chart';
const TAKEN = 'every declared edge is taken, or says why not';
const REACHED = 'every state is reached';
const FINITE = 'within the bounds there are finitely many configurations';
export const LISTED = 'every legal and every refused pair is as listed';

export const INVARIANTS: readonly string[] = [
  ...Object.keys(OF_CONFIGURATIONS),
  ...Object.keys(OF_TRANSITIONS),
  ...Object.keys(OF_GRAPHS),
  BREAKS,
  FINITE,
  REACHED,
  TAKEN,
  LISTED,
];

export type Violation = {
  readonly invariant: string;
  readonly times: number;
  /** Of the first one. */
  readonly detail: string;
  /** Which setting, and the events that lead there. */
  readonly way: readonly string[];
};

export type Report = {
  readonly family: string;
  readonly states: number;
  readonly configurations: number;
  readonly transitions: number;
  readonly moves: number;
  readonly edges: number;
  readonly spareEdges: number;
  readonly refusedPairs: number;
  readonly checks: number;
  readonly bounds: string;
  readonly violations: readonly Violation[];
  readonly ms: number;
};

/** Far more than any setting has. */
const MET_MAX = 60_000;

/** The first violation is enough: thrown by a check that was told to stop. */
class Stopped extends Error {}

class Violations {
  readonly found = new Map<string, Violation>();
  checks = 0;
  private readonly stopsAtFirst: boolean;

  constructor(stopsAtFirst: boolean) {
    this.stopsAtFirst = stopsAtFirst;
  }

  add(invariant: string, detail: string, way: () => readonly string[]): void {
    const known = this.found.get(invariant);
    this.found.set(
      invariant,
      known === undefined
        ? { invariant, times: 1, detail, way: way() }
        : { ...known, times: known.times + 1 },
    );
    if (this.stopsAtFirst) throw new Stopped();
  }

  /** `test` answers with what is wrong; that it throws is wrong, too. */
  check(invariant: string, way: () => readonly string[], test: () => string | null): void {
    this.checks += 1;
    let detail: string | null;
    try {
      detail = test();
    } catch (error) {
      detail = error instanceof Error ? error.message : String(error);
    }
    if (detail !== null) this.add(invariant, detail, way);
  }
}

export type Options = {
  /** What is compared with; null leaves that out. */
  readonly listed: Moves | null;
  readonly stopsAtFirst?: boolean;
  /** Only these of the family's settings, in this order. */
  readonly openings?: readonly string[];
  /** What the other settings are known to come to; absent when they are left out. */
  readonly others?: readonly Exploration[];
  readonly tick?: (what: string) => void;
};

export type Checked = {
  readonly report: Report;
  readonly moves: Moves;
  /** By setting. */
  readonly graphs: ReadonlyMap<string, Exploration>;
};

export function checkFamily(family: AnyFamily, options: Options): Checked {
  const startedMs = performance.now();
  const violations = new Violations(options.stopsAtFirst === true);
  const seen = new MovesSeen();
  const graphs = new Map<string, Exploration>();
  for (const graph of options.others ?? []) seen.add(graph);
  const counts = { configurations: 0, transitions: 0 };
  try {
    for (const name of options.openings ?? Object.keys(family.inputs)) {
      const graph = checkOpening(family, name, violations, options.tick);
      seen.add(graph);
      graphs.set(name, graph);
      counts.configurations += graph.size;
      counts.transitions += [...graph.values()].reduce((sum, { moves }) => sum + moves.length, 0);
    }
    const isWhole = options.openings === undefined || options.others !== undefined;
    if (isWhole) checkWhole(family, seen, options.listed, violations);
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  const moves = seen.table(family);
  const report: Report = {
    family: family.lifecycle.name,
    states: Object.keys(family.machine.states).length,
    ...counts,
    moves: seen.count,
    edges: declaredEdges(family).length,
    spareEdges: untakenEdges(family, seen).spare,
    refusedPairs: Object.values(moves).reduce(
      (sum, { refused }) => sum + (refused === '' ? 0 : refused.split(', ').length),
      0,
    ),
    checks: violations.checks,
    bounds: family.bounds,
    violations: [...violations.found.values()],
    ms: Math.round(performance.now() - startedMs),
  };
  return { report, moves, graphs };
}

function checkOpening(
  family: AnyFamily,
  name: string,
  violations: Violations,
  tick: Options['tick'],
): Exploration {
  const opening = family.inputs[name];
  if (opening === undefined) throw new Error(`no setting ${name}`);
  let met = 0;
  const watcher: Watcher = {
    step: (step, way) => {
      const told = (): readonly string[] => [name, ...way(), step.event.type];
      for (const [invariant, test] of Object.entries(OF_TRANSITIONS)) {
        violations.check(invariant, told, () => test(family, step));
      }
    },
    meet: (moment, way) => {
      met += 1;
      violations.check(FINITE, way, () => (met > MET_MAX ? `more than ${MET_MAX}` : null));
      if (met > MET_MAX) throw new Stopped();
      for (const [invariant, test] of Object.entries(OF_CONFIGURATIONS)) {
        violations.check(
          invariant,
          () => [name, ...way()],
          () => test(family, moment),
        );
      }
    },
    broke: (_before, event, error, way) => {
      const detail = error instanceof Error ? error.message : String(error);
      violations.add(BREAKS, detail, () => [name, ...way(), event.type]);
    },
  };
  const tell = (size: number): void => tick?.(`${family.lifecycle.name} (${name}): ${size}`);
  const { graph, wayTo } = explore(family, opening, watcher, tell);
  for (const [invariant, test] of Object.entries(OF_GRAPHS)) {
    violations.checks += graph.size;
    for (const { key, detail } of test(family, graph)) {
      violations.add(invariant, detail, () => [name, ...wayTo(key)]);
    }
  }
  return graph;
}

function checkWhole(
  family: AnyFamily,
  seen: MovesSeen,
  listed: Moves | null,
  violations: Violations,
): void {
  const table = seen.table(family);
  for (const state of Object.keys(family.machine.states)) {
    violations.check(
      REACHED,
      () => [],
      () => (seen.isMet(state) ? null : state),
    );
  }
  for (const { from, to, type } of untakenEdges(family, seen).bare) {
    violations.add(TAKEN, `${from} --${type}--> ${to}`, () => []);
  }
  if (listed === null) return;
  for (const difference of differences(listed, table)) {
    violations.add(LISTED, difference, () => []);
  }
}
