import { describe, expect, it } from 'vitest';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import { EVENTS, RESOLVING } from './card.states.ts';

const declined = EVENTS.find(({ type }) => type === 'authorization.declined');

/** The operator is told of the contradiction in the place of the issuer's no. */
describe('a declined payment that an operator had wrongly resolved as paid', () => {
  const state = cardLifecycle.applyEvent(RESOLVING.state, declined as CardEvent);
  const picture = {
    providerRef: 'pi_1',
    authorizedMinor: 0,
    capturedMinor: 0,
    heldMinor: 0,
    holdEndsAt: null,
    multicapture: false,
    endedBy: 'void',
    refunds: [],
    disputes: [],
  } as const;

  it('stays declined, whatever ended it at the provider', () => {
    expect(state?.value).toBe('declined');
    expect(state?.context.decline).toMatchObject({ code: 'contradicts_proof' });
    expect(cardLifecycle.applyEvent(state!, { type: 'hold.expired', at: 2_000 })).toBeNull();
    expect(cardLifecycle.factsOf(state!, [picture], 2_000)).toEqual([
      { type: 'picture.confirmed', at: 2_000 },
    ]);
  });

  it('knows already that it was declined', () => {
    expect(cardLifecycle.knows(state!, { says: 'declined' })).toBe(true);
  });
});
