/** Workers killed at each step of an order that is reserved, captured and activated by itself. */
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, type Point, startCrashWorker } from '../support/crash.ts';
import { createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const POINTS = {
  'before-call': 'before InfinitePay is called',
  'after-call': 'after InfinitePay acted and before that is journaled',
  'after-journal': 'after the outcome is journaled and before Temporal knows',
} as const;
const CASES = (['reserve', 'capture', 'activate'] as const).flatMap((verb) =>
  Object.entries(POINTS).map(([point, words]) => ({ verb, point: point as Point, words })),
);

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'holdfast-crash-'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** What InfinitePay says that the one debtor of these tests owes. */
async function blockedOfDebtor({ simulate }: Guarantees): Promise<number[]> {
  const debtors = (await simulate('portal/debtors')) as { limits: { blockedMinor: number }[] }[];
  return debtors.flatMap(({ limits }) => limits.map(({ blockedMinor }) => blockedMinor));
}

/** The simulator, the journal and the caller who asks again all say the same. */
async function expectOnce(holdfast: Holdfast, infinitepay: Guarantees, key: string): Promise<void> {
  // Whoever was not answered, or not even accepted, asks again under the same key.
  const { body } = await infinitepay.start({}, key);
  const done = await holdfast.until(body.id, ({ status }) => status === 'guaranteed');
  // It is told what it was told, or would have been: how far the order was when that was known.
  const again = await infinitepay.start({}, key);
  expect([again.status, again.body.id]).toEqual([201, done.id]);
  expect((await infinitepay.start({}, key)).body).toEqual(again.body);
  expect(done.amounts).toMatchObject({ authorized: TOTAL, captured: 0, voided: 0 });
  expect([done.needsAttention, done.details?.['guaranteedMinor']]).toEqual([null, TOTAL]);
  expect(infinitepay.simulator.state.orders.size).toBe(1);
  expect(await infinitepay.moved(done)).toEqual([
    `reserve ${TOTAL}`,
    `capture ${TOTAL}`,
    `activate ${TOTAL}`,
  ]);
  expect(await blockedOfDebtor(infinitepay)).toEqual([TOTAL]);
  const facts = await holdfast.facts(done.id);
  expect(facts.filter((type) => type.endsWith('.approved'))).toEqual([
    'reservation.approved',
    'capture.approved',
    'activation.approved',
  ]);
}

describe.concurrent('a worker that is killed on the way to a guarantee', () => {
  it.each(CASES)('leaves one of each when it dies at $verb, $words', async ({ verb, point }) => {
    const holdfast = await createHoldfast({ workerless: true });
    const flags = { autoCapture: true, autoActivate: true };
    const infinitepay = await createGuarantees(holdfast, flags);
    const mark = join(dir, randomUUID());
    const doomed = await startCrashWorker(holdfast, point, verb, mark);
    const workers: ChildProcess[] = [doomed];
    try {
      const key = randomUUID();
      const died = once(doomed, 'exit');
      const asked = infinitepay.start({}, key);
      await died;
      workers.push(await startCrashWorker(holdfast, 'never', verb, mark));
      expect([201, 202, 503]).toContain((await asked).status);
      await expectOnce(holdfast, infinitepay, key);
    } finally {
      await Promise.all(workers.map(kill));
      await holdfast.close();
      await infinitepay.close();
    }
  });
});
