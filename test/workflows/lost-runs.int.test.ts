/** A run that is lost under a command: only the journal can tell what became of it. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a run that is terminated under a capture', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { multicapture: true } });
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(() => holdfast.close());

  it('is never called not accepted once it is journaled, and captures once', async () => {
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'delay', delayMs: 2_500, times: 1 });
    const asked = holdfast.command(
      body.id,
      'capture',
      { amountMinor: 600, final: true },
      { key: 'lost' },
    );
    await expect
      .poll(() => holdfast.facts(body.id), { timeout: 10_000 })
      .toContain('capture.requested');
    await holdfast.temporal.workflow.getHandle(body.id).terminate('lost');
    const told = await asked;
    expect([200, 202]).toContain(told.status);
    await holdfast.temporal.workflow.execute('sweepPayments', {
      taskQueue: holdfast.taskQueue,
      workflowId: `sweep-${randomUUID()}`,
    });
    await holdfast.until(body.id, ({ amounts }) => amounts.captured === 600);
    const again = await holdfast.command(
      body.id,
      'capture',
      { amountMinor: 600, final: true },
      { key: 'lost' },
    );
    expect([again.status, again.body.amounts.captured]).toEqual([200, 600]);
    const captures = (await holdfast.movements(body.id)).filter(({ kind }) => kind === 'capture');
    expect(captures.map(({ amountMinor }) => amountMinor)).toEqual([600]);
  });
});

describe('clocks that differ', () => {
  it.each([-12_000, 12_000])('refuse no command: the API’s is off by %i ms', async (skewMs) => {
    const holdfast = await createHoldfast({ now: () => Date.now() + skewMs });
    const { body } = await holdfast.start();
    const { status } = await holdfast.command(body.id, 'capture');
    expect(status).toBe(200);
    await holdfast.close();
  });
});
