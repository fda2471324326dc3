/** Workers that are stopped or killed while a hold runs: the next one does what is due, once. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, startCrashWorker } from '../support/crash.ts';
import { createHoldfast } from '../support/holdfast.ts';
import { ACTIONS, by, savePolicies, untilClockIs } from '../support/holds.ts';
import { heldIn, ledgerOf, typesOf } from '../support/told.ts';

describe('a worker that is stopped while a hold runs', () => {
  it('is replaced by one that does what is due, before the hold ends', async () => {
    const holdfast = await createHoldfast({ workerless: true, holdMs: 40_000 });
    // What is due is due after seven seconds; a busy machine has half a minute to start the second worker.
    await savePolicies(holdfast, { warnBeforeMs: 36_000, actBeforeMs: 33_000 });
    const first = await holdfast.startWorker();
    const started = await Promise.all(
      (['reauthorize', 'capture', 'void'] as const).map((action) => holdfast.start(by(action))),
    );
    await first.stop();
    const dueAt = started.map(({ body }) =>
      Date.parse(body.deadlines.find(({ event }) => event === 'hold.policy_due')!.at),
    );
    await untilClockIs(Math.max(...dueAt));
    for (const { body } of started) expect(await holdfast.movements(body.id)).toHaveLength(1);

    const second = await holdfast.startWorker();
    const [renewed, captured, voided] = started.map(({ body }) => body.id) as [
      string,
      string,
      string,
    ];
    await holdfast.until(captured, ({ status }) => status === 'captured');
    await holdfast.until(voided, ({ status }) => status === 'voided');
    await holdfast.until(renewed, ({ amounts }) => amounts.voided === 10_500);
    for (const { body } of started) {
      const told = await typesOf(holdfast, body.id);
      expect(told.filter((type) => type === 'payment.hold_ending')).toHaveLength(1);
    }
    expect(heldIn(await holdfast.movements(renewed))).toEqual([10_500]);
    await holdfast.command(renewed, 'void');
    await second.stop();
    await holdfast.close();
  }, 120_000);

  it('is replaced too late: what has lapsed is expired, whatever the policy was', async () => {
    const holdfast = await createHoldfast({ workerless: true, holdMs: 2_000 });
    await savePolicies(holdfast, { warnBeforeMs: 1_500, actBeforeMs: 500 });
    const first = await holdfast.startWorker();
    const started = await Promise.all(ACTIONS.map((action) => holdfast.start(by(action))));
    await first.stop();
    await untilClockIs(Math.max(...started.map(({ body }) => Date.parse(body.deadline!.at))));
    const second = await holdfast.startWorker();
    for (const { body } of started) {
      const payment = await holdfast.until(body.id, ({ status }) => status === 'expired');
      expect(payment.amounts).toMatchObject({ captured: 0, voided: 10_500 });
      expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'void 10500']);
      expect((await typesOf(holdfast, body.id)).at(-1)).toBe('payment.expired');
    }
    await second.stop();
    await holdfast.close();
  });
});

describe('a worker that is killed while it renews a hold', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-holds-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.concurrent.each([
    ['after the new hold was placed and before that is journaled', 'reauthorize', 'after-call'],
    ['after the new hold is journaled and before Temporal knows', 'reauthorize', 'after-journal'],
    ['before the old hold is released', 'void', 'before-call'],
    ['after the old hold was released and before that is journaled', 'void', 'after-call'],
  ] as const)(
    'leaves one hold and no other when it dies %s',
    async (_when, verb, point) => {
      const holdfast = await createHoldfast({ workerless: true, holdMs: 26_000 });
      // Its heartbeat and the next attempt take ten seconds, for which the new hold has to last.
      await savePolicies(holdfast, { warnBeforeMs: 20_000, actBeforeMs: 13_000 });
      const mark = join(dir, `${verb}-${point}`);
      const workers = [await startCrashWorker(holdfast, point, verb, mark)];
      try {
        const died = once(workers[0]!, 'exit');
        const { body } = await holdfast.start(by('reauthorize'));
        await died;
        workers.push(await startCrashWorker(holdfast, 'never', verb, mark));
        await holdfast.until(body.id, ({ amounts }) => amounts.voided >= 10_500);
        // Nobody renews any more, so that what is counted stands still.
        const captured = await holdfast.command(body.id, 'capture');
        expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
        const movements = await holdfast.movements(body.id);
        expect(heldIn(movements)).toEqual([]);
        expect(movements.filter(({ kind }) => kind === 'capture')).toHaveLength(1);
        const facts = await holdfast.facts(body.id);
        const renewals = facts.filter((type) => type === 'reauthorization.approved').length;
        expect(movements.filter(({ kind }) => kind === 'authorize')).toHaveLength(renewals + 1);
        expect(movements.filter(({ kind }) => kind === 'void')).toHaveLength(renewals);
      } finally {
        await Promise.all(workers.map(kill));
        await holdfast.close();
      }
    },
    120_000,
  );
});
