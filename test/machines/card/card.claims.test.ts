import { describe, expect, it } from 'vitest';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import { INPUT } from './card.states.ts';

const stateAfter = (...events: readonly CardEvent[]) =>
  events.reduce((state, event) => {
    const next = cardLifecycle.applyEvent(state, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${state.value}`);
    return next;
  }, cardLifecycle.open(INPUT));

const sale: CardEvent = {
  type: 'sale.approved',
  at: 1,
  operationId: 'op_sample_authorize_1',
  providerRef: 'pi_1',
  amountMinor: 1_050,
};
const requested: CardEvent = { type: 'refund.requested', at: 2, amountMinor: 400, reason: null };
const pending: CardEvent = { type: 'refund.pending', at: 3, operationId: 'op_sample_refund_1' };

describe('what a payment knows of a refund', () => {
  const failed = { says: 'refund', providerRef: 're_1', status: 'failed' } as const;

  it('is not that it failed, while one is pending that may be it', () => {
    const refunding = stateAfter(sale, requested, pending);
    expect(cardLifecycle.knows(refunding, failed)).toBe(false);
    const news = {
      source: 'provider',
      name: 'refund.failed',
      notificationId: 'ntf_1',
      verified: true,
      providerRef: 'pi_1',
      claim: failed,
    } as const;
    const heard = cardLifecycle.hear(refunding, news, 4);
    expect(heard?.type).toBe('news.received');
    const asking = stateAfter(sale, requested, pending, heard as CardEvent);
    expect(cardLifecycle.pendingEffect(asking)).toMatchObject({
      type: 'inquire',
      about: { type: 'picture' },
    });
  });

  it('is that it failed, when none was ever counted and none is in flight', () => {
    expect(cardLifecycle.knows(stateAfter(sale), failed)).toBe(true);
  });
});
