import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { fold } from '../../../db/journal/fold.ts';
import { EVENTS, INPUT } from './card.states.ts';

/** What may happen next: the samples, with ids of the operation in flight and amounts at random. */
function eventFor(state: CardState, sample: CardEvent, amountMinor: number): CardEvent {
  const { operation } = state.context;
  const { context: c } = state;
  const held = c.authorizedMinor - c.capturedMinor - c.voidedMinor;
  const named = 'operationId' in sample && operation !== null ? { operationId: operation.id } : {};
  const rest = operation?.final === true ? held - amountMinor : 0;
  const releasedMinor = sample.type === 'void.succeeded' ? held : rest;
  return {
    ...sample,
    ...named,
    ...('amountMinor' in sample ? { amountMinor } : {}),
    ...('releasedMinor' in sample ? { releasedMinor } : {}),
  };
}

const ENDED: ReadonlySet<string> = new Set([
  'declined',
  'expired',
  'voided',
  'refunded',
  'disputed',
  'charged_back',
  'parked',
]);

const steps = fc.array(
  fc.record({
    sample: fc.constantFrom(...EVENTS),
    amountMinor: fc.integer({ min: -1, max: 1_051 }),
  }),
  { minLength: 1, maxLength: 40 },
);

/** Every state that random events lead to, with the event that led there. */
function walk(
  plan: readonly { sample: CardEvent; amountMinor: number }[],
  visit: (before: CardState, event: CardEvent, after: CardState) => void,
): void {
  let state = cardLifecycle.open(INPUT);
  for (const { sample, amountMinor } of plan) {
    // Half of the amounts are what is in flight or asked for: else hardly anything would be legal.
    const likely = state.context.operation?.amountMinor ?? amountMinor;
    const event = eventFor(state, sample, amountMinor % 2 === 0 ? likely : amountMinor);
    const next = cardLifecycle.applyEvent(state, event);
    if (next === null) continue;
    visit(state, event, next);
    state = next;
  }
}

describe('any sequence of facts that the card chart accepts', () => {
  it('never captures more than is authorized, counting what is in flight', () => {
    fc.assert(
      fc.property(steps, (plan) =>
        walk(plan, (_before, _event, { context: c }) => {
          const inFlight = c.operation?.verb === 'capture' ? c.operation.amountMinor : 0;
          expect(c.capturedMinor + inFlight + c.voidedMinor).toBeLessThanOrEqual(c.authorizedMinor);
          // While a hold is being replaced, and only then, there are two.
          const isDouble = c.operation?.reason === 'renewed';
          expect(c.authorizedMinor - c.voidedMinor).toBeLessThanOrEqual(
            c.requestedMinor * (isDouble ? 2 : 1),
          );
        }),
      ),
      { numRuns: 2_000 },
    );
  });

  it('never refunds more than is captured, counting what is in flight', () => {
    fc.assert(
      fc.property(steps, (plan) =>
        walk(plan, (_before, _event, { context: c }) => {
          const inFlight = c.operation?.verb === 'refund' ? c.operation.amountMinor : 0;
          expect(c.refundedMinor + inFlight).toBeLessThanOrEqual(c.capturedMinor);
        }),
      ),
      { numRuns: 2_000 },
    );
  });

  it('posts exactly what the amounts say, in balance', () => {
    fc.assert(
      fc.property(steps, (plan) =>
        walk(plan, (before, event) => {
          // `fold` throws when postings and amounts disagree, or do not sum to zero.
          fold(cardLifecycle.freeze(before), 1, [{ event, actor: 'test' }]);
        }),
      ),
      { numRuns: 1_000 },
    );
  });

  it('can always take what time brings', () => {
    fc.assert(
      fc.property(steps, (plan) =>
        walk(plan, (_before, _event, state) => {
          const due = cardLifecycle.deadline(state);
          if (due === null || cardLifecycle.pendingEffect(state) !== null) return;
          const next = cardLifecycle.applyEvent(state, due.event as CardEvent);
          expect(next, `${due.event.type} in ${state.value}`).not.toBeNull();
        }),
      ),
      { numRuns: 2_000 },
    );
  });

  it('leaves no state without an effect, a deadline, a command or an end', () => {
    fc.assert(
      fc.property(steps, (plan) =>
        walk(plan, (_before, _event, state) => {
          const owed =
            cardLifecycle.pendingEffect(state) ??
            cardLifecycle.deadline(state) ??
            cardLifecycle.commands(state)[0] ??
            // What comes now, comes from the provider: looked at when there is news.
            (ENDED.has(state.value) || null);
          expect(owed, `${state.value} waits for nothing`).not.toBeNull();
        }),
      ),
      { numRuns: 2_000 },
    );
  });

  it('offers only commands that it then accepts, up to their amount and no further', () => {
    fc.assert(
      fc.property(steps, (plan) =>
        walk(plan, (_before, _event, state) => {
          for (const { verb, maxMinor } of cardLifecycle.commands(state)) {
            const said = { outcome: 'failed', reason: 'Not in the dashboard.' } as const;
            const terms = verb === 'resolve' ? said : { amountMinor: maxMinor };
            const asked = cardLifecycle.decide(state, { verb, ...terms }, 1);
            expect(cardLifecycle.applyEvent(state, asked as CardEvent)).not.toBeNull();
            if (maxMinor === undefined) continue;
            for (const amountMinor of [0, -1, 0.5, maxMinor + 1]) {
              expect(cardLifecycle.decide(state, { verb, amountMinor }, 1)).toMatchObject({
                code: 'amount-out-of-range',
                maxMinor,
              });
            }
          }
        }),
      ),
      { numRuns: 500 },
    );
  });
});
