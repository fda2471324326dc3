import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import { advance, asWoken, lifecycleNamed, newestLifecycle } from '../../../machines/lifecycles.ts';
import { promiseLifecycle1, promiseLifecycle2 } from '../../../machines/promise/promise.former.ts';
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

type Former = typeof promiseLifecycle1;

/** As it was journaled: what is not legal then has not happened. */
function journaled(former: Former, events: readonly PromiseEvent[]): Frozen {
  const state = events.reduce<PromiseState>(
    (before, event) => former.applyEvent(before, event) ?? before,
    former.open(INPUT),
  );
  // Neither version knew of these.
  const { forgivenMinor: _forgiven, reducedMinor: _reduced, ...context } = state.context;
  return { ...former.freeze(state), context };
}

const anyOf = (former: Former): fc.Arbitrary<Frozen> =>
  fc.array(anyEvent, { maxLength: 8 }).map((events) => journaled(former, events));

const asFacts = (...events: Fact['event'][]): Fact[] =>
  events.map((event) => ({ event, actor: 'test' }));

describe('a promise of version 1', () => {
  it('is the same payment in version 2: state, amounts, dates', () => {
    fc.assert(
      fc.property(anyOf(promiseLifecycle1), (frozen) => {
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
    expect(moved?.lifecycle).toBe(lifecycleNamed('promise', 2));
    expect(moved && advance(moved, moves())).toBeNull();
  });

  it('is left as it is while its run waits for a date', () => {
    const { lifecycle } = asWoken(lifecycleNamed('promise', 1).freeze(openedOn1()));
    expect(lifecycle.version).toBe(1);
  });
});

describe('a promise of version 2', () => {
  const refund = (each: number): PromiseEvent => ({
    type: 'refund.recorded',
    at,
    amountMinor: each,
    reason: null,
  });
  const bounced: PromiseEvent = {
    type: 'receipt.bounced',
    at,
    receiptId: 'receipt_1',
    reason: null,
  };
  const on2 = (...events: readonly PromiseEvent[]) => journaled(promiseLifecycle2, events);
  const on3 = (frozen: Frozen, ...events: readonly PromiseEvent[]) =>
    fold(frozen, 1, asFacts(moves(2, 3), ...events)).view;
  const money = (frozen: Frozen) => {
    const { receivedMinor, refundedMinor, writtenOffMinor } = frozen.context as PromiseContext;
    return { receivedMinor, refundedMinor, writtenOffMinor };
  };

  it('has the same amounts in version 3, and whatever could be asked of it still can', () => {
    fc.assert(
      fc.property(anyOf(promiseLifecycle2), (frozen) => {
        const before = promiseLifecycle2.view(promiseLifecycle2.thaw(frozen));
        const after = fold(frozen, 1, asFacts(moves(2, 3)));
        expect(after.frozen.version).toBe(3);
        expect(after.view.amounts).toEqual(before.amounts);
        expect(after.view.needsAttention).toBe(before.needsAttention);
        expect(after.view.details?.['openMinor']).toBe(before.details?.['openMinor']);
        expect(after.view.details?.['writtenOffMinor']).toBe(before.details?.['writtenOffMinor']);
        expect(after.view.commands).toEqual(expect.arrayContaining([...before.commands]));
        expect(after.facts[0]).toMatchObject({ postings: [], announces: null });
        // What was given back, or came after it was given up, means something else only now.
        const { receivedMinor, refundedMinor, writtenOffMinor } = money(frozen);
        if (refundedMinor > 0 || (writtenOffMinor > 0 && receivedMinor > 0)) return;
        expect([after.view.status, after.view.deadline]).toEqual([before.status, before.deadline]);
      }),
    );
  });

  it.each([
    ['a part of an overpayment', [receipt(1_200), refund(100)], 'received', 0, 100],
    ['an overpayment', [receipt(1_200), refund(200)], 'received', 0, 0],
    ['more than an overpayment', [receipt(1_200), refund(500)], 'partially_refunded', 0, 0],
    ['all', [receipt(1_000), refund(400), refund(600)], 'refunded', 0, 0],
    ['a part of a part', [receipt(700), refund(300)], 'partially_received', 300, 0],
    ['all of a part', [receipt(700), refund(700)], 'promised', 300, 0],
  ] as const)(
    'that gave back %s is where its amounts put it',
    (_what, events, status, open, over) => {
      const { details, ...view } = on3(on2(...events));
      expect(view.status).toBe(status);
      expect(details).toMatchObject({ openMinor: open, overpaidMinor: over });
    },
  );

  it('records in version 3 what it refused before', () => {
    const given = on2(receipt(1_200), refund(200));
    expect(() => fold(given, 1, asFacts(bounced))).toThrow('receipt.bounced is not legal');
    expect(on3(given, bounced)).toMatchObject({
      status: 'promised',
      amounts: { captured: 0, refunded: 200 },
      details: { openMinor: 1_000, uncoveredMinor: 200 },
      needsAttention: expect.stringContaining('EUR 2.00 was given back') as string,
    });
    const part = on2(receipt(700), refund(300));
    expect(() => fold(part, 1, asFacts(receipt(300)))).toThrow('receipt.recorded is not legal');
    expect(on3(part, receipt(300))).toMatchObject({ status: 'partially_refunded' });
  });

  it('is left on version 2 while its run waits for a date', () => {
    expect(asWoken(on2(receipt(700))).lifecycle.version).toBe(2);
    expect(asWoken(on2(receipt(700), refund(300))).lifecycle).toBe(newestLifecycle('promise'));
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
