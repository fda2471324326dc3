/**
 * Every activity that talks to a provider, in one order: journal what led to it, call, journal the
 * outcome with its evidence. Whoever repeats it finds what is already there.
 */
import type { Effect, Frozen, LifecycleEvent } from '../machines/shared/lifecycle.ts';
import { ApplicationFailure } from '@temporalio/common';
import {
  type Append,
  type Appended,
  CommandTooLate,
  type Journal,
  OtherFact,
} from '../db/journal/journal.ts';
import { COMMAND_TOO_LATE, OTHER_FACT } from '../workflows/contracts.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';
import type { Fact } from '../machines/shared/fact.ts';
import { fold } from '../db/journal/fold.ts';
import { type Exchange, ProviderNotReached } from './providers/provider.ts';

/** What the caller learned from the journal, and where it leaves its evidence. */
export type Attempt = {
  readonly journaled: Appended;
  /** The state that the outcome has to fit. */
  readonly state: Frozen;
  readonly keep: (exchange: Exchange) => void;
};

/** No events: nothing new was seen, and the facts that led here are to be forgotten. */
export type Outcome = { readonly events: readonly LifecycleEvent[]; readonly actor: string };

export type Kind = {
  /** The operation that is attempted or asked about. */
  readonly operation: { readonly id: string; readonly verb: string } | null;
  readonly isQuestion: boolean;
  /** Nothing can be sent by it, so nothing of it can be on its way afterwards. */
  readonly isLook: boolean;
  /** What led here is journaled only together with something that was found. */
  readonly isQuiet: boolean;
};

/**
 * @throws whatever `act` throws, after its evidence was kept: nothing was decided, Temporal retries
 */
export async function attempt<E extends Effect>(
  journal: Journal,
  input: EffectInput<E>,
  { operation, isQuestion, isLook, isQuiet }: Kind,
  act: (attempt: Attempt) => Promise<Outcome>,
): Promise<EffectOutcome> {
  const { paymentId, base, sequence, facts } = input;
  const journaled = await appendIntent(journal, {
    paymentId,
    base,
    sequence,
    facts: isQuiet ? [] : facts,
    ...(operation === null ? {} : { attempt: { ...operation, isQuestion, isLook } }),
  });
  if (journaled.next !== null) {
    const event = isQuiet ? null : journaled.next;
    return { event, actor: 'system', head: journaled.head };
  }
  const { folded } = journaled;
  const operationId = operation?.id ?? null;
  const after: Position = isQuiet
    ? { paymentId, base, sequence, operationId, unjournaled: facts }
    : {
        paymentId,
        base: folded.frozen,
        sequence: folded.sequence,
        operationId,
        unjournaled: [],
      };
  const state = isQuiet ? fold(base, sequence, facts).frozen : folded.frozen;
  const exchanges: Exchange[] = [];
  try {
    const keep = (exchange: Exchange) => exchanges.push(storable(exchange));
    const outcome = storable(await act({ journaled, state, keep }));
    if (outcome.events.length > 0) return await conclude(journal, after, outcome, exchanges);
    await keepEvidence(journal, after, exchanges);
    return { event: null, actor: outcome.actor, head: journaled.head };
  } catch (error) {
    const isUnsent = error instanceof ProviderNotReached && !isQuestion;
    await keepEvidence(journal, after, exchanges, isUnsent);
    throw error;
  }
}

/** @throws ApplicationFailure `CommandTooLate`, for which there is nothing to retry */
async function appendIntent(journal: Journal, intent: Append): Promise<Appended> {
  try {
    return await journal.append(intent);
  } catch (error) {
    if (error instanceof CommandTooLate) {
      throw ApplicationFailure.nonRetryable(error.message, COMMAND_TOO_LATE);
    }
    // Trying again would find the same: the run has to look at what the journal has.
    if (error instanceof OtherFact)
      throw ApplicationFailure.nonRetryable(error.message, OTHER_FACT);
    throw error;
  }
}

/** Postgres keeps neither U+0000 nor half a surrogate pair, and a provider may answer with both. */
function storable<T>(value: T): T {
  const text = JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'string' ? part.replaceAll('\0', '').replace(/\p{Cs}/gu, '\ufffd') : part,
  );
  return JSON.parse(text) as T;
}

type Position = {
  readonly paymentId: string;
  readonly base: Frozen;
  readonly sequence: number;
  readonly operationId: string | null;
  /** Facts that led here and are journaled with the outcome. */
  readonly unjournaled: readonly Fact[];
};

async function conclude(
  journal: Journal,
  { operationId, unjournaled, ...at }: Position,
  { events, actor }: Outcome,
  exchanges: Exchange[],
): Promise<EffectOutcome> {
  const evidence =
    operationId === null ? {} : { evidence: { operationId, exchanges: [...exchanges] } };
  // From here on the evidence goes with the outcome, and not a second time if that fails.
  exchanges.length = 0;
  const facts = [...unjournaled, ...events.map((event) => ({ event, actor }))];
  const { head, taken } = await journal.append({ ...at, facts, yields: true, ...evidence });
  const [first] = events;
  // Another fact holds the place of what led here: the run has to look at what the journal has.
  const event = unjournaled.length > 0 && taken !== null ? null : (taken ?? first ?? null);
  return { event, actor, head };
}

async function keepEvidence(
  journal: Journal,
  { operationId, paymentId, base, sequence }: Position,
  exchanges: readonly Exchange[],
  isUnsent = false,
): Promise<void> {
  if (operationId === null || (exchanges.length === 0 && !isUnsent)) return;
  const evidence = { operationId, exchanges, isUnsent };
  await journal.append({ paymentId, base, sequence, facts: [], evidence });
}
