import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  ASK_AFTER_MS,
  askAgain,
  askLater,
  askNow,
  askSoon,
  type Asking,
} from '../../../machines/shared/asking.ts';

/** The moments at which `asking` asks, when every question brings nothing at once. */
function moments(asking: Asking, count: number): number[] {
  const asked: number[] = [];
  let now = asking;
  while (asked.length < count) {
    asked.push(now.askAt);
    now = askLater(askAgain(now), now.askAt);
  }
  return asked;
}

describe('asking', () => {
  it('begins at once after a doubt', () => {
    expect(askNow(5_000)).toEqual({ phase: 'ask', asked: 0, since: 5_000, askAt: 5_000 });
  });

  it('begins a second after the provider said that it is busy with it', () => {
    expect(askSoon(5_000)).toEqual({ phase: 'wait', asked: 0, since: 5_000, askAt: 6_000 });
  });

  it('asks soon at first and then ever more rarely, at last every hour', () => {
    const at = moments(askNow(0), 12);
    const pauses = at.slice(1).map((moment, index) => (moment - at[index]!) / 1_000);
    expect(pauses).toEqual([1, 2, 5, 10, 30, 130, 300, 900, 3_600, 3_600, 3_600]);
  });

  it('never asks sooner than the time before', () => {
    expect(ASK_AFTER_MS).toEqual(ASK_AFTER_MS.toSorted((a, b) => a - b));
  });

  it('waits from the answer on, not from when it was due, and keeps when the doubt began', () => {
    fc.assert(
      fc.property(fc.nat(1e12), fc.nat(1e6), fc.nat(40), (since, late, asked) => {
        const asking: Asking = { phase: 'ask', asked, since, askAt: since };
        const next = askLater(asking, since + late);
        expect(next).toMatchObject({ phase: 'wait', asked: asked + 1, since });
        expect(next.askAt - (since + late)).toBe(ASK_AFTER_MS[asked] ?? 3_600_000);
      }),
    );
  });

  it('changes nothing but the phase when a question falls due', () => {
    const waiting = askSoon(1);
    expect(askAgain(waiting)).toEqual({ ...waiting, phase: 'ask' });
  });
});
