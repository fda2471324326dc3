import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('the sweep', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  const sweep = async (): Promise<string> => {
    const workflowId = `sweep-${randomUUID()}`;
    const options = { workflowId, taskQueue: holdfast.taskQueue, args: [] };
    await holdfast.temporal.workflow.execute('sweepPayments', options);
    return workflowId;
  };

  /** Proven news of this payment, due for so many minutes. */
  const wait = (id: string, count: number, minutes: number) =>
    holdfast.pool.query(
      `insert into notifications (id, account_id, mode, provider, integration_id,
         provider_event_id, type, body, headers, verified, state, reason, claim, provider_ref,
         payment_id, received, told, due_at, received_at, updated_at)
       select 'ntf_' || id || n, account_id, mode, provider, integration_id, 'evt_' || id || n,
         'charge.captured', '', '{}', true, 'waiting', 'It has just come.', '{"says":"changed"}',
         provider_ref, id, 1, 0, now() - make_interval(mins => $3), now(), now()
       from payments, generate_series(1, $2) n where id = $1`,
      [id, count, minutes],
    );

  it('tells payments their news, however much lies there that cannot be told', async () => {
    const { body: broken } = await holdfast.start();
    const { body: other } = await holdfast.start();
    await wait(broken.id, 200, 60);
    await wait(other.id, 1, 1);
    // As a release that is yet to come would have left it.
    const sql = 'update payments set lifecycle_version = $2 where id = $1';
    await holdfast.pool.query(sql, [broken.id, 99]);
    await sweep();
    await sweep();
    const { rows } = await holdfast.pool.query<{ told: number }>(
      'select told from notifications where payment_id = $1',
      [other.id],
    );
    await holdfast.pool.query(sql, [broken.id, 1]);
    expect(rows).toEqual([{ told: 1 }]);
  });

  it('notices within seconds that a worker died in the middle of any of its steps', async () => {
    const workflowId = await sweep();
    const { events } = await holdfast.temporal.workflow.getHandle(workflowId).fetchHistory();
    const steps = (events ?? []).flatMap(
      (event) => event.activityTaskScheduledEventAttributes ?? [],
    );
    expect(steps.length).toBeGreaterThan(0);
    for (const { heartbeatTimeout } of steps) expect(Number(heartbeatTimeout?.seconds)).toBe(8);
  });
});
