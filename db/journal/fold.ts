import { type AnyLifecycle, lifecycleOf } from '../../machines/lifecycles.ts';
import { assert } from '../../machines/shared/assert.ts';
import type { Amounts, Frozen, PaymentView, Posting } from '../../machines/shared/lifecycle.ts';
import type { Fact } from '../../machines/shared/fact.ts';

export type FoldedFact = {
  readonly sequence: number;
  readonly fact: Fact;
  readonly postings: readonly Posting[];
  /** The name of the event that merchants hear of it, or null. */
  readonly announces: string | null;
  readonly after: PaymentView;
};

export type Folded = {
  readonly frozen: Frozen;
  readonly sequence: number;
  readonly view: PaymentView;
  /** When something is due to happen by itself; null at rest. Milliseconds since 1970. */
  readonly wakeAt: number | null;
  readonly facts: readonly FoldedFact[];
};

/**
 * Applies `facts` to the state that `sequence` reflects, by the very function that the driver uses.
 * @throws Error when one is not legal: the driver accepted it, so it is a bug and nothing is kept.
 */
export const fold = (base: Frozen, sequence: number, facts: readonly Fact[]): Folded =>
  foldBy(lifecycleOf(base), base, sequence, facts);

/** `fold` by a lifecycle that is given: of a chart that is being checked, say. */
export function foldBy(
  lifecycle: AnyLifecycle,
  base: Frozen,
  sequence: number,
  facts: readonly Fact[],
): Folded {
  let state = lifecycle.thaw(base);
  const folded = facts.map((fact, index): FoldedFact => {
    const next = lifecycle.applyEvent(state, fact.event);
    const before = lifecycle.view(state);
    assert(next !== null, `${fact.event.type} is not legal in ${before.status}`);
    const postings = lifecycle.postings(state, fact.event, next);
    const after = lifecycle.view(next);
    assertLedgerAgrees(before.amounts, postings, after.amounts);
    state = next;
    const announces = lifecycle.announces(fact.event, before, after);
    return { sequence: sequence + index + 1, fact, postings, announces, after };
  });
  const frozen = lifecycle.freeze(state);
  const dueAt = lifecycle.deadline(state)?.at ?? null;
  const lastAt = facts.at(-1)?.event.at ?? null;
  return {
    frozen,
    sequence: sequence + facts.length,
    view: lifecycle.view(state),
    wakeAt: lifecycle.pendingEffect(state) === null ? dueAt : lastAt,
    facts: folded,
  };
}

/** Two independent sayings of the same money must agree: the postings and the amounts. */
function assertLedgerAgrees(before: Amounts, postings: readonly Posting[], after: Amounts): void {
  const sum = (account: Posting['account']): number =>
    postings
      .filter((posting) => posting.account === account)
      .reduce((total, posting) => total + posting.amountMinor, 0);
  const held = (a: Amounts): number => a.authorized - a.captured - a.voided;
  const taken = (a: Amounts): number => a.captured - a.refunded - a.disputed - a.chargedBack;
  assert(sum('holds') === held(after) - held(before), 'postings and held amounts disagree');
  assert(
    sum('provider_balance') === taken(after) - taken(before),
    'postings and taken amounts disagree',
  );
  assert(sum('disputes') === after.disputed - before.disputed, 'postings and disputes disagree');
  assert(
    postings.reduce((total, posting) => total + posting.amountMinor, 0) === 0,
    'postings do not sum to zero',
  );
}
