/** What may not be forgotten of a guaranteed invoice, and what may not be taken for more than it is. */
import { describe, expect, it } from 'vitest';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import {
  guaranteeLifecycle,
  type GuaranteeState,
} from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { asks, INVOICE, NOTES, play, says, TOTAL, WAYS } from './guarantee.states.ts';

const at = 1;
const said = (state: GuaranteeState) => guaranteeLifecycle.view(state);
const exhausted: GuaranteeEvent = { type: 'inquiry.exhausted', at };
const next = (state: GuaranteeState, event: GuaranteeEvent): GuaranteeState => {
  const after = guaranteeLifecycle.applyEvent(state, event);
  if (after === null) throw new Error(`${event.type} is not legal in ${state.value}`);
  return after;
};
const picture = { notes: NOTES, guaranteedMinor: null };

describe('a guaranteed invoice', () => {
  it('of which a claim was recorded is not said to be claimed as a whole', () => {
    const claimed = play([...WAYS.overdue, { ...asks.claim, amountMinor: 900 }]);
    const seen = { ...picture, stands: true, stage: 'claimed' as const };
    expect(guaranteeLifecycle.factsOf(claimed, seen, at)).toEqual([]);
    expect(said(claimed).amounts.captured).toBe(900);
  });

  it('whose limit is blocked is not free on an answer that is not understood', () => {
    const blocked = play(WAYS.limit_blocked);
    const unclear = { ...picture, stands: false, stage: null };
    expect(guaranteeLifecycle.factsOf(blocked, unclear, at)).toEqual([]);
    const free = { ...picture, stands: false, stage: 'cancelled' as const };
    expect(guaranteeLifecycle.factsOf(blocked, free, at)).toMatchObject([
      { type: 'cancellation.found' },
    ]);
  });

  it('that was denied once is not activated with the dates of that time', () => {
    const old = { ...says.unknown('activation'), invoice: INVOICE } as GuaranteeEvent;
    const again = play([...WAYS.activating, old, says.declined('activation'), asks.activate]);
    expect(said(again).details).toMatchObject({ dueOn: null, invoiceNumber: null });
  });

  it('is not resolved by what was said before it was refused', () => {
    const proposed = [...WAYS.capturing, says.unknown('capture'), exhausted, asks.resolve];
    const refused = play([...proposed, says.refused('capture')]);
    expect(refused.context.resolution).toBeNull();
    expect(guaranteeLifecycle.pendingEffect(refused)).toMatchObject({
      about: { type: 'picture' },
      lookOnly: false,
    });
  });

  it('sends nothing again because of a message', () => {
    const news: GuaranteeEvent = {
      type: 'news.received',
      at,
      source: 'reconciliation',
      name: 'nightly look',
      notificationId: null,
      verified: false,
      providerRef: null,
    };
    expect(guaranteeLifecycle.pendingEffect(next(play(WAYS.parked), news))).toMatchObject({
      type: 'inquire',
      lookOnly: true,
    });
  });

  it('says what the provider shows that cannot be, until it shows something that can', () => {
    const wrong = play([
      ...WAYS.reserved,
      { type: 'picture.contradicted', at, reason: 'it is denied there' },
    ]);
    const asked = next(wrong, asks.recheck);
    expect(said(asked).needsAttention).toContain('disagree');
    expect(said(next(asked, { type: 'picture.confirmed', at })).needsAttention).toBeNull();
  });

  it('blocks what it reserved until it is told otherwise', () => {
    expect(said(play(WAYS.guarantee_denied)).amounts).toMatchObject({
      authorized: TOTAL,
      captured: 0,
      voided: 0,
    });
  });
});
