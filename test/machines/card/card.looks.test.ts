import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardPicture } from '../../../machines/card/card.types.ts';
import { STATES } from './card.states.ts';

const at = 2_000;
const refunded = STATES.find(({ name }) => name === 'partially_refunded')!.state;
const operationId = Object.keys(refunded.context.refunds)[0]!;

/** What the provider shows of the payment of `refunded`, whose refund we know by our own id only. */
const shown = (status: 'succeeded' | 'failed'): CardPicture => ({
  providerRef: 'pi_1',
  authorizedMinor: 1_050,
  capturedMinor: 1_050,
  heldMinor: 0,
  holdEndsAt: null,
  multicapture: true,
  endedBy: null,
  refunds: [{ providerRef: 're_1', operationId, amountMinor: 400, status, reason: null }],
  disputes: [],
});
const look = (state: CardState, picture: CardPicture) =>
  cardLifecycle.factsOf(state, [picture], at).map(({ type }) => type);

describe('a look at a hold', () => {
  const { state } = STATES.find(({ name }) => name === 'authorized')!;
  const held = (holdEndsAt: number): CardPicture => ({
    ...shown('succeeded'),
    capturedMinor: 0,
    heldMinor: 1_050,
    holdEndsAt,
    refunds: [],
  });

  it('learns that the provider has moved its end, and warns of the new one', () => {
    expect(look(state, held(700_000_000))).toEqual(['hold.rescheduled']);
    const [event] = cardLifecycle.factsOf(state, [held(700_000_000)], at);
    const moved = cardLifecycle.applyEvent(state, event!);
    expect(moved && cardLifecycle.view(moved).deadline).toMatchObject({ at: 700_000_000 });
  });

  it('changes nothing while it stands as it stood', () => {
    expect(look(state, held(state.context.holdEndsAt!))).toEqual(['picture.confirmed']);
  });
});

describe('a look at a payment whose refund an operator resolved', () => {
  it('takes the provider’s own refund for the one that it is, and counts it once', () => {
    expect(look(refunded, shown('succeeded'))).toEqual(['picture.confirmed']);
  });

  it('finds that it failed after all', () => {
    expect(look(refunded, shown('failed'))).toEqual(['refund.failed']);
  });
});

describe('a look at a dispute', () => {
  const dispute = {
    providerRef: 'dp_1',
    amountMinor: 1_050,
    reason: 'fraudulent',
    respondBy: null,
  };
  const { state } = STATES.find(({ name }) => name === 'charged_back')!;
  const seen = (status: 'open' | 'won' | 'lost'): CardPicture => ({
    ...shown('succeeded'),
    refunds: [],
    disputes: [{ ...dispute, status }],
  });

  it('finds that what was lost was won on appeal, and has the money back', () => {
    const facts = cardLifecycle.factsOf(state, [seen('won')], at);
    expect(facts.map(({ type }) => type)).toEqual(['dispute.won']);
    const won = cardLifecycle.applyEvent(state, facts[0]!);
    expect(won && cardLifecycle.view(won)).toMatchObject({
      status: 'captured',
      amounts: { disputed: 0, chargedBack: 0 },
    });
    const postings = cardLifecycle.postings(state, facts[0]!, won!);
    expect(postings.map(({ account, amountMinor }) => [account, amountMinor])).toEqual([
      ['provider_balance', 1_050],
      ['chargebacks', -1_050],
    ]);
  });

  it('does not take what is lost for open again while an appeal runs', () => {
    expect(look(state, seen('open'))).toEqual(['picture.confirmed']);
  });
});
