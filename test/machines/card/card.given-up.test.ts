import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { isRefusal } from '../../../machines/shared/lifecycle.ts';
import { INPUT } from './card.states.ts';

const operationId = 'op_sample_authorize_1';
const onwards = (state: CardState, ...events: readonly CardEvent[]): CardState =>
  events.reduce((from, event) => {
    const next = cardLifecycle.applyEvent(from, event);
    if (next === null) throw new Error(`${event.type} is refused in ${from.value}`);
    return next;
  }, state);
const view = (state: CardState) => cardLifecycle.view(state);
const inDoubt = onwards(cardLifecycle.open(INPUT), {
  type: 'authorization.unknown',
  at: 1,
  operationId,
  reason: 'time-out',
});
const givenUp = onwards(inDoubt, {
  type: 'authorization.given_up',
  at: 2,
  reason: 'the buyer left',
});

describe('an authorization in doubt that checkout gives up', () => {
  it('is answered at once, and checkout has something to show', () => {
    expect(view(givenUp)).toMatchObject({
      operationInFlight: null,
      firstOutcomeKnown: true,
      decline: { code: 'given_up' },
    });
  });

  it('is asked about as before, and never sent again', () => {
    expect(cardLifecycle.pendingEffect(givenUp)).toMatchObject({
      type: 'inquire',
      lookOnly: true,
    });
  });

  it.each([
    ['authorization.approved', 'void'],
    ['sale.approved', 'refund'],
  ] as const)('is given back when it is found: %s', (type, verb) => {
    const found = {
      type,
      at: 3,
      operationId,
      providerRef: 'pi_1',
      amountMinor: 1_050,
      holdEndsAt: null,
      multicapture: false,
    } as CardEvent;
    const state = onwards(givenUp, found);
    const due = cardLifecycle.deadline(state);
    expect(due).toMatchObject({ at: 3, event: { type: 'late_money.rejected' } });
    const released = onwards(state, due?.event as CardEvent);
    expect(cardLifecycle.pendingEffect(released)).toMatchObject({ type: verb });
  });

  it('is over when it never took place', () => {
    const state = onwards(givenUp, {
      type: 'authorization.absent',
      at: 3,
      operationId,
      reason: 'not there',
    });
    expect(view(state).status).toBe('expired');
  });

  it('can be given up once, and not once it is known', () => {
    const again = cardLifecycle.decide(givenUp, { verb: 'give-up' }, 3);
    expect(isRefusal(again)).toBe(true);
    const approved = onwards(inDoubt, {
      type: 'authorization.approved',
      at: 2,
      operationId,
      providerRef: 'pi_1',
      amountMinor: 1_050,
      holdEndsAt: null,
      multicapture: false,
    });
    expect(isRefusal(cardLifecycle.decide(approved, { verb: 'give-up' }, 3))).toBe(true);
  });
});
