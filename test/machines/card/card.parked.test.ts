import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { STATES } from './card.states.ts';

const awaiting = STATES.find(({ name }) => name === 'awaiting_buyer')?.state as CardState;
const at = 5_000;
const answer = { at, operationId: 'op_sample_void_1' };
const decline = { verb: 'void', code: 'no', message: 'No.', advice: null };
const proposed = { type: 'resolution.proposed', at, outcome: 'failed', providerRef: null } as const;

const play = (state: CardState, ...events: CardEvent[]): CardState =>
  events.reduce((before, event) => {
    const next = cardLifecycle.applyEvent(before, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${before.value}`);
    return next;
  }, state);

const WAYS: Readonly<Record<string, readonly CardEvent[]>> = {
  declined: [{ type: 'void.declined', ...answer, decline }],
  refused: [{ type: 'void.refused', ...answer, reason: 'HTTP 400' }],
  'resolved as failed': [
    { type: 'void.unknown', ...answer, reason: 'time-out' },
    { type: 'inquiry.exhausted', at },
    { ...proposed, reason: 'It is open in the dashboard.' },
    { type: 'inquiry.inconclusive', at, reason: 'time-out' },
    { type: 'resolution.applied', at },
  ],
};

describe.each(Object.entries(WAYS))('a void of nothing held that was %s', (_name, events) => {
  it('asks for a person, who cancels it at the provider and rechecks it', () => {
    const state = play(awaiting, { type: 'void.requested', at }, ...events);
    const { status, needsAttention, commands } = cardLifecycle.view(state);
    expect(status).toBe('parked');
    expect(needsAttention).toContain('the buyer may still pay');
    expect(commands).toEqual([{ verb: 'recheck' }]);
    const asked = cardLifecycle.decide(state, { verb: 'recheck' }, at) as CardEvent;
    const gone = { type: 'void.found', at, amountMinor: 0 } as const;
    const voided = cardLifecycle.view(play(state, asked, gone));
    expect(voided).toMatchObject({ status: 'voided', needsAttention: null });
  });
});
