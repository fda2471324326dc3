import {
  advance,
  type AnyLifecycle,
  lifecycleOf,
  type Reached,
} from '../../machines/lifecycles.ts';
import { assert } from '../../machines/shared/assert.ts';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { Amounts, Frozen, PaymentView, Posting } from '../../machines/shared/lifecycle.ts';
import type { Fact } from '../../machines/shared/fact.ts';
import { isMigration } from '../../machines/shared/migration.ts';

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
  let reached: Reached = { lifecycle, state: lifecycle.thaw(base) };
  const folded = facts.map((fact, index): FoldedFact => {
    const [next, told] = step(reached, fact);
    reached = next;
    return { sequence: sequence + index + 1, fact, ...told };
  });
  const { state } = reached;
  const dueAt = reached.lifecycle.deadline(state)?.at ?? null;
  const lastAt = facts.at(-1)?.event.at ?? null;
  return {
    frozen: reached.lifecycle.freeze(state),
    sequence: sequence + facts.length,
    view: reached.lifecycle.view(state),
    wakeAt: reached.lifecycle.pendingEffect(state) === null ? dueAt : lastAt,
    facts: folded,
  };
}

type Told = Pick<FoldedFact, 'postings' | 'announces' | 'after'>;

function step(reached: Reached, { event }: Fact): [Reached, Told] {
  const { lifecycle, state } = reached;
  const next = advance(reached, event);
  const before = lifecycle.view(state);
  assert(next !== null, `${event.type} is not legal in ${before.status}`);
  const after = next.lifecycle.view(next.state);
  if (isMigration(event)) {
    // Another version may say it in other words, and never another amount.
    assert(
      canonicalJson(before.amounts) === canonicalJson(after.amounts),
      'a migration moved money',
    );
    return [next, { postings: [], announces: null, after }];
  }
  const postings = lifecycle.postings(state, event, next.state);
  assertLedgerAgrees(before.amounts, postings, after.amounts);
  return [next, { postings, announces: lifecycle.announces(event, before, after), after }];
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
