import { describe, expect, it } from 'vitest';
import { asks, play, says, WAYS } from './guarantee.states.ts';

/** An operator saw it succeed, and the provider says otherwise: its word is proof. */
describe('a reservation that an operator wrongly resolved as done', () => {
  it.each([
    ['was never made', says.absent('reservation'), 'expired'],
    ['was declined', says.declined('reservation'), 'declined'],
  ] as const)('is over when it %s, and says who was wrong', (_what, answer, status) => {
    const state = play([...WAYS.parked, asks.resolve, answer]);
    expect(state.value).toBe(status);
    expect(state.context.decline).toMatchObject({ verb: 'resolve', code: 'contradicts_proof' });
  });
});
