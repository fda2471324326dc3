/**
 * Every configuration that a payment can come to, by `getAdjacencyMap` of `xstate/graph`. What it
 * walks is not the bare machine but the lifecycle's own door, `applyEvent`, so that a refused event
 * is `null` here as it is for the driver and the journal. Breadth first: the way to each
 * configuration is a shortest one.
 */
import type { ActorLogic, EventObject, Snapshot } from 'xstate';
import { getAdjacencyMap } from 'xstate/graph';
import type { AnyState } from '../../../machines/lifecycles.ts';
import type { LifecycleEvent } from '../../../machines/shared/lifecycle.ts';
import { keyOf, type Moment } from './configuration.ts';
import { type AnyFamily, insideOf, type Opening } from './family.ts';

export type Step = {
  readonly before: Moment;
  readonly event: LifecycleEvent;
  readonly after: Moment;
  /** Ids of the operations that were begun on the way to `before`. */
  readonly begun: ReadonlySet<string>;
};
export type Move = {
  readonly event: LifecycleEvent;
  /** Of the configuration that it leads to. */
  readonly to: string;
};
export type Configuration = {
  readonly key: string;
  readonly moment: Moment;
  readonly moves: readonly Move[];
  /** Beyond the bounds: not gone on from. */
  readonly isEdge: boolean;
};
export type Exploration = ReadonlyMap<string, Configuration>;

export type Watcher = {
  /** A configuration that was not met before. */
  meet(moment: Moment, way: () => readonly string[]): void;
  /** A legal transition; a refused event is not told. */
  step(step: Step, way: () => readonly string[]): void;
  /** `applyEvent` threw. */
  broke(before: Moment, event: LifecycleEvent, error: unknown, way: () => readonly string[]): void;
};

/** XState looks for an edge by its event's name before anything else, so an event without one is
 *  tried in so many configurations of its state only. */
const TRIED_WITHOUT_EDGE = 3;

type Node = Snapshot<unknown> & Moment;

export function explore(
  family: AnyFamily,
  { input, without }: Opening<unknown, string>,
  watcher: Watcher,
  tick: (configurations: number) => void = () => undefined,
): { readonly graph: Exploration; readonly wayTo: (key: string) => readonly string[] } {
  const start = { state: family.lifecycle.open(input), at: 1 } as Node;
  const ways = new Ways();
  const found = new Map<string, Draft>();
  const drafts = new Map<Moment, Draft>();
  const meet = (moment: Node, key = keyOf(family, moment), begun: Ids = NONE): Draft => {
    const known = found.get(key);
    if (known !== undefined) return known;
    const isEdge = family.isBeyond(insideOf(moment.state).context);
    const draft: Draft = { key, moment, moves: [], isEdge, begun: idsWith(begun, moment) };
    found.set(key, draft);
    drafts.set(moment, draft);
    if (found.size % 5_000 === 0) tick(found.size);
    watcher.meet(moment, () => ways.to(key));
    return draft;
  };
  const draftOf = (moment: Moment): Draft => drafts.get(moment) ?? meet(moment as Node);
  let taken = start;
  meet(start);
  const visit = (before: Node, event: LifecycleEvent): boolean => {
    const from = draftOf(before);
    const way = (): string[] => ways.to(from.key);
    let next: AnyState | null;
    try {
      next = family.lifecycle.applyEvent(before.state, event);
    } catch (error) {
      watcher.broke(before, event, error, way);
      return false;
    }
    if (next === null) return false;
    const at = before.at > event.at ? before.at : event.at;
    const after = { state: next, at } as Node;
    watcher.step({ before, event, after, begun: from.begun }, way);
    const key = keyOf(family, after);
    const known = found.get(key);
    const met = known ?? (ways.add(key, from.key, event), meet(after, key, from.begun));
    // Keys are long, so only one copy of each is kept.
    from.moves.push({ event, to: met.key });
    if (known !== undefined) return false;
    taken = met.moment as Node;
    return true;
  };
  // The graph's own map has the ways to new configurations only: to one that is known already it
  // would walk again, and its queue would hold every transition at once.
  getAdjacencyMap(
    {
      getInitialSnapshot: () => start,
      transition: () => taken,
    } as unknown as ActorLogic<Node, LifecycleEvent & EventObject, unknown>,
    {
      events: candidates(family, without),
      filterEvents: visit,
      serializeState: (now) => draftOf(now).key,
      stopWhen: (now) => draftOf(now).isEdge,
    },
  );
  return { graph: found, wayTo: (key) => ways.to(key) };
}

type Ids = ReadonlySet<string>;
type Draft = Configuration & { readonly moves: Move[]; readonly begun: Ids };

const NONE: Ids = new Set();

/** Most steps begin nothing: then both share one set. */
function idsWith(begun: Ids, { state }: Moment): Ids {
  const id = insideOf(state).context.operation?.id;
  return id === undefined || begun.has(id) ? begun : new Set([...begun, id]);
}

/** How each configuration was met first. */
class Ways {
  private readonly parents = new Map<string, { from: string; event: LifecycleEvent }>();

  add(key: string, from: string, event: LifecycleEvent): void {
    this.parents.set(key, { from, event });
  }

  to(key: string): string[] {
    const parent = this.parents.get(key);
    return parent === undefined ? [] : [...this.to(parent.from), told(parent.event)];
  }
}

/** The alphabet's candidates, and what time brings next. */
function candidates(
  family: AnyFamily,
  without: readonly string[],
): (now: Moment) => LifecycleEvent[] {
  const tried = new Map<string, number>();
  const types = Object.keys(family.alphabet).filter((type) => !without.includes(type));
  return ({ at, state }) => {
    const { context, value } = insideOf(state);
    const declared = family.machine.states[value]?.ownEvents ?? [];
    const likely = types.filter((type) => {
      if (declared.includes(type)) return true;
      const pair = `${value} ${type}`;
      const times = tried.get(pair) ?? 0;
      tried.set(pair, times + 1);
      return times < TRIED_WITHOUT_EDGE;
    });
    const now = { at, status: value, context };
    const due = family.lifecycle.deadline(state);
    const events = likely.flatMap((type) => family.alphabet[type]?.(now) ?? []);
    return due === null ? events : [...events, { ...due.event, at: due.at > at ? due.at : at }];
  };
}

const SHOWN = ['amountMinor', 'releasedMinor', 'heldMinor', 'final', 'action', 'outcome'] as const;

/** For people: `capture.requested(amountMinor 1, final true)`. */
function told(event: LifecycleEvent): string {
  const said = event as unknown as Record<string, unknown>;
  const parts = SHOWN.filter((name) => said[name] !== undefined).map(
    (name) => `${name} ${String(said[name])}`,
  );
  return parts.length === 0 ? event.type : `${event.type}(${parts.join(', ')})`;
}
