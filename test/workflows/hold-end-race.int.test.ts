/** Two hundred captures at the very moment at which their holds end: whoever wins, both sides agree. */
import { setTimeout as wait } from 'node:timers/promises';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast, type Movement } from '../support/holdfast.ts';
import { heldIn, sumOf } from '../support/told.ts';

const PAYMENTS = 200;
/** Run this many side by side, one after another: their holds end in staggered groups. */
const LANES = 25;

/** Before, at, and after the end; commands and their calls take some milliseconds themselves. */
const [OFFSETS = []] = fc.sample(
  fc.array(fc.integer({ min: -250, max: 60 }), { minLength: PAYMENTS, maxLength: PAYMENTS }),
  { numRuns: 1, seed: 20_261_121 },
);

/** Beside them, some that are in time on a slow machine, too. */
const EARLY = Array.from({ length: 20 }, () => -1_200);

describe('a capture at the very moment at which the hold ends', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ holdMs: 3_000 });
    await holdfast.saveIntegration('stripe_lapsing', 'test', { policy: { warnBeforeMs: 0 } });
  });
  afterAll(() => holdfast.close());

  /** Starts a payment and asks for its capture as near to its end as a timer allows. */
  async function race(offsetMs: number): Promise<string> {
    const { body } = await holdfast.start({ method: 'stripe_lapsing.card' });
    const endsAt = Date.parse(body.deadline?.at ?? body.updatedAt);
    await wait(Math.max(0, endsAt + offsetMs - Date.now()));
    const { status } = await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=20' });
    expect([200, 202, 409]).toContain(status);
    return body.id;
  }

  it(`has one outcome, the simulator's, ${PAYMENTS} times`, { timeout: 120_000 }, async () => {
    const offsets = [...OFFSETS, ...EARLY];
    const ids: string[] = [];
    const runLane = async (): Promise<void> => {
      for (let offset = offsets.pop(); offset !== undefined; offset = offsets.pop()) {
        ids.push(await race(offset));
      }
    };
    await Promise.all(Array.from({ length: LANES }, runLane));
    expect(ids).toHaveLength(PAYMENTS + EARLY.length);
    const all = (await holdfast.simulate('ledger')) as Movement[];
    const refs = await refsOf(ids);
    const counts = { captured: 0, expired: 0 };
    for (const id of ids) {
      const ended = ['captured', 'expired'];
      const { status, amounts } = await holdfast.until(id, (now) => ended.includes(now.status));
      const movements = all.filter(({ ref }) => ref === refs.get(id));
      const there = {
        authorized: sumOf(movements, 'authorize'),
        captured: sumOf(movements, 'capture'),
        voided: sumOf(movements, 'void'),
      };
      expect({ id, status, amounts }).toMatchObject({
        status: there.captured === 10_500 ? 'captured' : 'expired',
        amounts: there,
      });
      expect([there.captured, there.voided].toSorted((a, b) => a - b)).toEqual([0, 10_500]);
      expect(heldIn(movements)).toEqual([]);
      if (status === 'captured' || status === 'expired') counts[status] += 1;
    }
    console.log(`at the end of ${ids.length} holds: ${JSON.stringify(counts)}`);
    expect(Math.min(counts.captured, counts.expired)).toBeGreaterThan(0);
  });

  async function refsOf(ids: readonly string[]): Promise<Map<string, string>> {
    const { rows } = await holdfast.pool.query<{ id: string; ref: string }>(
      'select id, provider_ref as ref from payments where id = any($1)',
      [ids],
    );
    return new Map(rows.map(({ id, ref }) => [id, ref]));
  }
});
