/** Lifecycles whose chart is sound and which say something else than it does. */
import type { AnyLifecycle, AnyState } from '../../../machines/lifecycles.ts';
import type {
  Command,
  Deadline,
  Effect,
  Frozen,
  Posting,
} from '../../../machines/shared/lifecycle.ts';
import { type AnyContext, type AnyFamily, DAY, insideOf } from './family.ts';
import type { Moves } from './moves.ts';
import type { Mutant } from './mutants.ts';

type Lie = (lifecycle: AnyLifecycle) => Partial<AnyLifecycle>;

function mutantOf(family: AnyFamily, kind: string, what: string, lie: Lie): Mutant {
  const sound = family.lifecycle;
  const lies = lie(sound);
  const broken = { ...sound, ...lies };
  const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);
  return {
    kind,
    what,
    family: { ...family, lifecycle: broken },
    differs: ({ moment: { state }, moves }, graph) => {
      if (lies.postings !== undefined || lies.applyEvent !== undefined) {
        return moves.some(({ event, to }) => {
          const after = graph.get(to)?.moment.state;
          if (after === undefined) return false;
          if (lies.postings !== undefined) {
            return !same(sound.postings(state, event, after), broken.postings(state, event, after));
          }
          const [was, is] = [sound, broken].map((each) => each.applyEvent(state, event));
          return was !== is && !same(was && sound.freeze(was), is && sound.freeze(is));
        });
      }
      return (['pendingEffect', 'deadline', 'commands', 'freeze'] as const).some(
        (name) => lies[name] !== undefined && !same(sound[name](state), broken[name](state)),
      );
    },
  };
}

export function lifecycleMutants(family: AnyFamily, moves: Moves): Mutant[] {
  const states = Object.keys(family.machine.states);
  const types = [...new Set(Object.values(moves).flatMap(({ legal }) => Object.keys(legal)))];
  const make = (kind: string, what: string, lie: Lie): Mutant => mutantOf(family, kind, what, lie);
  const posts =
    (change: (postings: readonly Posting[]) => readonly Posting[], of: string): Lie =>
    (sound) => ({
      postings: (before, event, after) => {
        const posted = sound.postings(before, event, after);
        return event.type === of ? change(posted) : posted;
      },
    });
  return [
    ...types.flatMap((type) => [
      make(
        'posting lost',
        type,
        posts(() => [], type),
      ),
      make(
        'posting halved',
        type,
        posts((all) => all.map(halved), type),
      ),
      make(
        'posting one-sided',
        type,
        posts((all) => all.slice(1), type),
      ),
    ]),
    ...states.flatMap((state) => [
      make('date dropped', state, (sound) => ({
        deadline: (now) => (isIn(now, state) ? null : sound.deadline(now)),
      })),
      make('date a day late', state, (sound) => ({
        deadline: (now) => (isIn(now, state) ? late(sound.deadline(now)) : sound.deadline(now)),
      })),
      make('effect dropped', state, (sound) => ({
        pendingEffect: (now) => (isIn(now, state) ? null : sound.pendingEffect(now)),
      })),
      make('effect of another operation', state, (sound) => ({
        pendingEffect: (now) =>
          isIn(now, state) ? others(sound.pendingEffect(now)) : sound.pendingEffect(now),
      })),
      make('no command offered', state, (sound) => ({
        commands: (now) => (isIn(now, state) ? [] : sound.commands(now)),
      })),
    ]),
    ...family.lifecycle.verbs.flatMap((verb) => [
      make('offered for more', verb, offers(verb, 1)),
      make('offered for less', verb, offers(verb, -1)),
    ]),
    ...fieldsOf(family).flatMap((field) => [
      make('frozen without', field, (sound) => ({
        freeze: (now) => without(sound.freeze(now), field),
      })),
      ...(field.endsWith('Minor') ? [make('counted twice', field, countsTwice(field))] : []),
    ]),
  ];
}

const isIn = (now: AnyState, state: string): boolean => insideOf(now).value === state;

const halved = (posting: Posting): Posting => ({
  ...posting,
  amountMinor: posting.amountMinor / 2,
});

const late = (due: Deadline | null): Deadline | null =>
  due && { at: due.at + DAY, event: { ...due.event, at: due.at + DAY } };

const others = (effect: Effect | null): Effect | null =>
  effect && {
    ...effect,
    operationId: effect.operationId === null ? 'op_x' : `${effect.operationId}0`,
  };

const offers =
  (verb: string, by: number): Lie =>
  (sound) => ({
    commands: (now): readonly Command[] =>
      sound
        .commands(now)
        .map((each) =>
          each.verb === verb && each.maxMinor !== undefined
            ? { ...each, maxMinor: each.maxMinor + by }
            : each,
        ),
  });

const fieldsOf = (family: AnyFamily): string[] => {
  const [opening] = Object.values(family.inputs);
  return Object.keys(insideOf(family.lifecycle.open(opening?.input)).context);
};

function without(frozen: Frozen, field: string): Frozen {
  const { [field]: _lost, ...context } = frozen.context as Record<string, unknown>;
  return { ...frozen, context };
}

/** What a fact adds to `field`, or takes from it, is added again. */
const countsTwice =
  (field: string): Lie =>
  (sound) => ({
    applyEvent: (state, event) => {
      const next = sound.applyEvent(state, event);
      if (next === null) return null;
      const [was, is] = [state, next].map((each) => Number(insideOf(each).context[field]));
      if (was === undefined || is === undefined || was === is) return next;
      const context: AnyContext = { ...insideOf(next).context, [field]: is + is - was };
      return { ...(next as object), context } as unknown as AnyState;
    },
  });
