import type { WorkflowExecutionDescription } from '@temporalio/client';
import { defaultPayloadConverter } from '@temporalio/common';
import { historyToJSON } from '@temporalio/common/lib/proto-utils.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { needsAttention, orderNumber, paymentStatus } from '../../workflows/search-attributes.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a payment in the Temporal UI', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  const describeRun = (id: string): Promise<WorkflowExecutionDescription> =>
    holdfast.temporal.workflow.getHandle(id).describe();

  it('says what it is: type, id, summary and search attributes', async () => {
    const { body } = await holdfast.start();
    const run = await describeRun(body.id);
    expect(run.type).toBe('cardPayment');
    expect(await run.staticSummary()).toBe('EUR 105.00 · order 4711 · Stripe');
    expect(run.typedSearchAttributes.get(paymentStatus)).toBe('authorized');
    expect(run.typedSearchAttributes.get(orderNumber)).toBe('4711');
    expect(run.typedSearchAttributes.get(needsAttention)).toBe(false);
  });

  it('says in words where it stands, what comes next and what may be asked', async () => {
    const { body } = await holdfast.start();
    const details = await holdfast.temporal.workflow
      .getHandle(body.id)
      .query<{ currentDetails?: string }>('__temporal_workflow_metadata');
    expect(details.currentDetails).toContain('### Authorized');
    expect(details.currentDetails).toContain('The hold ends');
    expect(details.currentDetails).toContain('capture up to EUR 105.00, void');
  });

  it('has a summary on every activity and every timer, and few events', async () => {
    const { body } = await holdfast.start();
    await holdfast.command(body.id, 'capture');
    const { events = [] } = await holdfast.temporal.workflow.getHandle(body.id).fetchHistory();
    const scheduled = (events ?? []).filter(
      (event) =>
        (event.activityTaskScheduledEventAttributes ?? null) !== null ||
        (event.timerStartedEventAttributes ?? null) !== null,
    );
    const summaries = scheduled.map((event) => {
      const payload = event.userMetadata?.summary ?? null;
      return payload && defaultPayloadConverter.fromPayload<string>(payload);
    });
    expect(summaries).toEqual([
      'Authorize EUR 105.00',
      expect.stringContaining('The hold is about to end: tell people at') as string,
      'Capture EUR 105.00',
    ]);
    expect(events?.length).toBeLessThanOrEqual(30);
  });

  it('closes its run when only a person can move it, and wakes for a refund', async () => {
    const { body } = await holdfast.start({ capture: 'automatic' });
    const handle = holdfast.temporal.workflow.getHandle(body.id);
    await expect(handle.result()).resolves.toMatchObject({ status: 'captured' });
    const refunded = await holdfast.command(body.id, 'refund', { amountMinor: 500 });
    expect([refunded.status, refunded.body.status]).toEqual([200, 'partially_refunded']);
    const run = await describeRun(body.id);
    expect(run.runId).not.toBe(undefined);
    await expect(holdfast.temporal.workflow.getHandle(body.id).result()).resolves.toMatchObject({
      status: 'partially_refunded',
    });
  });

  it('takes capture, void and refund as signals, alive or at rest', async () => {
    const { body } = await holdfast.start();
    await holdfast.temporal.workflow
      .getHandle(body.id)
      .signal('capture', { amountMinor: 4_000, final: false });
    await holdfast.until(body.id, ({ status }) => status === 'partially_captured');
    await holdfast.temporal.workflow.getHandle(body.id).signal('void');
    await holdfast.until(body.id, ({ status }) => status === 'captured');
    await holdfast.temporal.workflow.getHandle(body.id).result();
    await holdfast.temporal.workflow.signalWithStart('cardPayment', {
      workflowId: body.id,
      taskQueue: holdfast.taskQueue,
      args: [{ paymentId: body.id }],
      signal: 'refund',
      signalArgs: [{ amountMinor: 1_000, reason: 'damaged' }],
    });
    const payment = await holdfast.until(body.id, ({ status }) => status === 'partially_refunded');
    expect(payment.amounts).toMatchObject({ captured: 4_000, voided: 6_500, refunded: 1_000 });
  });

  it.each([
    ['a list', [1]],
    ['an unknown field', { amount: 6_000 }],
    ['a flag in words', { amountMinor: 6_000, final: 'no' }],
    ['a fraction', { amountMinor: 0.5 }],
    ['a card number', { reason: 'card 4242 4242 4242 4242' }],
    ['more than is held', { amountMinor: 10_501 }],
  ])('refuses a signal with %s, and says so in its details', async (_what, input) => {
    const { body } = await holdfast.start();
    const handle = holdfast.temporal.workflow.getHandle(body.id);
    await handle.signal('capture', input);
    const details = async (): Promise<string> => {
      const shown = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
      return shown.currentDetails;
    };
    // A run asks the journal before it refuses: a query may come before that answer.
    await expect.poll(details).toContain('The signal capture was refused');
    expect(await details()).not.toContain('4242');
    expect(await holdfast.facts(body.id)).toEqual(['payment.requested', 'authorization.approved']);
  });

  it('keeps the token, the buyer and the return URL out of its history', async () => {
    const { body } = await holdfast.start({
      buyer: { name: 'Erika Mustermann', email: 'erika@example.com' },
      returnUrl: 'https://shop.example/secret-basket',
    });
    const history = await holdfast.temporal.workflow.getHandle(body.id).fetchHistory();
    const payloads = historyToJSON(history).replace(/"data": ?"([^"]*)"/g, (_all, data: string) =>
      Buffer.from(data, 'base64').toString('utf8'),
    );
    expect(payloads).toContain('authorization.approved');
    for (const secret of ['pm_card_visa', 'Mustermann', 'erika@', 'secret-basket']) {
      expect(payloads).not.toContain(secret);
    }
  });
});
