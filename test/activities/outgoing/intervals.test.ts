import { describe, expect, it } from 'vitest';
import { intervalMs, retryAfterMs } from '../../../activities/outgoing/intervals.ts';

const THREE_DAYS_MS = 3 * 24 * 3_600_000;

/** When each attempt is made, in milliseconds since the first, while nothing is taken. */
function attemptsWithinThreeDays(random: number): number[] {
  const at = [0];
  for (;;) {
    const next = (at.at(-1) ?? 0) + intervalMs(at.length, random);
    if (next > THREE_DAYS_MS) return at;
    at.push(next);
  }
}

describe('the intervals between attempts', () => {
  it('grow from 5 seconds to 9 hours', () => {
    const seconds = Array.from({ length: 9 }, (_each, index) => intervalMs(index + 1, 0) / 1000);
    expect(seconds).toEqual([5, 20, 80, 320, 1_280, 5_120, 20_480, 32_400, 32_400]);
  });

  it.each([0, 0.5, 1])('fill three days with about fifteen attempts (chance %d)', (random) => {
    const attempts = attemptsWithinThreeDays(random);
    expect(attempts.length).toBeGreaterThanOrEqual(15);
    expect(attempts.length).toBeLessThanOrEqual(16);
    expect(attempts.at(-1)).toBeGreaterThan(0.85 * THREE_DAYS_MS);
  });
});

describe('what an endpoint asks for with Retry-After', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');
  it.each([
    [null, 0],
    ['120', 120_000],
    ['Sat, 21 Nov 2026 12:05:00 GMT', 300_000],
    ['Sat, 21 Nov 2026 11:00:00 GMT', 0],
    ['soon', 0],
    ['999999999', 9 * 3_600_000],
  ])('is heard within reason: %s', (header, ms) => {
    expect(retryAfterMs(header, now)).toBe(ms);
  });
});
