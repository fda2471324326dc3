import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

/** Events that Temporal Cloud bills, of those that a payment has.
 *  Source: https://docs.temporal.io/cloud/actions, read 2026-11-21. */
const BILLED: ReadonlySet<string> = new Set([
  'workflowExecutionStartedEventAttributes',
  'workflowExecutionUpdateAcceptedEventAttributes',
  'workflowExecutionSignaledEventAttributes',
  'activityTaskScheduledEventAttributes',
  'timerStartedEventAttributes',
  'upsertWorkflowSearchAttributesEventAttributes',
]);

describe('an authorization and its capture', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  it('costs at most 30 history events and 8 billable actions', async () => {
    const { id } = (await holdfast.start()).body;
    await holdfast.command(id, 'capture');
    const handle = holdfast.temporal.workflow.getHandle(id);
    await handle.result();
    const { events = [] } = await handle.fetchHistory();
    const billed = (events ?? []).filter((event) =>
      Object.entries(event).some(([name, value]) => value !== null && BILLED.has(name)),
    );
    expect(events?.length).toBeLessThanOrEqual(30);
    expect(billed.length).toBeGreaterThan(0);
    expect(billed.length).toBeLessThanOrEqual(8);
  });

  it('costs at most 10 rows and 8 KiB of our own', async () => {
    const { id } = (await holdfast.start()).body;
    await holdfast.command(id, 'capture');
    const { rows } = await holdfast.pool.query<{ rows: number; bytes: number }>(
      `select count(*)::int as rows, sum(bytes)::int as bytes from (
         select pg_column_size(p.*) as bytes from payments p where id = $1
         union all select pg_column_size(f.*) from facts f where payment_id = $1
         union all select pg_column_size(o.*) from operations o where payment_id = $1
         union all select pg_column_size(e.*) from outgoing_events e where payment_id = $1) as own`,
      [id],
    );
    expect(rows[0]?.rows).toBeGreaterThan(0);
    expect(rows[0]?.rows).toBeLessThanOrEqual(10);
    expect(rows[0]?.bytes).toBeLessThanOrEqual(8_192);
  });
});
