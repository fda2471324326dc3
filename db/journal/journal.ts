import type pg from 'pg';
import { assert } from '../../machines/shared/assert.ts';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { Frozen, LifecycleEvent } from '../../machines/shared/lifecycle.ts';
import { APPEND } from './append.sql.ts';
import type { Fact } from '../../machines/shared/fact.ts';
import { fold, type Folded } from './fold.ts';

export type Append = {
  readonly paymentId: string;
  /** The state that `sequence` reflects. */
  readonly base: Frozen;
  readonly sequence: number;
  readonly facts: readonly Fact[];
  /** The operation that the caller is about to attempt. */
  readonly attempt?: {
    readonly id: string;
    readonly verb: string;
    /** The caller asks what became of it, and does not count as an attempt. */
    readonly isQuestion: boolean;
    /** Nothing is sent by it: when something was last on its way stays as it is. */
    readonly isLook: boolean;
  };
  /** Give way to another fact at this place instead of throwing: for outcomes, where a twin of the
   *  same attempt may have been first. Its fact is returned as `taken`. */
  readonly yields?: boolean;
  /** What was said to and by the provider about `operationId`; redacted by the caller. */
  readonly evidence?: {
    readonly operationId: string;
    readonly exchanges: readonly unknown[];
    /** The attempt surely reached nobody: it does not count as one that may have acted. */
    readonly isUnsent?: boolean;
  };
};

export type Appended = {
  /** State and sequence after the facts of this append. */
  readonly folded: Folded;
  /** The fact that already follows them: this call, or a twin of it, was here before. */
  readonly next: LifecycleEvent | null;
  /** The fact that holds the place of the first one here, when this append gave way to it. */
  readonly taken: LifecycleEvent | null;
  /** The journal's last sequence. */
  readonly head: number;
  readonly payment: JournaledPayment;
  readonly firstAttemptAt: Date | null;
  /** When the call before this one began; null when there was none. */
  readonly lastAttemptAt: Date | null;
  /** How often the operation may have been sent, this time included. */
  readonly attempts: number;
};

/** What an activity has to know of a payment besides its state. */
export type JournaledPayment = {
  readonly request: unknown;
  readonly accountId: string;
  readonly mode: string;
  readonly provider: string;
  readonly integrationId: string;
  readonly integrationVersion: number;
  readonly sourceKind: string;
  readonly sourceNumber: string;
};

/** Another process appended at this very moment: look again. */
export class JournalMoved extends Error {
  override name = 'JournalMoved';
}

/** Another fact holds the place, or another state is stored: whoever appends does not know what the
 *  journal has. */
export class OtherFact extends Error {
  override name = 'OtherFact';
}

/** The command among the facts was no longer valid: nothing was written, and never will be. */
export class CommandTooLate extends Error {
  override name = 'CommandTooLate';
}

export type Journal = {
  /**
   * Appends facts, their postings, the read model and the outgoing events in one statement.
   * Repeating it writes nothing and succeeds; a different fact under the same sequence throws.
   * @throws CommandTooLate when a command among the facts is not valid any more
   * @throws JournalMoved when a twin appended at the same moment (retry)
   * @throws OtherFact when another fact holds the sequence of one of these
   * @throws Error when a fact is illegal (a bug)
   */
  append(input: Append): Promise<Appended>;
};

export function createJournal(pool: pg.Pool): Journal {
  return { append: (input) => append(pool, input) };
}

async function append(pool: pg.Pool, input: Append): Promise<Appended> {
  const folded = fold(input.base, input.sequence, input.facts);
  const { rows } = await pool.query<AppendRow>({
    name: 'journal_append',
    text: APPEND,
    values: values(input, folded),
  });
  const row = rows[0];
  assert(row !== undefined, `no payment ${input.paymentId} in the journal`);
  const later = row.later ?? [];
  const wrote = row.moved || input.facts.length === 0;
  if (!wrote && row.head === input.sequence) throw notWritten(input, row);
  if (!wrote && input.yields !== true) assertSameFacts(input.facts, later);
  const [taken] = later;
  const next = later[input.facts.length];
  return {
    folded,
    next: next === undefined ? null : eventOf(next),
    taken: wrote || taken === undefined ? null : eventOf(taken),
    head: row.moved ? folded.sequence : row.head,
    payment: {
      request: row.request,
      accountId: row.account_id,
      mode: row.mode,
      provider: row.provider,
      integrationId: row.integration_id,
      integrationVersion: row.integration_version,
      sourceKind: row.source_kind,
      sourceNumber: row.source_number,
    },
    attempts: row.attempts ?? 0,
    firstAttemptAt: row.first_attempt_at,
    lastAttemptAt: row.last_attempt_at,
  };
}

type FactRow = { sequence: number; type: string; data: object; at: number };

type AppendRow = {
  head: number;
  moved: boolean;
  same_state: boolean;
  is_late: boolean;
  request: unknown;
  account_id: string;
  mode: string;
  provider: string;
  integration_id: string;
  integration_version: number;
  source_kind: string;
  source_number: string;
  attempts: number | null;
  first_attempt_at: Date | null;
  last_attempt_at: Date | null;
  later: FactRow[] | null;
};

const eventOf = (row: FactRow): LifecycleEvent => ({
  ...row.data,
  type: row.type,
  at: Math.round(row.at),
});

/** Nothing was written although the sequence was right. */
function notWritten({ paymentId, sequence }: Append, row: AppendRow): Error {
  if (row.is_late) return new CommandTooLate(`a command for ${paymentId} came too late`);
  return row.same_state
    ? new JournalMoved(`${paymentId} was moved from ${sequence} by another append`)
    : new OtherFact(`${paymentId} is stored in another state at ${sequence} than this one`);
}

function assertSameFacts(facts: readonly Fact[], later: readonly FactRow[]): void {
  for (const [index, fact] of facts.entries()) {
    const row = later[index];
    const same =
      row !== undefined &&
      row.type === fact.event.type &&
      canonicalJson(eventOf(row)) === canonicalJson(fact.event);
    if (!same) {
      throw new OtherFact(
        `sequence ${row?.sequence} holds ${row?.type}, not this ${fact.event.type}`,
      );
    }
  }
}

function values(input: Append, folded: Folded): unknown[] {
  const { attempt, evidence, facts, paymentId, base, sequence } = input;
  const moves = facts.length > 0;
  const validUntil = facts.find((fact) => fact.validUntil !== undefined)?.validUntil;
  return [
    paymentId,
    sequence,
    JSON.stringify(base.context),
    moves ? JSON.stringify(paymentColumns(folded)) : null,
    JSON.stringify(folded.facts.map(factColumns)),
    JSON.stringify(folded.facts.flatMap((each) => outgoing(paymentId, each))),
    JSON.stringify(attempt ?? {}),
    evidence?.operationId ?? null,
    JSON.stringify(evidence?.exchanges ?? []),
    evidence === undefined ? null : (facts.at(-1)?.event.type ?? null),
    validUntil === undefined ? null : iso(validUntil),
    evidence?.isUnsent === true,
  ];
}

const iso = (at: number): string => new Date(at).toISOString();

function paymentColumns(folded: Folded): Record<string, unknown> {
  const { view, frozen, sequence, wakeAt } = folded;
  return {
    lifecycle_version: frozen.version,
    status: view.status,
    context: frozen.context,
    sequence,
    authorized_minor: view.amounts.authorized,
    captured_minor: view.amounts.captured,
    voided_minor: view.amounts.voided,
    refunded_minor: view.amounts.refunded,
    disputed_minor: view.amounts.disputed,
    charged_back_minor: view.amounts.chargedBack,
    provider_ref: view.providerRef,
    needs_attention: view.needsAttention,
    wake_at: wakeAt === null ? null : iso(wakeAt),
    updated_at: iso(folded.facts.at(-1)?.fact.event.at ?? 0),
  };
}

function factColumns({ sequence, fact, postings }: Folded['facts'][number]): object {
  const { type, at, ...data } = fact.event;
  return {
    sequence,
    type,
    data,
    actor: fact.actor,
    at: iso(at),
    idempotency_key: fact.idempotencyKey ?? null,
    request_hash: fact.requestHash ?? null,
    postings,
  };
}

function outgoing(paymentId: string, each: Folded['facts'][number]): object[] {
  if (each.announces === null) return [];
  const { status, amounts, needsAttention, decline } = each.after;
  const deadlines = each.after.deadlines.map(({ at, ...due }) => ({ at: iso(at), ...due }));
  return [
    {
      // Derived, so that the same fact is always the same event to a merchant.
      id: `evt_${paymentId.replace(/^pay_/, '')}_${each.sequence}`,
      sequence: each.sequence,
      type: each.announces,
      payload: {
        paymentId,
        status,
        amounts: { ...amounts, refundPending: amounts.refundPending ?? 0 },
        deadlines,
        decline,
        needsAttention,
      },
      created_at: iso(each.fact.event.at),
    },
  ];
}
