import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type { CardPicture } from '../../../machines/card/card.types.ts';
import { isRefusal } from '../../../machines/shared/lifecycle.ts';
import { INPUT } from './card.states.ts';

const onwards = (state: CardState, ...events: readonly CardEvent[]): CardState =>
  events.reduce((from, event) => {
    const next = cardLifecycle.applyEvent(from, event);
    if (next === null) throw new Error(`${event.type} is refused in ${from.value}`);
    return next;
  }, state);
const view = (state: CardState) => cardLifecycle.view(state);
const operationId = 'op_sample_authorize_1';
const approved: CardEvent = {
  type: 'authorization.approved',
  at: 1,
  operationId,
  providerRef: 'pi_1',
  amountMinor: 1_050,
  holdEndsAt: 604_800_000,
  multicapture: false,
};
const sale: CardEvent = {
  type: 'sale.approved',
  at: 1,
  operationId,
  providerRef: 'pi_1',
  amountMinor: 1_050,
};
const held: CardPicture = {
  providerRef: 'pi_1',
  authorizedMinor: 1_050,
  capturedMinor: 0,
  heldMinor: 1_050,
  holdEndsAt: 604_800_000,
  multicapture: false,
  endedBy: null,
  refunds: [],
  disputes: [],
};
const taken: CardPicture = { ...held, capturedMinor: 1_050, heldMinor: 0, holdEndsAt: null };
const dispute = {
  providerRef: 'dp_1',
  amountMinor: 1_050,
  status: 'open',
  reason: 'fraudulent',
  respondBy: null,
} as const;
const look = (state: CardState, picture: CardPicture): CardState =>
  onwards(state, ...cardLifecycle.factsOf(state, [picture], 5));
const reviewed = { ...held, review: { providerRef: 'prv_1', isOpen: true, reason: 'rule' } };

describe('a payment that the provider’s people review', () => {
  it('does not look ready to ship', () => {
    const state = look(onwards(cardLifecycle.open(INPUT), approved), reviewed);
    expect(view(state).needsAttention).toContain('reviews this payment');
    expect(view(state).details).toMatchObject({ review: { isOpen: true, reason: 'rule' } });
    expect(cardLifecycle.commands(state)).toContainEqual({ verb: 'capture', maxMinor: 1_050 });
  });

  it('is not captured before they have decided, where the integration wants that', () => {
    const policy = { ...INPUT.policy, captureInReview: 'refuse' } as const;
    const open = cardLifecycle.open({ ...INPUT, policy, captureAt: 20_000 });
    const state = look(onwards(open, approved), reviewed);
    const said = cardLifecycle.decide(state, { verb: 'capture' }, 6);
    expect(isRefusal(said) && said.detail).toContain('reviews');
    expect(view(state).deadlines.map(({ event }) => event)).not.toContain('capture.due');
    const decided = { ...held, review: { ...reviewed.review, isOpen: false, reason: 'approved' } };
    const after = look(state, decided);
    expect(view(after).needsAttention).toBeNull();
    expect(cardLifecycle.deadline(after)?.event.type).toBe('capture.due');
  });
});

describe('an early fraud warning', () => {
  it('needs a person until nothing is left to lose', () => {
    const warned = { ...taken, fraudWarnings: [{ providerRef: 'issfr_1', reason: 'stolen' }] };
    const state = look(onwards(cardLifecycle.open(INPUT), sale), warned);
    expect(view(state).needsAttention).toContain('warns of a fraud');
    const again = cardLifecycle.factsOf(state, [warned], 9);
    expect(again).toEqual([{ type: 'picture.confirmed', at: 9 }]);
  });
});

describe('a dispute', () => {
  const sold = onwards(cardLifecycle.open(INPUT), sale);

  it('in another currency moves no amount of ours, and a person looks at it', () => {
    const foreign = { ...dispute, amountMinor: 0, foreignAmount: 'JPY 1,700,000' };
    const state = look(sold, { ...taken, disputes: [foreign] });
    expect(view(state)).toMatchObject({ status: 'captured', amounts: { disputed: 0 } });
    expect(view(state).needsAttention).toContain('JPY 1,700,000');
  });

  it('is followed when its amount changes', () => {
    const state = look(sold, { ...taken, disputes: [dispute] });
    const less = look(state, { ...taken, disputes: [{ ...dispute, amountMinor: 400 }] });
    expect(view(less).amounts.disputed).toBe(400);
  });

  it('offers no refund while it is open, and says why', () => {
    const part = { ...dispute, amountMinor: 400 };
    const state = look(sold, { ...taken, disputes: [part] });
    expect(cardLifecycle.commands(state)).toEqual([]);
    const said = cardLifecycle.decide(state, { verb: 'refund' }, 6);
    expect(isRefusal(said) && said.detail).toContain('disputes');
  });
});
