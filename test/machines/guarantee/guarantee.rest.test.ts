/** What a guaranteed payment owes, and is not offered, once nothing is open any more. */
import { describe, expect, it } from 'vitest';
import { guaranteeLifecycle } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { asks, overdue, play, says, TOTAL, WAYS } from './guarantee.states.ts';

const silent: GuaranteeEvent = { type: 'inquiry.inconclusive', at: 1, reason: 'no answer' };

describe('an overdue payment that is given up', () => {
  it.each([
    ['before the provider was asked', [overdue, asks.writeOff]],
    ['between two questions', [overdue, silent, asks.writeOff]],
  ])('asks the provider nothing any more, written off %s', (_when, events) => {
    const state = play([...WAYS.guaranteed, ...events]);
    expect(state.value).toBe('written_off');
    expect(guaranteeLifecycle.pendingEffect(state)).toBeNull();
    expect(guaranteeLifecycle.deadline(state)).toBeNull();
    expect(state.context.asking).toBeNull();
  });
});

describe('where the provider watches the bank account', () => {
  it('is not told of a receipt, as nobody is offered to', () => {
    const receipt = { ...asks.receive, amountMinor: TOTAL - 1 };
    const state = play([...WAYS.guaranteed, receipt], { appliesReceipts: false });
    expect(guaranteeLifecycle.commands(state).map(({ verb }) => verb)).not.toContain('apply');
    expect(guaranteeLifecycle.applyEvent(state, asks.apply)).toBeNull();
  });
});

describe('where it has to be told', () => {
  it('can be told later of a receipt that it did not take', () => {
    const receipt = { ...asks.receive, amountMinor: TOTAL - 1 };
    const state = play([...WAYS.guaranteed, receipt, says.declined('application')]);
    expect(guaranteeLifecycle.applyEvent(state, asks.apply)?.value).toBe('applying');
  });
});
