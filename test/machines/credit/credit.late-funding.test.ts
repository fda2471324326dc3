import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle } from '../../../machines/credit/credit.lifecycle.ts';
import { DAY, found, INPUT, play, WAYS } from './credit.states.ts';

const HOUR = 3_600_000;
const part: CreditEvent = { ...found.invoice, amountMinor: INPUT.total.amountMinor / 2 };

describe('an invoice that is late', () => {
  it.each([
    ['stands', []],
    ['was cancelled there', [found.cancelled]],
  ])('is asked about ever more rarely, also when the rest of its order %s', (_how, ended) => {
    let state = play([...WAYS.authorized, part, ...ended]);
    const questions: number[] = [];
    for (let at = 0; at < 2 * DAY;) {
      const due = creditLifecycle.deadline(state);
      if (due === null) break;
      at = due.at;
      if (due.event.type === 'inquiry.due') questions.push(at);
      state = creditLifecycle.applyEvent(state, due.event as CreditEvent) ?? state;
      // The provider shows nothing new, whenever it is asked.
      if (creditLifecycle.pendingEffect(state) === null) continue;
      state = creditLifecycle.applyEvent(state, { type: 'picture.confirmed', at }) ?? state;
    }
    expect(questions.length).toBeGreaterThan(10);
    expect(questions.length).toBeLessThan(60);
    expect(questions.at(-1)! - questions.at(-2)!).toBe(HOUR);
  });
});
