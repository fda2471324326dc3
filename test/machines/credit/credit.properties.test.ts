import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fold } from '../../../db/journal/fold.ts';
import {
  liveInvoices,
  payableMinor,
  returnableMinor,
  uninvoicedMinor,
} from '../../../machines/credit/credit.amounts.ts';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import { creditMachine } from '../../../machines/credit/credit.machine.ts';
import { EVENTS, PLACED, play, WAYS } from './credit.states.ts';

const NUMBERS = ['I1', 'I2', 'I3'] as const;

type Step = { pick: number; number: string; percent: number; off: number };
const steps = fc.array(
  fc.record({
    pick: fc.nat(997),
    number: fc.constantFrom(...NUMBERS),
    /** Of the amount that could be meant; `off` by a little only now and then. */
    percent: fc.constantFrom(100, 100, 100, 100, 60, 1),
    off: fc.constantFrom(0, 0, 0, 0, 0, 0, 0, 0, 1, -1),
  }),
  { minLength: 10, maxLength: 60 },
);
const plans = fc.record({
  isPlaced: fc.constantFrom(false, false, false, true),
  from: fc.constantFrom(...Object.values(WAYS)),
  onLateAcceptance: fc.constantFrom('adopt' as const, 'void' as const),
  steps,
});
type Plan = typeof plans extends fc.Arbitrary<infer T> ? T : never;

/** The amount that `sample` is likely to be about. */
function likely({ context: c }: CreditState, sample: CreditEvent, number: string): number {
  const invoice = c.invoices[number];
  switch (sample.type) {
    case 'order.found':
      return c.requestedMinor;
    case 'return.requested':
    case 'return.found':
      return invoice === undefined ? 0 : returnableMinor(invoice);
    case 'invoice.funded':
      return invoice === undefined ? 0 : payableMinor(invoice);
    default:
      return uninvoicedMinor(c);
  }
}

/** The sample, as it could come now: of the operation in flight, or just not. */
function eventFor(state: CreditState, sample: CreditEvent, step: Step): CreditEvent {
  const { operation } = state.context;
  const isExact = sample.type === 'order.found' || sample.type === 'invoice.funded';
  const percent = isExact ? 100 : step.percent;
  const amountMinor = Math.floor((likely(state, sample, step.number) * percent) / 100) + step.off;
  const named = 'operationId' in sample && operation !== null ? { operationId: operation.id } : {};
  const providerRef = `${sample.type.split('.')[0]}_${step.number}`;
  return {
    ...sample,
    ...named,
    ...('amountMinor' in sample ? { amountMinor } : {}),
    ...('number' in sample ? { number: step.number } : {}),
    ...('providerRef' in sample && sample.type !== 'news.received' ? { providerRef } : {}),
  };
}

const CANDIDATES = new Map(
  Object.entries(creditMachine.states).map(([name, { ownEvents }]) => {
    const types = new Set<string>(ownEvents);
    return [name, EVENTS.filter(({ type }) => types.has(type))];
  }),
);

/** The first legal event from the one that is picked on: few of all are, and a walk has to get about. */
function next(state: CreditState, step: Step): { event: CreditEvent; after: CreditState } | null {
  const samples = CANDIDATES.get(state.value) ?? [];
  for (let tries = 0; tries < samples.length; tries += 1) {
    const sample = samples[(step.pick + tries) % samples.length];
    if (sample === undefined) return null;
    const event = eventFor(state, sample, step);
    const after = creditLifecycle.applyEvent(state, event);
    if (after !== null) return { event, after };
  }
  return null;
}

/** Every state that random events lead to, with the event that led there. */
function walk(
  { from, isPlaced, onLateAcceptance, steps: plan }: Plan,
  visit: (before: CreditState, event: CreditEvent, after: CreditState) => void,
): void {
  // From everywhere, else the rarer states would hardly be met.
  let state = isPlaced ? play([], {}, PLACED) : play(from, { onLateAcceptance });
  for (const step of plan) {
    const led = next(state, step);
    if (led === null) continue;
    visit(state, led.event, led.after);
    state = led.after;
  }
}

const always = (visit: Parameters<typeof walk>[1], numRuns = 500): void =>
  fc.assert(
    fc.property(plans, (plan) => walk(plan, visit)),
    { numRuns },
  );

/** What comes now, comes from the provider or from a person: looked at when there is news. */
const AT_REST: ReadonlySet<string> = new Set(['declined', 'expired', 'cancelled']);

describe('any sequence of facts that the credit chart accepts', () => {
  it('keeps the amounts possible', () => {
    const visited = new Set<string>();
    always((before, _event, { context: c }) => {
      visited.add(before.value);
      expect(c.refundedMinor).toBeGreaterThanOrEqual(0);
      expect(c.refundedMinor).toBeLessThanOrEqual(c.fundedMinor);
      expect(c.fundedMinor + c.releasedMinor).toBeLessThanOrEqual(c.authorizedMinor);
      expect(uninvoicedMinor(c)).toBeGreaterThanOrEqual(0);
      expect([0, c.requestedMinor]).toContain(c.authorizedMinor);
    });
    // It says something only where the walk gets about.
    expect([...visited].toSorted()).toEqual(Object.keys(creditMachine.states).toSorted());
  });

  it('keeps each invoice possible, and says of all what it says of each', () => {
    always((_before, _event, { context: c }) => {
      for (const invoice of Object.values(c.invoices)) {
        expect(invoice.returnedMinor).toBeLessThanOrEqual(invoice.amountMinor);
        expect(invoice.releasedMinor).toBeLessThanOrEqual(invoice.returnedMinor);
        expect(invoice.isCancelled && invoice.isFunded).toBe(false);
      }
      const paid = liveInvoices(c).filter(({ isFunded }) => isFunded);
      const sum = paid.reduce((total, invoice) => total + payableMinor(invoice), 0);
      expect(c.fundedMinor).toBe(sum);
    });
  });

  it('posts exactly what the amounts say, in balance', () => {
    always((before, event) => {
      // `fold` throws when postings and amounts disagree, or do not sum to zero.
      fold(creditLifecycle.freeze(before), 1, [{ event, actor: 'test' }]);
    });
  });

  it('leaves no state without an effect, a deadline, a command or an end', () => {
    always((_before, _event, state) => {
      const { asking, isReviewed, operation } = state.context;
      const effect = creditLifecycle.pendingEffect(state);
      const deadline = creditLifecycle.deadline(state);
      if (operation !== null && state.value !== 'parked') {
        expect(effect ?? deadline, `${state.value} waits for nothing`).not.toBeNull();
      }
      if (asking !== null && effect === null) expect(deadline).not.toBeNull();
      const isUndecided = isReviewed && operation === null;
      const isTold = creditLifecycle.view(state).needsAttention !== null;
      if (isUndecided) expect(asking !== null || isTold).toBe(true);
      const owed =
        effect ??
        deadline ??
        creditLifecycle.commands(state)[0] ??
        (AT_REST.has(state.value) || null);
      expect(owed, `${state.value} waits for nothing`).not.toBeNull();
    });
  });

  it('can always take what time brings', () => {
    always((_before, _event, state) => {
      const due = creditLifecycle.deadline(state);
      if (due === null || creditLifecycle.pendingEffect(state) !== null) return;
      const after = creditLifecycle.applyEvent(state, due.event as CreditEvent);
      expect(after, `${due.event.type} in ${state.value}`).not.toBeNull();
    });
  });

  it('offers only commands that it then accepts, up to their amount and no further', () => {
    always((_before, _event, state) => {
      for (const { verb, maxMinor } of creditLifecycle.commands(state)) {
        if (maxMinor === undefined || verb !== 'invoice') continue;
        const asked = creditLifecycle.decide(state, { verb, amountMinor: maxMinor }, 1);
        expect(creditLifecycle.applyEvent(state, asked as CreditEvent)).not.toBeNull();
        for (const amountMinor of [0, -1, 0.5, maxMinor + 1]) {
          expect(creditLifecycle.decide(state, { verb, amountMinor }, 1)).toMatchObject({
            code: 'amount-out-of-range',
            maxMinor,
          });
        }
      }
    });
  });

  it('reads the same after it was stored', () => {
    always((_before, _event, state) => {
      const frozen = JSON.parse(JSON.stringify(creditLifecycle.freeze(state))) as never;
      const again = creditLifecycle.thaw(frozen);
      expect(creditLifecycle.view(again)).toEqual(creditLifecycle.view(state));
      expect(creditLifecycle.pendingEffect(again)).toEqual(creditLifecycle.pendingEffect(state));
    }, 200);
  });
});
