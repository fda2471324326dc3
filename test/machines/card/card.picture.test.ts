/** What looks at the provider lead to, beyond what its own books and ours agree about. */
import { describe, expect, it } from 'vitest';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import { Clock, DAY, START, TOTAL } from './card.clock.ts';

describe('a picture that cannot be right, of a hold whose date has come', () => {
  it('is asked for again ever more rarely, and not each second', () => {
    const payment = new Clock({ holdsMs: [7 * DAY] }).runTo(START + 7 * DAY - 1);
    payment.holds.set('pi_1', {
      amountMinor: TOTAL + 1,
      endsAt: START + 7 * DAY,
      capturedMinor: 0,
      endedBy: null,
    });
    payment.runTo(START + 8 * DAY);
    expect(payment.told('picture.contradicted').length).toBeLessThan(40);
    expect(payment.view.needsAttention).toContain('disagree');
  });
});

describe('a look whose clock is behind the one by which the hold was due', () => {
  it('asks again later, and not at once', () => {
    const { state } = new Clock({ holdsMs: [7 * DAY] }).runTo(START + 7 * DAY - 1);
    const at = START + 7 * DAY;
    const due = cardLifecycle.applyEvent(state, { type: 'hold.due', at });
    const seen = due && cardLifecycle.applyEvent(due, { type: 'picture.confirmed', at: at - 200 });
    expect(seen && cardLifecycle.deadline(seen)).toMatchObject({ event: { type: 'inquiry.due' } });
  });
});
