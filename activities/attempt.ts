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
import type { EffectInput, EffectOutcome } from './card.contract.ts';
import type { Exchange } from './providers/provider.ts';

/** What the caller learned from the journal, and where it leaves its evidence. */
export type Attempt = {
  readonly journaled: Appended;
  readonly keep: (exchange: Exchange) => void;
};

export type Outcome = { readonly event: LifecycleEvent; readonly actor: string };

/**
 * @throws whatever `act` throws, after its evidence was kept: nothing was decided, Temporal retries
 */
export async function attempt<E extends Effect>(
  journal: Journal,
  input: EffectInput<E>,
  act: (attempt: Attempt) => Promise<Outcome>,
): Promise<EffectOutcome> {
  const { paymentId, effect } = input;
  const { operationId } = effect;
  const journaled = await appendIntent(journal, {
    paymentId,
    base: input.base,
    sequence: input.sequence,
    facts: input.facts,
    ...(operationId === null
      ? {}
      : {
          attempt: {
            id: operationId,
            verb: effect.type,
            isQuestion: effect.type === 'inquire',
          },
        }),
  });
  if (journaled.next !== null) {
    return { event: journaled.next, actor: 'system', head: journaled.head };
  }
  const after: Position = {
    paymentId,
    base: journaled.folded.frozen,
    sequence: journaled.folded.sequence,
    operationId,
  };
  const exchanges: Exchange[] = [];
  try {
    const keep = (exchange: Exchange) => exchanges.push(storable(exchange));
    const outcome = storable(await act({ journaled, keep }));
    return await conclude(journal, after, outcome, exchanges);
  } catch (error) {
    if (exchanges.length > 0) await keepEvidence(journal, after, exchanges);
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
};

async function conclude(
  journal: Journal,
  { operationId, ...at }: Position,
  { event, actor }: Outcome,
  exchanges: Exchange[],
): Promise<EffectOutcome> {
  const evidence =
    operationId === null ? {} : { evidence: { operationId, exchanges: [...exchanges] } };
  // From here on the evidence goes with the outcome, and not a second time if that fails.
  exchanges.length = 0;
  const facts = [{ event, actor }];
  const { head, taken } = await journal.append({ ...at, facts, yields: true, ...evidence });
  return { event: taken ?? event, actor, head };
}

async function keepEvidence(
  journal: Journal,
  { operationId, ...at }: Position,
  exchanges: readonly Exchange[],
): Promise<void> {
  if (operationId === null) return;
  await journal.append({ ...at, facts: [], evidence: { operationId, exchanges } });
}
