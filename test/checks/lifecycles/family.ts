/** What the check has to be told of a lifecycle family; everything else it reads from the contract. */
import type { AnyStateMachine } from 'xstate';
import type { AnyLifecycle, AnyState } from '../../../machines/lifecycles.ts';
import type {
  Command,
  CommandRequest,
  LifecycleEvent,
} from '../../../machines/shared/lifecycle.ts';

/** A state at an instant. Only what time brings moves the clock. */
export type Now<Context> = {
  readonly at: number;
  readonly status: string;
  readonly context: Context;
};

/** The candidates of each event type in a state, legal or not. Total, so that a new type is placed. */
export type Alphabet<Context, Event extends LifecycleEvent> = {
  readonly [Type in Event['type']]: (
    now: Now<Context>,
  ) => readonly (Event & { readonly type: Type })[];
};

export type Opening<Input, Type extends string> = {
  readonly input: Input;
  /** Event types that are left out. */
  readonly without: readonly Type[];
};

export type Receipts = Readonly<
  Record<string, { readonly amountMinor: number; readonly bounced: boolean }>
>;

export type Family<Context, Event extends LifecycleEvent, Input> = {
  readonly lifecycle: unknown;
  readonly machine: AnyStateMachine;
  /** Payments of different settings, by name. What one of them explores the next need not. */
  readonly inputs: Readonly<Record<string, Opening<Input, Event['type']>>>;
  readonly alphabet: Alphabet<Context, Event>;
  /** What an answer to a question says when nothing is new. */
  readonly nothingNew: readonly Event['type'][];
  /** Said in the output: what the numbers below are bounded to. */
  readonly bounds: string;
  /** Beyond the bounds a configuration is checked and not gone on from. */
  readonly isBeyond: (context: Context) => boolean;
  /** Parts of the context that no decision looks at while it is as it is. */
  readonly forgets?: (context: Context) => Partial<Record<keyof Context, unknown>>;
  /** Records whose keys are names only: equal when their values are the same ones. */
  readonly bags: readonly (keyof Context & string)[];
  /** What is in flight, as it will count once it has succeeded. */
  readonly inFlight: (context: Context) => { readonly taking: number; readonly giving: number };
  /** Receipts that people record, by their ids: what happened outside is never refused. Absent where
   *  the provider alone says what came. */
  readonly recorded?: (context: Context) => Receipts;
  /** More than was asked for may be taken: why, or null. */
  readonly mayExceed: string | null;
  /** The verb that each request is offered as. */
  readonly asks: Partial<Record<Event['type'], string>>;
  /** Verbs that are also heard where they are not offered, and why. */
  readonly unoffered: Readonly<Record<string, string>>;
  /** What a command has to be told besides its amount. */
  readonly needs: Readonly<Record<string, (context: Context) => Partial<CommandRequest>>>;
  /** Verbs that do the whole: an amount that is said with them is not heard. */
  readonly wholes: readonly string[];
  /** Requests and dates that may end an operation nobody has answered, and why. */
  readonly supersedes: Partial<Record<Event['type'], string>>;
  /** Answers that one operation may have and another of its kind may not, and why. */
  readonly varying: Partial<Record<Event['type'], string>>;
  /** States that may remember the same: they differ in who is waited for. */
  readonly alike: readonly ReadonlySet<string>[];
  /** States in which nothing is awaited, and why. */
  readonly ends: Readonly<Record<string, string>>;
  /** What may move money after the end, and why. */
  readonly movesAfterEnd: Partial<Record<Event['type'], string>>;
  /** Declared edges that no configuration within the bounds takes, and why. Pattern → reason. */
  readonly untaken: Readonly<Record<string, string>>;
};

export type AnyFamily = Omit<
  Family<AnyContext, LifecycleEvent, unknown>,
  'lifecycle' | 'alphabet' | 'asks' | 'varying' | 'supersedes' | 'movesAfterEnd' | 'bags'
> & {
  readonly lifecycle: AnyLifecycle;
  readonly alphabet: Readonly<Record<string, (now: Now<AnyContext>) => readonly LifecycleEvent[]>>;
  readonly asks: Readonly<Record<string, string>>;
  readonly varying: Readonly<Record<string, string>>;
  readonly supersedes: Readonly<Record<string, string>>;
  readonly movesAfterEnd: Readonly<Record<string, string>>;
  readonly bags: readonly string[];
};

/** What all families' contexts have in common, where they have it. */
export type AnyContext = Readonly<Record<string, unknown>> & {
  readonly operation?: {
    readonly id: string;
    readonly verb: string;
    readonly amountMinor: number;
    readonly reason: string | null;
  } | null;
  readonly asking?: { readonly phase: 'ask' | 'wait'; readonly askAt: number } | null;
  readonly resolution?: unknown;
  /** What was refused and is looked into: whoever asked waits for that. */
  readonly refused?: { readonly operationId: string } | null;
  /** Nobody waits for the first operation any more. */
  readonly givenUp?: unknown;
  /** Answered as accepted, and not decided yet: by operation. */
  readonly pendingRefunds?: Readonly<Record<string, unknown>>;
};

/** The check holds a state only together with the family that made it. */
export const anyFamily = <C, E extends LifecycleEvent, I>(family: Family<C, E, I>): AnyFamily =>
  family as unknown as AnyFamily;

/** A state as XState keeps it: its value, and what it remembers. */
export const insideOf = (state: AnyState): { value: string; context: AnyContext } =>
  state as unknown as { value: string; context: AnyContext };

export function requestFor(
  family: AnyFamily,
  command: Command,
  context: AnyContext,
  amountMinor = command.maxMinor,
): CommandRequest {
  const needs = family.needs[command.verb]?.(context) ?? {};
  return { verb: command.verb, amountMinor, ...needs };
}

/** Amounts of a total of 2 minor units: nothing, a part, the whole, too much. */
export const TOTAL = 2;
export const AMOUNTS = [0, 1, TOTAL, TOTAL + 1] as const;
export const PAYMENT = 'pay_check';
const NOBODY = 'op_of_nobody';
const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

type WithOperation = { readonly operation: { readonly id: string } | null };

/** `says` of the operation in flight, and of one that is not: the second is never legal. */
export function answer<const Said extends object>(
  now: Now<WithOperation>,
  ...says: readonly Said[]
): (Said & { at: number; operationId: string })[] {
  const own = now.context.operation?.id;
  const wrong = says.slice(0, 1).map((said) => ({ ...said, at: now.at, operationId: NOBODY }));
  if (own === undefined) return wrong;
  return [...says.map((said) => ({ ...said, at: now.at, operationId: own })), ...wrong];
}
