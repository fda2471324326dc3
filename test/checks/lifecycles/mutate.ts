/** Breaks a family's chart in many ways, and counts what the check catches. */
import { checkFamily, LISTED } from './check.ts';
import type { AnyFamily } from './family.ts';
import type { Moves } from './moves.ts';
import { chartMutants, type Mutant } from './mutants.ts';
import { lifecycleMutants } from './mutants.lifecycle.ts';

/** Of all mutants together. */
export const CAUGHT_MIN = 0.95;

/** A broken chart catches every mutant. */
export class Unsound extends Error {
  constructor(family: string) {
    super(`The ${family} chart is broken itself: npm run check:lifecycles -- --family ${family}`);
  }
}

export type Outcome = {
  readonly kind: string;
  readonly what: string;
  /** The invariant that saw it first; null when none did. */
  readonly caughtBy: string | null;
  readonly detail: string | null;
};

export type Mutations = {
  readonly family: string;
  readonly seed: number;
  /** How many there are to draw from. */
  readonly drawnFrom: number;
  readonly mutants: number;
  readonly caught: number;
  /** Of them, by the list of legal and refused pairs alone. */
  readonly caughtByList: number;
  readonly survivors: readonly Outcome[];
  /** Drawn and not counted: in no configuration do they differ from the sound chart. */
  readonly same: readonly string[];
  readonly outcomes: readonly Outcome[];
  readonly ms: number;
};

export type MutateOptions = {
  readonly listed: Moves;
  readonly seed: number;
  readonly count: number;
  readonly tick?: (what: string) => void;
};

export function mutateFamily(family: AnyFamily, options: MutateOptions): Mutations {
  const { count, listed, seed, tick } = options;
  const startedMs = performance.now();
  const random = mulberry32(seed);
  const all = [...chartMutants(family, listed), ...lifecycleMutants(family, listed)];
  const sound = checkFamily(family, { listed, ...(tick === undefined ? {} : { tick }) });
  if (sound.report.violations.length > 0) throw new Unsound(family.lifecycle.name);
  const graphs = [...sound.graphs].toSorted(([, a], [, b]) => a.size - b.size);
  const outcomes: Outcome[] = [];
  const same: string[] = [];
  for (const mutant of inTurns(all, random)) {
    if (outcomes.length >= count) break;
    const { differs, family: broken, kind, what } = mutant;
    // Where it differs in no configuration it comes to what the sound chart comes to.
    const isTouched = ([, graph]: (typeof graphs)[number]): boolean =>
      [...graph.values()].some((each) => !each.isEdge && differs(each, graph));
    const touched = graphs.filter(isTouched);
    if (touched.length === 0) {
      same.push(`${kind}: ${what}`);
      continue;
    }
    const openings = touched.map(([name]) => name);
    const others = graphs.filter(([name]) => !openings.includes(name)).map(([, graph]) => graph);
    const terms = { listed, stopsAtFirst: true, openings, others };
    const [violation] = checkFamily(broken, terms).report.violations;
    outcomes.push({
      kind,
      what,
      caughtBy: violation?.invariant ?? null,
      detail: violation?.detail ?? null,
    });
    tick?.(`${family.lifecycle.name}: ${outcomes.length} of ${count} mutants`);
  }
  const survivors = outcomes.filter(({ caughtBy }) => caughtBy === null);
  return {
    family: family.lifecycle.name,
    seed,
    drawnFrom: all.length,
    mutants: outcomes.length,
    caught: outcomes.length - survivors.length,
    caughtByList: outcomes.filter(({ caughtBy }) => caughtBy === LISTED).length,
    survivors,
    same,
    outcomes,
    ms: Math.round(performance.now() - startedMs),
  };
}

/** One of each kind, then the next of each, in an order that the seed decides. */
function* inTurns(all: readonly Mutant[], random: () => number): Generator<Mutant> {
  const kinds = new Map<string, Mutant[]>();
  for (const mutant of all) kinds.set(mutant.kind, [...(kinds.get(mutant.kind) ?? []), mutant]);
  const piles = [...kinds.values()].map((pile) => shuffled(pile, random));
  for (let turn = 0; piles.some((pile) => turn < pile.length); turn += 1) {
    for (const pile of piles) {
      const mutant = pile[turn];
      if (mutant !== undefined) yield mutant;
    }
  }
}

function shuffled<T>(list: readonly T[], random: () => number): T[] {
  return list
    .map((each) => ({ each, order: random() }))
    .toSorted((a, b) => a.order - b.order)
    .map(({ each }) => each);
}

/** A small generator with a seed: https://github.com/bryc/code/blob/master/jshash/PRNGs.md */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
