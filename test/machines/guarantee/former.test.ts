import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle1 } from '../../../machines/guarantee/guarantee.former.ts';
import type { GuaranteeState } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import type { GuaranteeContext } from '../../../machines/guarantee/guarantee.types.ts';
import { asWoken, lifecycleNamed } from '../../../machines/lifecycles.ts';
import type { Fact } from '../../../machines/shared/fact.ts';
import type { Frozen } from '../../../machines/shared/lifecycle.ts';
import { MIGRATED } from '../../../machines/shared/migration.ts';
import { asks, EVENTS, INPUT, says, TOTAL, WAYS } from './guarantee.states.ts';

const moves = { type: MIGRATED, at: 1, from: 1, to: 2 } as const;
const asFacts = (...events: Fact['event'][]): Fact[] =>
  events.map((event) => ({ event, actor: 'test' }));

const played = (events: readonly GuaranteeEvent[]): GuaranteeState =>
  events.reduce<GuaranteeState>(
    (before, event) => guaranteeLifecycle1.applyEvent(before, event) ?? before,
    guaranteeLifecycle1.open(INPUT),
  );
const stored = (events: readonly GuaranteeEvent[]): Frozen =>
  JSON.parse(JSON.stringify(guaranteeLifecycle1.freeze(played(events)))) as Frozen;

/** Any way that version 1 knows, and what happened then. */
const anyStored: fc.Arbitrary<Frozen> = fc
  .tuple(
    fc.constantFrom(...Object.values(WAYS), [says.refused('reservation')]),
    fc.array(fc.constantFrom(...EVENTS), { maxLength: 8 }),
  )
  .map(([way, events]) => stored([...way, ...events]));

describe('a guaranteed payment of version 1', () => {
  it('is the same payment in version 2: amounts, dates, and all that could be asked of it', () => {
    fc.assert(
      fc.property(anyStored, (frozen) => {
        const thawed = guaranteeLifecycle1.thaw(frozen);
        // What is under way at a provider ends by its own rules.
        if (guaranteeLifecycle1.pendingEffect(thawed) !== null) return;
        const before = guaranteeLifecycle1.view(thawed);
        const { facts, frozen: after, view } = fold(frozen, 1, asFacts(moves));
        expect(after.version).toBe(2);
        expect(facts[0]).toMatchObject({ postings: [], announces: null });
        expect(view.amounts).toEqual(before.amounts);
        expect(view.deadlines).toEqual(before.deadlines);
        if (view.status === 'declined' && before.status === 'parked') return;
        expect([view.status, view.needsAttention]).toEqual([before.status, before.needsAttention]);
        expect(view.commands.map(({ verb }) => verb)).toEqual(
          expect.arrayContaining(before.commands.map(({ verb }) => verb)),
        );
      }),
      { numRuns: 400 },
    );
  });

  it('writes what it always wrote: nothing that only version 2 remembers', () => {
    for (const way of Object.values(WAYS)) {
      const { context } = stored(way);
      for (const name of ['refundedMinor', 'forgivenMinor', 'hasHeard', 'refused', 'isDeclined']) {
        expect(context).not.toHaveProperty(name);
      }
    }
  });

  it('that a refusal has parked is declined, and never sent again', () => {
    const { view } = fold(stored([says.refused('reservation')]), 1, asFacts(moves));
    expect(view).toMatchObject({
      status: 'declined',
      needsAttention: null,
      operationInFlight: null,
      decline: {
        verb: 'reserve',
        code: 'provider_refused',
        message:
          'InfinitePay refused the reservation of EUR 10.50, and nothing was done: it is captured already.',
      },
    });
    expect(view.commands).toEqual([{ verb: 'receive' }]);
  });

  it('that a doubt has parked stays so, whatever was asked meanwhile', () => {
    const exhausted: GuaranteeEvent = { type: 'inquiry.exhausted', at: 1 };
    const again = [...WAYS.parked, asks.recheck, exhausted];
    for (const way of [WAYS.parked, again]) {
      const { view } = fold(stored(way), 1, asFacts(moves));
      expect([view.status, view.operationInFlight]).toEqual(['parked', 'op_sample_reserve_1']);
    }
  });

  it('that was declined stays so when money comes', () => {
    const declined = stored(WAYS.declined);
    const receipt = { ...asks.receive, amountMinor: 300 };
    expect(() => fold(declined, 1, asFacts(receipt))).toThrow('receipt.recorded is not legal');
    const { view } = fold(declined, 1, asFacts(moves, receipt));
    expect(view).toMatchObject({ status: 'declined', amounts: { captured: 300 } });
  });

  it('takes no more than is owed, and only of an invoice that is guaranteed', () => {
    expect(guaranteeLifecycle1.commands(played(WAYS.guaranteed))).toContainEqual({
      verb: 'receive',
      maxMinor: TOTAL,
    });
    const tooMuch = { ...asks.receive, amountMinor: TOTAL + 1 };
    expect(guaranteeLifecycle1.applyEvent(played(WAYS.guaranteed), tooMuch)).toBeNull();
    expect(guaranteeLifecycle1.applyEvent(played(WAYS.reserved), asks.receive)).toBeNull();
  });

  it('is left as it is while its run waits for a date', () => {
    const open = lifecycleNamed('guarantee', 1).freeze(
      lifecycleNamed('guarantee', 1).thaw(stored(WAYS.guaranteed)),
    );
    expect(asWoken(open).lifecycle.version).toBe(1);
    expect(asWoken(stored(WAYS.paid)).lifecycle.version).toBe(2);
    const receipts = (stored(WAYS.paid).context as GuaranteeContext).receipts;
    expect(receipts['receipt_1']).not.toHaveProperty('bounced');
  });
});
