import { describe, expect, it } from 'vitest';
import { FAULTS } from '../../../activities/providers/shared/simulator-faults.ts';
import { BLOWS, createBlows } from './chaos.ts';
import { createPlan } from './plan.ts';

const SEEDS = Array.from({ length: 20 }, (_, seed) => seed);

describe('a storm', () => {
  it('is the same for the same seed, and another for another', () => {
    expect(createPlan(7, 50)).toEqual(createPlan(7, 50));
    expect(createPlan(7, 50)).not.toEqual(createPlan(8, 50));
    expect(createBlows(7, 50)).toEqual(createBlows(7, 50));
  });

  it('of 200 payments arms each fault and deals each blow, whatever the seed', () => {
    for (const seed of SEEDS) {
      const plan = createPlan(seed, 200);
      const armed = plan.flatMap(({ faults }) => faults.map(({ fault }) => fault));
      expect(FAULTS.filter((fault) => !armed.includes(fault))).toEqual([]);
      expect(new Set(createBlows(seed, 200).map(({ blow }) => blow))).toEqual(new Set(BLOWS));
    }
  });

  it('of 200 payments has every family, doubled requests and every kind of buyer', () => {
    for (const seed of SEEDS) {
      const plan = createPlan(seed, 200);
      expect(new Set(plan.map(({ family }) => family)).size).toBe(4);
      const asks = plan.flatMap((script) => [script.start, ...script.asks]);
      expect(new Set(asks.map(({ manner }) => manner)).size).toBe(3);
      expect(plan.some(({ atOnce }) => atOnce)).toBe(true);
    }
  });

  it('arms a fault before a request that the payment makes', () => {
    for (const { asks, faults } of createPlan(3, 1_000)) {
      for (const { before } of faults) expect(before).toBeLessThanOrEqual(asks.length);
    }
  });
});
