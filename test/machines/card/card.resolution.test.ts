import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { STATES } from './card.states.ts';

const parked = STATES.find(({ name }) => name === 'parked')?.state as CardState;
const at = 5_000;
const answer = { at, operationId: 'op_sample_authorize_1', providerRef: 'pi_1' };
const proposed: CardEvent = {
  type: 'resolution.proposed',
  at,
  outcome: 'failed',
  providerRef: null,
  reason: 'Not in the dashboard.',
};

const play = (state: CardState, ...events: CardEvent[]): CardState =>
  events.reduce((before, event) => {
    const next = cardLifecycle.applyEvent(before, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${before.value}`);
    return next;
  }, state);

describe('what an operator proposes of an authorization', () => {
  it.each([
    { type: 'review.opened', ...answer },
    {
      type: 'buyer.action_required',
      ...answer,
      nextAction: { type: 'redirect', url: 'https://bank.example/3ds' },
    },
  ] satisfies CardEvent[])('is over when the provider answers $type', (event) => {
    const state = play(parked, proposed, event);
    expect(state.context.resolution).toBeNull();
    expect(cardLifecycle.view(state).decline).toMatchObject({ code: 'contradicts_proof' });
  });

  it('is not applied days later, when the payment is parked again and rechecked', () => {
    const state = play(
      parked,
      proposed,
      { type: 'review.opened', ...answer },
      { type: 'inquiry.exhausted', at },
      { type: 'recheck.requested', at },
      { type: 'inquiry.inconclusive', at, reason: 'time-out' },
    );
    expect(cardLifecycle.deadline(state)?.event.type).not.toBe('resolution.applied');
  });
});
