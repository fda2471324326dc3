import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('the sweep', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  it('notices within seconds that a worker died in the middle of any of its steps', async () => {
    const workflowId = `sweep-${randomUUID()}`;
    const options = { workflowId, taskQueue: holdfast.taskQueue, args: [] };
    await holdfast.temporal.workflow.execute('sweepPayments', options);
    const { events } = await holdfast.temporal.workflow.getHandle(workflowId).fetchHistory();
    const steps = (events ?? []).flatMap(
      (event) => event.activityTaskScheduledEventAttributes ?? [],
    );
    expect(steps.length).toBeGreaterThan(0);
    for (const { heartbeatTimeout } of steps) expect(Number(heartbeatTimeout?.seconds)).toBe(8);
  });
});
