/**
 * Charts that are broken on purpose, one thing at a time. What the check does not catch of them, it
 * would not catch of ours. Edges that no configuration takes are left out: what becomes of them
 * cannot be seen.
 */
import { type AnyStateMachine, createMachine, initialTransition, transition } from 'xstate';
import type { AnyLifecycle, AnyState } from '../../../machines/lifecycles.ts';
import type { LifecycleEvent } from '../../../machines/shared/lifecycle.ts';
import type { Configuration, Exploration } from './explore.ts';
import { type AnyFamily, insideOf } from './family.ts';
import type { Moves } from './moves.ts';

export type Mutant = {
  readonly kind: string;
  /** What was changed, for people. */
  readonly what: string;
  readonly family: AnyFamily;
  /** Is it another one in this configuration of the sound chart? */
  readonly differs: (configuration: Configuration, graph: Exploration) => boolean;
};

type Candidate = {
  readonly target?: string;
  readonly guard?: unknown;
  readonly actions?: unknown;
};
type Place = {
  readonly state: string;
  readonly type: string;
  readonly candidates: readonly Candidate[];
};

/** The edges of each state and event as the chart writes them. */
function placesOf(machine: AnyStateMachine): Place[] {
  const states = (machine.config.states ?? {}) as Record<string, { on?: Record<string, unknown> }>;
  return Object.entries(states).flatMap(([state, { on }]) =>
    Object.entries(on ?? {}).map(([type, written]) => {
      const list = Array.isArray(written) ? (written as unknown[]) : [written];
      const candidates = list.map((each) =>
        typeof each === 'string' ? { target: each } : (each as Candidate),
      );
      return { state, type, candidates };
    }),
  );
}

/** The same chart with other edges at one place; its guards and actions stay. */
function rebuilt(machine: AnyStateMachine, place: Place, candidates: readonly Candidate[]) {
  const { config, implementations } = machine;
  const states = (config.states ?? {}) as Record<string, { on?: Record<string, unknown> }>;
  const { [place.type]: _old, ...others } = states[place.state]?.on ?? {};
  const on = candidates.length === 0 ? others : { ...others, [place.type]: candidates };
  const changed = { ...states, [place.state]: { ...states[place.state], on } };
  return createMachine(
    { ...config, states: changed } as never,
    implementations as never,
  ) as AnyStateMachine;
}

/** The family as it would be with `machine` for its chart. */
function withChart(family: AnyFamily, machine: AnyStateMachine): AnyFamily {
  const { lifecycle } = family;
  const broken: AnyLifecycle = {
    ...lifecycle,
    open: (input) => initialTransition(machine, input as never)[0] as unknown as AnyState,
    applyEvent: (state, event) => {
      const [next] = transition(machine, state as never, event as never);
      return (next as unknown) === state ? null : (next as unknown as AnyState);
    },
    thaw: (frozen) => {
      const { context } = insideOf(lifecycle.thaw(frozen));
      return machine.resolveState({ value: frozen.status, context }) as never;
    },
  };
  return { ...family, lifecycle: broken, machine };
}

/** A chart that was changed for one state and event differs from the sound one there or nowhere. */
const leadsElsewhere =
  (family: AnyFamily, broken: AnyFamily, state: string, type: string): Mutant['differs'] =>
  ({ moment }) => {
    const { context, value } = insideOf(moment.state);
    if (value !== state) return false;
    const now = { at: moment.at, status: value, context };
    const due = family.lifecycle.deadline(moment.state)?.event;
    const events = [...(family.alphabet[type]?.(now) ?? []), ...(due?.type === type ? [due] : [])];
    // A snapshot of XState belongs to the chart that made it.
    const theirs = broken.lifecycle.thaw(family.lifecycle.freeze(moment.state));
    return events.some(
      (event) => landing(family, moment.state, event) !== landing(broken, theirs, event),
    );
  };

function landing({ lifecycle }: AnyFamily, state: AnyState, event: LifecycleEvent): string {
  try {
    const next = lifecycle.applyEvent(state, event);
    return next === null ? 'refused' : JSON.stringify(lifecycle.freeze(next));
  } catch {
    return 'broken';
  }
}

/** By kind, every mutant of the family's chart. */
export function chartMutants(family: AnyFamily, moves: Moves): Mutant[] {
  const states = Object.keys(family.machine.states);
  return placesOf(family.machine).flatMap((place) => {
    const { candidates, state, type } = place;
    const taken = moves[state]?.legal[type]?.split(', ') ?? [];
    const mutant = (kind: string, what: string, changed: readonly Candidate[]): Mutant => {
      const broken = withChart(family, rebuilt(family.machine, place, changed));
      return { kind, what, family: broken, differs: leadsElsewhere(family, broken, state, type) };
    };
    const put = (index: number, candidate: Candidate): Candidate[] =>
      candidates.map((each, i) => (i === index ? candidate : each));
    const whole = taken.length === 0 ? [] : [mutant('event refused', `${state} --${type}`, [])];
    const single = candidates.flatMap((candidate, index): Mutant[] => {
      const { actions: _actions, guard: _guard, ...rest } = candidate;
      const { target = state } = candidate;
      const edge = `${state} --${type}--> ${target}`;
      const unguarded = { ...candidate, guard: undefined };
      const free =
        candidate.guard === undefined
          ? []
          : [
              mutant(
                'guard dropped',
                `${edge} without ${nameOf(candidate.guard)}`,
                put(index, unguarded),
              ),
            ];
      if (!taken.includes(target)) return free;
      const others = states.filter((each) => each !== target);
      const other = others[(index + edge.length) % others.length] ?? state;
      const swapped = put(index, { ...candidate, target: other });
      const without = candidates.filter((_each, i) => i !== index);
      const idle = put(index, { ...rest, guard: candidate.guard });
      return [
        ...free,
        ...(candidates.length > 1 ? [mutant('edge removed', edge, without)] : []),
        mutant('target swapped', `${edge} leads to ${other}`, swapped),
        mutant('action dropped', `${edge} records nothing`, idle),
      ];
    });
    return [...whole, ...single];
  });
}

const nameOf = (guard: unknown): string =>
  typeof guard === 'string' ? guard : JSON.stringify(guard);
