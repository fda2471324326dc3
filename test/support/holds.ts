/** Integrations that differ in what is done before a hold ends, and the clock that ends it. */
import { expect } from 'vitest';
import type { Holdfast } from './holdfast.ts';

export const ACTIONS = ['reauthorize', 'capture', 'void', 'nothing'] as const;
type Action = (typeof ACTIONS)[number];

/** One integration for each policy; `actBeforeMs` is at most half of a hold. */
export async function savePolicies(
  holdfast: Holdfast,
  policy: Record<string, unknown>,
): Promise<void> {
  for (const onHoldEnding of ACTIONS) {
    await holdfast.saveIntegration(`stripe_${onHoldEnding}`, 'test', {
      policy: { ...policy, onHoldEnding },
    });
  }
}

export const by = (action: Action) => ({ method: `stripe_${action}.card` });

/** The real clock is the only one here: its seconds have to pass. */
export const untilClockIs = (at: number): Promise<void> =>
  expect.poll(() => Date.now(), { timeout: 40_000, interval: 50 }).toBeGreaterThanOrEqual(at);
