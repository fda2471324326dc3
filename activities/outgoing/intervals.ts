const FIRST_MS = 5_000;
const GROWTH = 4;
const LONGEST_MS = 9 * 3_600_000;
/** Up to this share is left out at random, so that what failed together is not repeated together. */
const JITTER = 0.1;

/**
 * How long to wait after the given number of attempts: 5 s, 20 s, 80 s, 5 min, 21 min, 85 min,
 * 5.7 h, then 9 h each. Fifteen attempts fill the three days. Shape and length follow the
 * recommendation of https://www.standardwebhooks.com (spec, "Deliverability and reliability"), read
 * 2026-11-21.
 */
export function intervalMs(attempts: number, random: number = Math.random()): number {
  const full = Math.min(FIRST_MS * GROWTH ** (attempts - 1), LONGEST_MS);
  return Math.round(full * (1 - JITTER * random));
}

/** What an endpoint that is busy asks for: seconds or a date (RFC 9110, 10.2.3); never more than our
 *  own longest interval, and 0 when it asks for nothing. */
export function retryAfterMs(header: string | null, now: number): number {
  if (header === null) return 0;
  const ms = /^\d{1,9}$/.test(header) ? Number(header) * 1000 : Date.parse(header) - now;
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(ms, 0), LONGEST_MS);
}
