import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import {
  promiseLifecycle,
  type PromiseState,
} from '../../../machines/promise/promise.lifecycle.ts';
import { promiseMachine } from '../../../machines/promise/promise.machine.ts';
import { dueOn, type PaymentTerm } from '../../../machines/shared/payment-term.ts';
import type { PromiseEvent, PromiseStatus } from '../../../machines/promise/promise.types.ts';

const DUE = 1_000_000;
const INPUT = {
  paymentId: 'pay_sample',
  total: { amountMinor: 1_050, currency: 'EUR' },
  provider: 'Offline',
  dueOn: '2026-12-21',
  dueAt: DUE,
  remindAt: DUE - 1_000,
  payTo: 'Acme GmbH',
  sendTo: null,
  at: 0,
};
const at = 1;
const receipt = (amountMinor: number): PromiseEvent => ({
  type: 'receipt.recorded',
  at,
  amountMinor,
  reference: 'check 17',
  receivedOn: '2026-12-01',
});
const bounced: PromiseEvent = { type: 'receipt.bounced', at, receiptId: 'receipt_1', reason: null };
const overdue: PromiseEvent = { type: 'payment.overdue', at, dueOn: '2026-12-21' };
const writtenOff: PromiseEvent = {
  type: 'payment.written_off',
  at,
  amountMinor: 1_050,
  reason: null,
};
const refund = (amountMinor: number): PromiseEvent => ({
  type: 'refund.recorded',
  at,
  amountMinor,
  reason: null,
});

/** How each state is reached. `Record`, so that a new state has to be placed. */
const WAYS: Readonly<Record<PromiseStatus, readonly PromiseEvent[]>> = {
  promised: [],
  partially_received: [receipt(400)],
  overdue: [overdue],
  received: [receipt(1_050)],
  partially_refunded: [receipt(1_050), refund(400)],
  refunded: [receipt(1_050), refund(1_050)],
  written_off: [writtenOff],
  cancelled: [{ type: 'payment.cancelled', at, reason: null }],
};
const EVENTS: readonly PromiseEvent[] = [
  receipt(1_050),
  bounced,
  { type: 'reminder.due', at },
  overdue,
  writtenOff,
  { type: 'payment.reduced', at, amountMinor: 200, reason: null },
  ...WAYS.cancelled,
  refund(400),
];

function play(events: readonly PromiseEvent[]): PromiseState {
  return events.reduce((state, event) => {
    const next = promiseLifecycle.applyEvent(state, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${state.value}`);
    // Postings and amounts agree, or this throws.
    fold(promiseLifecycle.freeze(state), 1, [{ event, actor: 'test' }]);
    return next;
  }, promiseLifecycle.open(INPUT));
}
const STATES = Object.entries(WAYS).map(([name, events]) => ({ name, state: play(events) }));
const say = (state: PromiseState) => promiseLifecycle.view(state);

describe('the promise chart', () => {
  it('has exactly these legal moves; every other pair is refused', () => {
    const table = STATES.flatMap(({ name, state }) =>
      EVENTS.flatMap((event) => {
        const next = promiseLifecycle.applyEvent(state, event);
        return next === null ? [] : [`${name} --${event.type}--> ${next.value}`];
      }),
    );
    expect(table).toMatchInlineSnapshot(`
      [
        "promised --receipt.recorded--> received",
        "promised --reminder.due--> promised",
        "promised --payment.overdue--> overdue",
        "promised --payment.written_off--> written_off",
        "promised --payment.reduced--> promised",
        "promised --payment.cancelled--> cancelled",
        "partially_received --receipt.recorded--> received",
        "partially_received --receipt.bounced--> promised",
        "partially_received --reminder.due--> partially_received",
        "partially_received --payment.overdue--> overdue",
        "partially_received --payment.reduced--> partially_received",
        "partially_received --refund.recorded--> promised",
        "overdue --receipt.recorded--> received",
        "overdue --payment.written_off--> written_off",
        "overdue --payment.reduced--> overdue",
        "overdue --payment.cancelled--> cancelled",
        "received --receipt.recorded--> received",
        "received --receipt.bounced--> promised",
        "received --payment.reduced--> received",
        "received --refund.recorded--> partially_refunded",
        "partially_refunded --receipt.recorded--> received",
        "partially_refunded --receipt.bounced--> promised",
        "partially_refunded --payment.reduced--> partially_refunded",
        "partially_refunded --refund.recorded--> partially_refunded",
        "refunded --receipt.recorded--> received",
        "refunded --receipt.bounced--> refunded",
        "refunded --payment.cancelled--> cancelled",
        "written_off --receipt.recorded--> received",
        "written_off --payment.cancelled--> cancelled",
        "cancelled --receipt.recorded--> cancelled",
      ]
    `);
  });

  it('has a sample of every state and of every event in the table', () => {
    const nodes = Object.values(promiseMachine.states);
    expect(STATES.map(({ name }) => name).toSorted()).toEqual(
      Object.keys(promiseMachine.states).toSorted(),
    );
    const events = new Set<string>(nodes.flatMap((node) => node.ownEvents));
    expect([...new Set(EVENTS.map(({ type }) => type))].toSorted()).toEqual([...events].toSorted());
  });

  it('offers only what it then accepts', () => {
    for (const { state } of STATES) {
      for (const { verb } of promiseLifecycle.commands(state)) {
        const isSaid = verb === 'receive' || verb === 'reduce';
        const request = isSaid ? { verb, amountMinor: 100 } : { verb };
        const asked = promiseLifecycle.decide(state, request, at);
        expect(asked, `${verb} in ${state.value}`).toHaveProperty('type');
        expect(promiseLifecycle.applyEvent(state, asked as PromiseEvent)).not.toBeNull();
      }
    }
  });
});

describe('a promise', () => {
  it('reminds once, and is overdue exactly once, also after a check bounced', () => {
    let state = play([]);
    const told: string[] = [];
    for (let due = promiseLifecycle.deadline(state); due !== null;) {
      told.push(`${due.event.type} at ${due.at}`);
      state = promiseLifecycle.applyEvent(state, due.event as PromiseEvent) ?? state;
      due = promiseLifecycle.deadline(state);
    }
    expect(told).toEqual([`reminder.due at ${DUE - 1_000}`, `payment.overdue at ${DUE}`]);
    const again = play([overdue, receipt(1_050), bounced]);
    expect([again.value, promiseLifecycle.deadline(again)]).toEqual(['overdue', null]);
  });

  it('shows what is owed, and what is too much', () => {
    expect(say(play([receipt(400)]))).toMatchObject({
      status: 'partially_received',
      amounts: { captured: 400 },
      details: { openMinor: 650, overpaidMinor: 0 },
    });
    expect(say(play([receipt(400), receipt(700)]))).toMatchObject({
      status: 'received',
      details: { openMinor: 0, overpaidMinor: 50 },
    });
  });

  it('owes a bounced check again, and asks for a person', () => {
    const view = say(play([receipt(1_050), bounced]));
    expect(view).toMatchObject({ status: 'promised', amounts: { captured: 0 } });
    expect(view.needsAttention).toContain('EUR 10.50 did not arrive after all (check 17)');
    expect(say(play([receipt(1_050), bounced, receipt(1_050)])).needsAttention).toBeNull();
  });

  it('keeps what came after it was written off, and is not cancelled once something came', () => {
    expect(say(play([writtenOff, receipt(300)]))).toMatchObject({
      status: 'written_off',
      amounts: { captured: 300 },
    });
    const cancel: PromiseEvent = { type: 'payment.cancelled', at, reason: null };
    expect(promiseLifecycle.applyEvent(play([receipt(1)]), cancel)).toBeNull();
  });

  it('keeps what came after its cancellation until it was sent back', () => {
    const late = [...WAYS.cancelled, receipt(600)];
    expect(say(play(late))).toMatchObject({
      status: 'cancelled',
      amounts: { captured: 600 },
      details: { lateMinor: 600, openMinor: 0 },
      commands: [{ verb: 'receive' }, { verb: 'bounce' }, { verb: 'refund', maxMinor: 600 }],
    });
    expect(say(play(late)).needsAttention).toContain('EUR 6.00');
    const partly = say(play([...late, refund(400)]));
    expect([partly.status, partly.needsAttention]).toEqual([
      'cancelled',
      expect.stringContaining('EUR 2.00'),
    ]);
    expect(say(play([...late, refund(600)])).needsAttention).toBeNull();
    expect(say(play([...late, bounced]))).toMatchObject({
      needsAttention: null,
      amounts: { captured: 0 },
      details: { lateMinor: 0 },
    });
  });

  it('after a cancellation expects nothing: who records money says how much came', () => {
    const request = { verb: 'receive' };
    expect(promiseLifecycle.decide(play(WAYS.cancelled), request, at)).toMatchObject({
      code: 'request-incomplete',
    });
  });
});

describe('a payment term', () => {
  const net = (days: number): PaymentTerm => ({ kind: 'net', days });
  it.each([
    [net(30), '2026-01-31', '2026-03-02'],
    [net(30), '2024-01-31', '2024-03-01'],
    [{ kind: 'end_of_month', days: 30 } as const, '2026-01-15', '2026-03-02'],
    [{ kind: 'end_of_month', days: 30 } as const, '2024-01-15', '2024-03-01'],
    [{ kind: 'end_of_month', days: 0 } as const, '2024-02-01', '2024-02-29'],
    [{ kind: 'day_of_month', day: 15 } as const, '2026-11-21', '2026-12-15'],
    [{ kind: 'day_of_month', day: 31 } as const, '2026-01-31', '2026-02-28'],
  ])('%o of an order of %s is due on %s', (term, ordered, due) => {
    expect(dueOn(term, ordered)).toBe(due);
  });
});
