/**
 * Every pair of a state and an event: where it leads, or that it is refused in every configuration.
 * Kept in `moves/<family>.json`, so that a newly legal or newly refused pair is read in review.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { toDirectedGraph } from 'xstate/graph';
import type { Exploration } from './explore.ts';
import { type AnyFamily, insideOf } from './family.ts';

/** State → event → the states that it leads to; and what is refused there. */
export type Moves = Readonly<
  Record<string, { readonly legal: Readonly<Record<string, string>>; readonly refused: string }>
>;

export class MovesSeen {
  private readonly seen = new Map<string, Map<string, Set<string>>>();

  add(graph: Exploration): void {
    for (const { moment, moves } of graph.values()) {
      const from = insideOf(moment.state).value;
      const ofState = this.seen.get(from) ?? new Map<string, Set<string>>();
      this.seen.set(from, ofState);
      for (const { event, to } of moves) {
        const targets = ofState.get(event.type) ?? new Set<string>();
        ofState.set(event.type, targets.add(to.split(' ')[0] ?? to));
      }
    }
  }

  has = (from: string, type: string, to: string): boolean =>
    this.seen.get(from)?.get(type)?.has(to) === true;

  isMet = (state: string): boolean => this.seen.has(state);

  get count(): number {
    return [...this.seen.values()]
      .flatMap((ofState) => [...ofState.values()])
      .reduce((sum, targets) => sum + targets.size, 0);
  }

  table(family: AnyFamily): Moves {
    const types = Object.keys(family.alphabet).toSorted();
    return Object.fromEntries(
      Object.keys(family.machine.states).map((state) => {
        const ofState = this.seen.get(state);
        const legal = types.flatMap((type) => {
          const targets = ofState?.get(type);
          return targets === undefined ? [] : [[type, [...targets].toSorted().join(', ')]];
        });
        const refused = types.filter((type) => ofState?.get(type) === undefined).join(', ');
        return [state, { legal: Object.fromEntries(legal) as Record<string, string>, refused }];
      }),
    );
  }
}

/** What differs between two tables, for people. */
export function differences(listed: Moves, seen: Moves): string[] {
  return [...new Set([...Object.keys(listed), ...Object.keys(seen)])].flatMap((state) => {
    const [was, is] = [listed[state]?.legal ?? {}, seen[state]?.legal ?? {}];
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((type) =>
      was[type] === is[type]
        ? []
        : [`${state} --${type}--> ${is[type] ?? 'refused'}, listed: ${was[type] ?? 'refused'}`],
    );
  });
}

const fileOf = (family: AnyFamily): URL =>
  new URL(`moves/${family.lifecycle.name}.json`, import.meta.url);

export function readMoves(family: AnyFamily): Moves {
  return JSON.parse(readFileSync(fileOf(family), 'utf8')) as Moves;
}

export function writeMoves(family: AnyFamily, moves: Moves): void {
  writeFileSync(fileOf(family), `${JSON.stringify(moves, null, 2)}\n`);
}

export type Edge = {
  readonly from: string;
  readonly type: string;
  readonly to: string;
  readonly guard: string | null;
};

/** The edges that the chart declares, by `toDirectedGraph` of `xstate/graph`. */
export function declaredEdges(family: AnyFamily): Edge[] {
  return toDirectedGraph(family.machine).children.flatMap(({ edges }) =>
    edges.map(({ source, target, transition }) => ({
      from: source.key,
      type: transition.eventType,
      to: target.key,
      guard: guardName(transition.guard),
    })),
  );
}

function guardName(guard: unknown): string | null {
  if (typeof guard === 'string') return guard;
  return guard !== null && typeof guard === 'object' && 'type' in guard ? String(guard.type) : null;
}

/** These lead wherever the amounts put the payment, and are declared for more places than there are
 *  ways: of such an event one taken edge is enough. */
const BY_AMOUNTS: ReadonlySet<string | null> = new Set(['restsAt', 'leadsTo']);

/** Declared edges that are never taken and have no reason. */
export function untakenEdges(family: AnyFamily, seen: MovesSeen): { bare: Edge[]; spare: number } {
  const edges = declaredEdges(family);
  const untaken = edges.filter(({ from, to, type }) => !seen.has(from, type, to));
  const excused = (edge: Edge): boolean =>
    Object.keys(family.untaken).some((pattern) =>
      new RegExp(`^${pattern}$`).test(`${edge.from} ${edge.type}`),
    );
  const isSpare = (edge: Edge): boolean =>
    BY_AMOUNTS.has(edge.guard) &&
    edges.some(
      ({ from, to, type }) => from === edge.from && type === edge.type && seen.has(from, type, to),
    );
  return {
    bare: untaken.filter((edge) => !isSpare(edge) && !excused(edge)),
    spare: untaken.filter(isSpare).length,
  };
}
