/** What holds of a configuration and all that can follow from it. */
import type { LifecycleEvent } from '../../../machines/shared/lifecycle.ts';
import { keyOf, type Moment } from './configuration.ts';
import type { Exploration } from './explore.ts';
import { type AnyFamily, HOUR, insideOf } from './family.ts';

type Finding = { readonly key: string; readonly detail: string };

/** Facts and effects at one and the same instant: more is a loop that never lets time pass. */
const AT_ONCE_MAX = 8;
/** A payment that still asks after so many facts has to do so seldom. */
const STEPS_MAX = 240;
/** The last so many facts, of which a question is two or three, have to take this long. */
const LAST_STEPS = 60;
const LAST_MS = 8 * HOUR;

export const OF_GRAPHS = {
  'what a payment remembers decides its status': (family, graph): Finding[] => {
    const statuses = new Map<string, string>();
    return [...graph.keys()].flatMap((key) => {
      const end = key.indexOf(' ');
      const [status, context] = [key.slice(0, end), key.slice(end)];
      const other = statuses.get(context) ?? status;
      statuses.set(context, other);
      const isShared = family.alike.some((each) => each.has(status) && each.has(other));
      return status === other || isShared ? [] : [{ key, detail: `${other}, and ${status}` }];
    });
  },

  'an operation can be approved, and it can fail': (_family, graph): Finding[] =>
    owing(_family, graph, false).flatMap(({ key, types }) => {
      const isTaken = types.some((type) => /\.(approved|succeeded)$/.test(type));
      const isNot = types.some((type) => /\.(declined|refused)$/.test(type));
      if (isTaken && isNot) return [];
      return [{ key, detail: `${isTaken ? 'no failure' : 'no success'} of it is legal` }];
    }),

  'every doubt can be found out, either way': (_family, graph): Finding[] =>
    owing(_family, graph, true).flatMap(({ key, types }) => {
      const isFound = types.some((type) => /\.(approved|succeeded|found|released)$/.test(type));
      const isNot = types.some((type) =>
        /\.(declined|refused|absent|rejected|contradicted)$/.test(type),
      );
      if (isFound && isNot) return [];
      return [{ key, detail: `it can not be found ${isFound ? 'not ' : ''}to have happened` }];
    }),

  'what one operation may be answered with, each of its kind may': (family, graph): Finding[] => {
    const isAnswer = (type: string): boolean =>
      ANSWER.test(type) && family.varying[type] === undefined;
    const kinds = new Map<string, { key: string; types: ReadonlySet<string> }[]>();
    for (const { key, moment, moves } of asking(family, graph)) {
      const { context, value } = insideOf(moment.state);
      const kind = `${value} ${context.operation?.verb} ${context.operation?.reason}`;
      const types = new Set(moves.map(({ event }) => event.type).filter((type) => isAnswer(type)));
      kinds.set(kind, [...(kinds.get(kind) ?? []), { key, types }]);
    }
    return [...kinds].flatMap(([kind, all]) => {
      const any = new Set(all.flatMap(({ types }) => [...types]));
      return all.flatMap(({ key, types }) =>
        [...any]
          .filter((type) => !types.has(type))
          .map((type) => ({ key, detail: `${type} is refused, and else taken in ${kind}` })),
      );
    });
  },

  'time and silence lead to rest, to a person, or to seldom questions': (
    family,
    graph,
  ): Finding[] => [...waits(family, graph, []), ...waits(family, graph, family.nothingNew)],
} satisfies Record<string, (family: AnyFamily, graph: Exploration) => Finding[]>;

const ANSWER = /[.](approved|succeeded|declined|refused|absent|unknown|inconclusive)$/;

const asking = (family: AnyFamily, graph: Exploration) =>
  [...graph.values()].filter(({ isEdge, moment }) => {
    const effect = family.lifecycle.pendingEffect(moment.state);
    return !isEdge && effect !== null && effect.operationId !== null;
  });

/** Configurations that wait for an operation's answer, or for one about it, with what is legal. */
function owing(family: AnyFamily, graph: Exploration, inDoubt: boolean) {
  return [...graph.values()].flatMap(({ isEdge, key, moment, moves }) => {
    const effect = family.lifecycle.pendingEffect(moment.state);
    if (isEdge || effect === null || effect.operationId === null) return [];
    if ((effect.type === 'inquire') !== inDoubt) return [];
    return [{ key, types: moves.map(({ event }) => event.type) }];
  });
}

/** Nobody says anything but time, and every question is answered by `answers` where that is legal. */
function waits(family: AnyFamily, graph: Exploration, answers: readonly string[]): Finding[] {
  const fine = new Set<string>();
  const findings: Finding[] = [];
  for (const { isEdge, key, moment } of graph.values()) {
    if (isEdge || fine.has(key)) continue;
    const own = new Set<string>();
    const detail = walk(family, moment, answers, (met) => {
      if (fine.has(met) && !own.has(met)) return true;
      own.add(met);
      return false;
    });
    if (detail === null) for (const met of own) fine.add(met);
    else findings.push({ key, detail });
  }
  return findings;
}

function walk(
  family: AnyFamily,
  from: Moment,
  answers: readonly string[],
  isFine: (key: string) => boolean,
): string | null {
  let { at, state } = from;
  let atOnce = 0;
  let lately = at;
  const types: string[] = [];
  for (let steps = 0; steps < STEPS_MAX; steps += 1) {
    if (family.isBeyond(insideOf(state).context) || isFine(keyOf(family, { at, state })))
      return null;
    const event = next(family, { at, state }, answers);
    if (event === null) return restsWell(family, { at, state });
    let applied: Moment['state'] | null;
    try {
      applied = family.lifecycle.applyEvent(state, event);
    } catch {
      return `${event.type} breaks the chart`;
    }
    if (applied === null) return `${event.type} is refused`;
    types.push(event.type);
    atOnce = event.at > at ? 0 : atOnce + 1;
    if (atOnce > AT_ONCE_MAX) return `no time passes: ${types.slice(-4).join(', ')}`;
    if (steps === STEPS_MAX - LAST_STEPS) lately = at;
    at = at > event.at ? at : event.at;
    state = applied;
  }
  return at - lately >= LAST_MS ? null : `it goes on asking: ${types.slice(-4).join(', ')}`;
}

function next(
  family: AnyFamily,
  { at, state }: Moment,
  answers: readonly string[],
): LifecycleEvent | null {
  const { lifecycle } = family;
  const effect = lifecycle.pendingEffect(state);
  if (effect === null) {
    // A date that has passed is noticed now, as the driver does.
    const due = lifecycle.deadline(state);
    return due && { ...due.event, at: due.at > at ? due.at : at };
  }
  const { context, value } = insideOf(state);
  const said = answers
    .flatMap((type) => family.alphabet[type]?.({ at, status: value, context }) ?? [])
    .find((event) => effect.type === 'inquire' && lifecycle.applyEvent(state, event) !== null);
  return said ?? lifecycle.withoutAnswer(effect, at, 'no answer');
}

/** Nothing more happens by itself: what is open is a person's, who can do something about it. */
function restsWell(family: AnyFamily, { state }: Moment): string | null {
  const isOpen = (insideOf(state).context.operation ?? null) !== null;
  if (!isOpen || family.lifecycle.commands(state).length > 0) return null;
  return `${insideOf(state).value} has an operation that nobody can do anything about`;
}
