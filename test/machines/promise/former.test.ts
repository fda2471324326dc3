import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import { advance, asWoken, lifecycleNamed, newestLifecycle } from '../../../machines/lifecycles.ts';
import { promiseLifecycle1 } from '../../../machines/promise/promise.former.ts';
import type { PromiseState } from '../../../machines/promise/promise.lifecycle.ts';
import type { PromiseContext, PromiseEvent } from '../../../machines/promise/promise.types.ts';
import type { Fact } from '../../../machines/shared/fact.ts';
import type { Frozen } from '../../../machines/shared/lifecycle.ts';
import { MIGRATED, type Migrated } from '../../../machines/shared/migration.ts';

const INPUT = {
  paymentId: 'pay_sample',
  total: { amountMinor: 1_000, currency: 'EUR' },
  provider: 'Offline',
  dueOn: '2026-12-21',
  dueAt: 1_000_000,
  remindAt: null,
  payTo: null,
  sendTo: null,
  at: 0,
};
const at = 1;
const moves = (from = 1, to = 2): Migrated => ({ type: MIGRATED, at, from, to });

const amountMinor = fc.constantFrom(300, 700, 1_000, 1_200);
const receipt = (each: number): PromiseEvent => ({
  type: 'receipt.recorded',
  at,
  amountMinor: each,
  reference: null,
  receivedOn: null,
});
const anyEvent: fc.Arbitrary<PromiseEvent> = fc.oneof(
  amountMinor.map(receipt),
  fc
    .constantFrom('receipt_1', 'receipt_2')
    .map((receiptId): PromiseEvent => ({ type: 'receipt.bounced', at, receiptId, reason: null })),
  amountMinor.map((each): PromiseEvent => ({
    type: 'refund.recorded',
    at,
    amountMinor: each,
    reason: null,
  })),
  fc.constant<PromiseEvent>({ type: 'payment.overdue', at, dueOn: '2026-12-21' }),
  fc.constant<PromiseEvent>({ type: 'payment.written_off', at, amountMinor: 1_000, reason: null }),
  fc.constant<PromiseEvent>({ type: 'payment.cancelled', at, reason: null }),
);

/** Any payment of version 1, as it was journaled. */
const anyOfVersion1: fc.Arbitrary<Frozen> = fc.array(anyEvent, { maxLength: 8 }).map((events) => {
  const state = events.reduce<PromiseState>(
    (before, event) => promiseLifecycle1.applyEvent(before, event) ?? before,
    promiseLifecycle1.open(INPUT),
  );
  return promiseLifecycle1.freeze(state);
});

const asFacts = (...events: Fact['event'][]): Fact[] =>
  events.map((event) => ({ event, actor: 'test' }));

describe('a promise of version 1', () => {
  it('is the same payment in version 2: state, amounts, dates', () => {
    fc.assert(
      fc.property(anyOfVersion1, (frozen) => {
        const before = promiseLifecycle1.view(promiseLifecycle1.thaw(frozen));
        const after = fold(frozen, 1, asFacts(moves()));
        expect(after.frozen.version).toBe(2);
        for (const each of ['status', 'amounts', 'deadline', 'needsAttention'] as const) {
          expect(after.view[each]).toEqual(before[each]);
        }
        expect(after.view.commands).toEqual(expect.arrayContaining([...before.commands]));
        expect(after.facts[0]).toMatchObject({ postings: [], announces: null });
      }),
    );
  });

  it('no longer asks for what had bounced before it was cancelled', () => {
    const cancelled = cancelledOn1().frozen;
    const context = { ...(cancelled.context as PromiseContext), attention: 'Ask for it again.' };
    expect(fold({ ...cancelled, context }, 2, asFacts(moves())).view.needsAttention).toBeNull();
  });

  it('still asks for what has bounced while it is owed', () => {
    const overdue = fold(promiseLifecycle1.freeze(promiseLifecycle1.open(INPUT)), 1, [
      ...asFacts(
        receipt(300),
        { type: 'payment.overdue', at, dueOn: '2026-12-21' } as PromiseEvent,
        { type: 'receipt.bounced', at, receiptId: 'receipt_1', reason: null } as PromiseEvent,
      ),
    ]);
    const { view } = fold(overdue.frozen, 4, asFacts(moves()));
    expect([view.status, view.needsAttention]).toEqual(['overdue', overdue.view.needsAttention]);
    expect(view.needsAttention).toContain('Ask the buyer for it again');
  });

  it('takes money after its cancellation only in version 2', () => {
    const cancelled = cancelledOn1();
    const money = asFacts(receipt(300));
    expect(() => fold(cancelled.frozen, 2, money)).toThrow('receipt.recorded is not legal');
    const folded = fold(cancelled.frozen, 2, [...asFacts(moves()), ...money]);
    expect(folded.view).toMatchObject({ status: 'cancelled', amounts: { captured: 300 } });
    expect(folded.view.details).toMatchObject({ lateMinor: 300, openMinor: 0 });
  });

  it('moves one version at a time, and only to one that there is', () => {
    const reached = { lifecycle: lifecycleNamed('promise', 1), state: openedOn1() };
    for (const wrong of [moves(2, 3), moves(1, 3), moves(1, 1)]) {
      expect(advance(reached, wrong)).toBeNull();
    }
    const moved = advance(reached, moves());
    expect(moved?.lifecycle).toBe(newestLifecycle('promise'));
    expect(moved && advance(moved, moves())).toBeNull();
  });

  it('is left as it is while its run waits for a date', () => {
    const { lifecycle } = asWoken(lifecycleNamed('promise', 1).freeze(openedOn1()));
    expect(lifecycle.version).toBe(1);
  });
});

const cancelledOn1 = () =>
  fold(
    promiseLifecycle1.freeze(promiseLifecycle1.open(INPUT)),
    1,
    asFacts({ type: 'payment.cancelled', at }),
  );

const openedOn1 = () => {
  const frozen = promiseLifecycle1.freeze(promiseLifecycle1.open(INPUT));
  return lifecycleNamed('promise', 1).thaw(frozen);
};
