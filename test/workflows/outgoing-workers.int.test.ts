/** Merchants hear of each event, whatever becomes of the workers. */
import { randomUUID } from 'node:crypto';
import { tmpdir } from 'node:os';
import { describe, expect, it } from 'vitest';
import { kill, startCrashWorker } from '../support/crash.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { endpointsOf, startReceiver, typesOf } from '../support/receiver.ts';

const SOON = { timeout: 20_000, interval: 25 };

const sweep = (holdfast: Holdfast) =>
  holdfast.temporal.workflow.execute('sweepPayments', {
    workflowId: `sweep-${randomUUID()}`,
    taskQueue: holdfast.taskQueue,
    args: [],
  });

describe('workers', () => {
  it('deliver side by side, each event once and in order', async () => {
    const holdfast = await createHoldfast();
    const endpoints = endpointsOf(holdfast);
    const others = await Promise.all([holdfast.startWorker(), holdfast.startWorker()]);
    const shop = await startReceiver();
    const { id } = await endpoints.create(shop.url);
    const payments = await Promise.all(Array.from({ length: 15 }, () => holdfast.start()));
    await Promise.all(
      payments.map(async ({ body }) => {
        await holdfast.command(body.id, 'capture', { amountMinor: 6_000, final: true });
        await holdfast.command(body.id, 'refund', { amountMinor: 1_000 });
      }),
    );
    await expect.poll(() => shop.received.length, SOON).toBe(45);
    for (const { body } of payments) {
      expect(typesOf(shop.of(body.id))).toEqual([
        'payment.authorized',
        'payment.captured',
        'payment.refunded',
      ]);
    }
    await expect.poll(() => endpoints.deliveries(id, '?state=pending'), SOON).toEqual([]);
    await Promise.all(others.map((worker) => worker.stop()));
    await shop.stop();
    await holdfast.close();
  });
});

describe('a worker that is killed between dispatching and telling', () => {
  it('loses nothing: the sweep starts what it left', async () => {
    const holdfast = await createHoldfast({ workerless: true });
    const endpoints = endpointsOf(holdfast);
    const shop = await startReceiver();
    const { id } = await endpoints.create(shop.url);
    const mark = `${tmpdir()}/dispatched-${randomUUID()}`;
    const worker = await startCrashWorker(holdfast, 'after-dispatch', 'capture', mark);
    const { body: payment } = await holdfast.start({}, { prefer: 'wait=1' });
    await expect.poll(() => worker.signalCode, SOON).toBe('SIGKILL');
    expect(await endpoints.states(id, payment.id)).toEqual(['payment.authorized pending']);
    const run = holdfast.temporal.workflow.getHandle(`deliver-${id}-${payment.id}`);
    await expect(run.describe()).rejects.toThrow('not found');

    const next = await holdfast.startWorker();
    await sweep(holdfast);
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized delivered']);
    expect(shop.received).toHaveLength(1);
    await next.stop();
    await kill(worker);
    await shop.stop();
    await holdfast.close();
  });
});

describe('a worker that is killed in the middle of an attempt', () => {
  it('leaves it to another, which makes it again under the same id', async () => {
    const holdfast = await createHoldfast({ workerless: true });
    const endpoints = endpointsOf(holdfast);
    const shop = await startReceiver((_event, times) =>
      times === 1 ? new Promise<never>(() => undefined) : new Response(),
    );
    const { id } = await endpoints.create(shop.url);
    const worker = await startCrashWorker(holdfast, 'never', 'capture', `${tmpdir()}/never`);
    const { body: payment } = await holdfast.start();
    await expect.poll(() => shop.received.length, SOON).toBe(1);
    await kill(worker);
    const next = await holdfast.startWorker();
    await expect
      .poll(() => endpoints.states(id, payment.id), SOON)
      .toEqual(['payment.authorized delivered']);
    expect(shop.of(payment.id).map((event) => event.id)).toEqual([
      shop.received[0]!.id,
      shop.received[0]!.id,
    ]);
    await next.stop();
    await shop.stop();
    await holdfast.close();
  });
});
