import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cardLifecycle1 } from '../../../machines/card/card.former.ts';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { advance, lifecycleOf, migrationDue } from '../../../machines/lifecycles.ts';
import type { Frozen } from '../../../machines/shared/lifecycle.ts';
import { fold } from '../../../db/journal/fold.ts';
import { EVENTS, INPUT } from './card.states.ts';

const former = (...events: readonly CardEvent[]): CardState =>
  events.reduce(
    (state, event) => cardLifecycle1.applyEvent(state, event) ?? state,
    cardLifecycle1.open(INPUT),
  );
const woken = (frozen: Frozen): Frozen => {
  const event = migrationDue(frozen, 9);
  if (event === null) throw new Error('it stays of its version');
  return fold(frozen, 1, [{ event, actor: 'system' }]).frozen;
};

const operationId = 'op_sample_authorize_1';
const refused: CardEvent = {
  type: 'authorization.refused',
  at: 1,
  operationId,
  reason: 'HTTP 401 invalid_api_key',
};

describe('a payment of version 1 that is woken', () => {
  it('is declined where a refusal had parked it, and asks nobody any more', () => {
    const parked = former(refused);
    expect(cardLifecycle1.view(parked).status).toBe('parked');
    const view = cardLifecycle.view(cardLifecycle.thaw(woken(cardLifecycle1.freeze(parked))));
    expect(view).toMatchObject({
      status: 'declined',
      decline: { code: 'provider_refused' },
      operationInFlight: null,
    });
    expect(view.needsAttention).toContain('refused the authorization');
  });

  it('stays parked where nobody knows what became of it', () => {
    const parked = former(
      { type: 'authorization.unknown', at: 1, operationId, reason: 'time-out' },
      { type: 'inquiry.exhausted', at: 2 },
    );
    const state = cardLifecycle.thaw(woken(cardLifecycle1.freeze(parked)));
    expect(cardLifecycle.view(state)).toMatchObject({
      status: 'parked',
      operationInFlight: operationId,
    });
  });

  it('has the same amounts and owes no more than before, whatever happened to it', () => {
    const steps = fc.array(fc.constantFrom(...EVENTS), { maxLength: 15 });
    fc.assert(
      fc.property(steps, (events) => {
        const before = former(...events);
        const frozen = cardLifecycle1.freeze(before);
        if (migrationDue(frozen, 9) === null) return;
        const after = woken(frozen);
        const reached = { lifecycle: lifecycleOf(after), state: lifecycleOf(after).thaw(after) };
        expect(reached.lifecycle.view(reached.state).amounts).toEqual(
          cardLifecycle1.view(before).amounts,
        );
        expect(reached.lifecycle.pendingEffect(reached.state)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it('goes on with its operation by the rules that it was begun with', () => {
    const frozen = cardLifecycle1.freeze(former());
    expect(migrationDue(frozen, 9)).toBeNull();
    const reached = { lifecycle: lifecycleOf(frozen), state: lifecycleOf(frozen).thaw(frozen) };
    const next = advance(reached, refused);
    expect(next && next.lifecycle.view(next.state).status).toBe('parked');
  });
});
