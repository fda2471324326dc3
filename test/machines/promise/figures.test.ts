/** What happened outside is recorded, in any order, and the figures say what it means. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import { isRefusal, type CommandRequest } from '../../../machines/shared/lifecycle.ts';
import {
  promiseLifecycle,
  type PromiseState,
} from '../../../machines/promise/promise.lifecycle.ts';
import type { PromiseContext } from '../../../machines/promise/promise.types.ts';

const DUE = 1_000_000;
const TOTAL = 10_000;
const INPUT = {
  paymentId: 'pay_sample',
  total: { amountMinor: TOTAL, currency: 'EUR' },
  provider: 'Offline',
  dueOn: '2026-12-21',
  dueAt: DUE,
  remindAt: null,
  payTo: null,
  sendTo: null,
  at: 0,
};
/** In the afternoon of 1 December 2026, UTC. */
const NOW = Date.UTC(2026, 11, 1, 15);

type Step = CommandRequest | 'overdue';

const receive = (amountMinor: number): Step => ({ verb: 'receive', amountMinor });
const refund = (amountMinor: number): Step => ({ verb: 'refund', amountMinor });
const reduce = (amountMinor: number): Step => ({ verb: 'reduce', amountMinor });
const bounce = (receiptId = 'receipt_1'): Step => ({ verb: 'bounce', receiptId });
const writeOff: Step = { verb: 'write-off' };
const cancel: Step = { verb: 'cancel' };

/** The state after `step`, folded as the journal does; null when it is refused. */
function after(state: PromiseState, step: Step): PromiseState | null {
  const event =
    step === 'overdue'
      ? ({ type: 'payment.overdue', at: DUE, dueOn: INPUT.dueOn } as const)
      : promiseLifecycle.decide(state, step, NOW);
  if ('code' in event && isRefusal(event)) return null;
  const { frozen } = fold(promiseLifecycle.freeze(state), 1, [{ event, actor: 'test' }]);
  return promiseLifecycle.thaw(frozen);
}

function play(...steps: readonly Step[]): PromiseState {
  return steps.reduce((state, step) => {
    const next = after(state, step);
    if (next === null) throw new Error(`${JSON.stringify(step)} is refused in ${state.value}`);
    return next;
  }, promiseLifecycle.open(INPUT));
}

const shown = (...steps: readonly Step[]) => {
  const { amounts, details, status } = promiseLifecycle.view(play(...steps));
  const { captured, refunded } = amounts;
  return { status, captured, refunded, ...details };
};
const attention = (...steps: readonly Step[]) =>
  promiseLifecycle.view(play(...steps)).needsAttention;
const verbs = (...steps: readonly Step[]) =>
  promiseLifecycle.commands(play(...steps)).map(({ verb }) => verb);

describe('money that people record of a promise', () => {
  it('is owed again when a check bounces whose overpayment was given back', () => {
    const fraud = [receive(12_000), refund(2_000), bounce()];
    expect(shown(...fraud)).toMatchObject({
      status: 'promised',
      captured: 0,
      refunded: 2_000,
      openMinor: TOTAL,
      overpaidMinor: 0,
      forgivenMinor: 0,
      uncoveredMinor: 2_000,
    });
    expect(attention(...fraud)).toContain('EUR 20.00 was given back out of money that did not');
    expect(attention(...fraud)).toContain('EUR 100.00 of the payment is owed');
  });

  it('counts what was given back without cover before what is owed', () => {
    const fraud = [receive(12_000), refund(2_000), bounce()];
    expect(shown(...fraud, receive(5_000))).toMatchObject({ openMinor: 7_000, uncoveredMinor: 0 });
    expect(attention(...fraud, receive(1_000))).toContain('EUR 10.00 was given back');
    expect(attention(...fraud, writeOff)).toContain('EUR 20.00 was given back');
    // Who does not say how much came says that all of it did.
    expect(shown(...fraud, { verb: 'receive' })).toMatchObject({
      status: 'received',
      captured: 12_000,
      openMinor: 0,
      overpaidMinor: 0,
    });
  });

  it('is owed again when a check bounces after the rest was written off', () => {
    expect(shown(receive(6_000), writeOff, bounce())).toMatchObject({
      status: 'promised',
      openMinor: 6_000,
      writtenOffMinor: 4_000,
    });
    expect(shown(receive(6_000), writeOff, bounce(), writeOff)).toMatchObject({
      status: 'written_off',
      openMinor: 0,
      writtenOffMinor: TOTAL,
    });
  });

  it('can be given back when the payment is overdue, which can be cancelled then', () => {
    for (const late of [['overdue'] as const, []]) {
      const given = [receive(6_000), ...late, refund(6_000)];
      expect(shown(...given)).toMatchObject({ openMinor: 4_000, forgivenMinor: 6_000 });
      expect(shown(...given, cancel)).toMatchObject({ status: 'cancelled', openMinor: 0 });
    }
  });

  it.each([
    ['nothing came', []],
    ['all of it was given back', [receive(TOTAL), refund(TOTAL)]],
    ['it was written off', [writeOff]],
    ['it bounced', [receive(TOTAL), bounce()]],
  ])('does not keep it from being cancelled when %s', (_why, steps) => {
    expect(shown(...steps, cancel)).toMatchObject({ status: 'cancelled' });
  });

  it.each([
    ['some of it is there', [receive(1)]],
    ['more was given back than came', [receive(12_000), refund(2_000), bounce()]],
  ])('keeps it from being cancelled when %s', (_why, steps) => {
    expect(verbs(...steps)).not.toContain('cancel');
    expect(after(play(...steps), cancel)).toBeNull();
  });

  it('recovers what was written off, and can be given back where it is too much', () => {
    const recovered = [writeOff, receive(TOTAL)];
    expect(shown(writeOff, receive(4_000))).toMatchObject({
      status: 'written_off',
      recoveredMinor: 4_000,
    });
    expect(shown(...recovered)).toMatchObject({ status: 'received', recoveredMinor: TOTAL });
    const twice = [...recovered, receive(TOTAL)];
    expect(shown(...twice)).toMatchObject({ recoveredMinor: TOTAL, overpaidMinor: 20_000 });
    expect(shown(...twice, refund(TOTAL))).toMatchObject({
      status: 'received',
      recoveredMinor: TOTAL,
      forgivenMinor: 0,
    });
  });

  it('is told to merchants as recovered when it had been written off', () => {
    const told = (steps: readonly Step[], amountMinor: number) => {
      const state = promiseLifecycle.freeze(play(...steps));
      const event = {
        type: 'receipt.recorded',
        at: NOW,
        amountMinor,
        reference: null,
        receivedOn: null,
      };
      return fold(state, 1, [{ event, actor: 'test' }]).facts[0]?.announces;
    };
    expect(told([], TOTAL)).toBe('payment.received');
    expect(told([receive(6_000), writeOff], 100)).toBe('payment.recovered');
    // It pays what is owed again, and nothing that was given up.
    expect(told([receive(6_000), writeOff, bounce()], 6_000)).toBe('payment.received');
  });

  it('takes a refund from an overpayment first; the rest of it is forgiven', () => {
    expect(shown(receive(12_000), refund(2_000))).toMatchObject({
      status: 'received',
      overpaidMinor: 0,
      forgivenMinor: 0,
    });
    expect(shown(receive(12_000), refund(3_000))).toMatchObject({
      status: 'partially_refunded',
      openMinor: 0,
      forgivenMinor: 1_000,
    });
    expect(shown(receive(TOTAL), refund(TOTAL))).toMatchObject({
      status: 'refunded',
      openMinor: 0,
    });
  });

  it('may come after a part was given back, which leaves the rest owed', () => {
    const part = [receive(6_000), refund(1_000)];
    expect(shown(...part)).toMatchObject({ status: 'partially_received', openMinor: 4_000 });
    expect(promiseLifecycle.deadline(play(...part))).toMatchObject({ at: DUE });
    expect(shown(...part, 'overdue')).toMatchObject({ status: 'overdue', openMinor: 4_000 });
    expect(shown(...part, receive(5_000))).toMatchObject({
      status: 'received',
      openMinor: 0,
      overpaidMinor: 1_000,
    });
    expect(shown(...part, writeOff)).toMatchObject({ status: 'written_off', openMinor: 0 });
    expect(shown(...part, bounce())).toMatchObject({
      status: 'promised',
      openMinor: 9_000,
      uncoveredMinor: 1_000,
    });
  });

  it('asks for a bounced check until it came, or until nothing is owed', () => {
    const bounced = [receive(TOTAL), bounce()];
    expect(attention(...bounced)).toContain('EUR 100.00 did not arrive after all');
    expect(attention(...bounced, reduce(4_000))).toContain('did not arrive after all');
    expect(attention(...bounced, reduce(TOTAL))).toBeNull();
    expect(attention(...bounced, writeOff)).toBeNull();
    expect(attention(...bounced, cancel)).toBeNull();
    // The other one paid it all.
    expect(attention(receive(TOTAL), receive(TOTAL), bounce())).toBeNull();
  });

  it('has to go back when it came after the cancellation, but for what is gone', () => {
    const given = [receive(6_000), refund(6_000), cancel];
    expect(attention(...given, receive(1_000))).toContain('EUR 10.00 came although');
    expect(shown(...given, receive(1_000))).toMatchObject({ lateMinor: 1_000, openMinor: 0 });
    expect(attention(...given, bounce())).toContain('EUR 60.00 was given back out of money');
    expect(attention(...given, bounce(), receive(6_000))).toBeNull();
  });
});

describe('a credit note', () => {
  it('lowers what is owed', () => {
    expect(shown(reduce(2_000))).toMatchObject({ status: 'promised', openMinor: 8_000 });
    expect(shown(reduce(2_000), receive(8_000))).toMatchObject({
      status: 'received',
      reducedMinor: 2_000,
      overpaidMinor: 0,
    });
    expect(shown(receive(8_000), 'overdue', reduce(2_000))).toMatchObject({ status: 'received' });
  });

  it('makes an overpayment of what came before it, which can be given back', () => {
    const reduced = [receive(TOTAL), reduce(3_000)];
    expect(shown(...reduced)).toMatchObject({ status: 'received', overpaidMinor: 3_000 });
    expect(shown(...reduced, refund(3_000))).toMatchObject({
      status: 'received',
      forgivenMinor: 0,
      overpaidMinor: 0,
    });
  });

  it('of the whole leaves nothing to expect', () => {
    expect(shown(reduce(TOTAL))).toMatchObject({ status: 'cancelled', openMinor: 0 });
    expect(promiseLifecycle.deadline(play(reduce(TOTAL)))).toBeNull();
    expect(shown(reduce(TOTAL), receive(500))).toMatchObject({ overpaidMinor: 500 });
  });

  it('says its amount, which is no more than is owed in all', () => {
    const state = play(receive(4_000), writeOff);
    const asked = (request: Step & object) => promiseLifecycle.decide(state, request, NOW);
    expect(asked({ verb: 'reduce' })).toMatchObject({ code: 'request-incomplete' });
    expect(asked({ verb: 'reduce', amountMinor: 4_001 })).toMatchObject({
      code: 'amount-out-of-range',
      maxMinor: 4_000,
    });
    expect(asked({ verb: 'reduce', amountMinor: 4_000 })).toHaveProperty('type');
    expect(verbs(writeOff)).not.toContain('reduce');
    expect(verbs(cancel)).not.toContain('reduce');
  });
});

describe('the day of a receipt', () => {
  const on = (receivedOn: string) => {
    const request = { verb: 'receive', amountMinor: 1, receivedOn };
    return promiseLifecycle.decide(promiseLifecycle.open(INPUT), request, NOW);
  };
  it.each(['2000-01-01', '2026-12-01', '2026-12-02'])('may be %s', (day) => {
    expect(on(day)).toMatchObject({ type: 'receipt.recorded', receivedOn: day });
  });
  it.each(['1999-12-31', '0001-01-01', '2026-12-04', '9999-12-31', '2026-02-30', 'yesterday'])(
    'is not %s',
    (day) => {
      expect(on(day)).toMatchObject({ code: 'request-incomplete' });
    },
  );
});

/** Whatever may happen, in amounts that meet each other. */
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(1_000, 4_000, 6_000, TOTAL, 12_000).map(receive) },
  { weight: 2, arbitrary: fc.constantFrom(1_000, 2_000, 6_000, TOTAL).map(refund) },
  { weight: 2, arbitrary: fc.constantFrom(1, 2, 3).map((each) => bounce(`receipt_${each}`)) },
  fc.constantFrom(500, 4_000, TOTAL).map(reduce),
  fc.constant(writeOff),
  fc.constant(cancel),
  fc.constant<Step>('overdue'),
);

describe('any promise', () => {
  it('takes what happens outside, and its figures are those of its facts', () => {
    fc.assert(
      fc.property(fc.array(anyStep, { maxLength: 12 }), (steps) => {
        const state = steps.reduce<PromiseState>((before, step) => {
          const isOpen = promiseLifecycle.deadline(before) !== null;
          if (step === 'overdue' && !isOpen) return before;
          return after(before, step) ?? before;
        }, promiseLifecycle.open(INPUT));
        const c: PromiseContext = state.context;
        const { amounts, details } = promiseLifecycle.view(state);
        const net = Math.max(0, c.receivedMinor - c.refundedMinor);
        const debt = c.isCancelled
          ? 0
          : TOTAL - c.reducedMinor - c.writtenOffMinor - c.forgivenMinor;
        expect(debt).toBeGreaterThanOrEqual(0);
        expect(details).toMatchObject({
          openMinor: Math.max(0, debt - net),
          overpaidMinor: Math.max(0, net - debt),
        });
        const receipts = Object.entries(c.receipts);
        const ever = receipts.reduce((sum, [, { amountMinor }]) => sum + amountMinor, 0);
        expect(amounts.refunded).toBeLessThanOrEqual(ever);
        expect(after(state, receive(1))).not.toBeNull();
        for (const [id, { bounced }] of receipts) {
          expect(after(state, bounce(id)) === null).toBe(bounced);
        }
        const there = c.receivedMinor - c.refundedMinor;
        expect(after(state, refund(Math.max(1, there))) !== null).toBe(there > 0);
        expect(after(state, refund(Math.max(0, there) + 1))).toBeNull();
        expect(after(state, cancel) !== null).toBe(!c.isCancelled && there === 0);
      }),
      { numRuns: 300 },
    );
  });
});
