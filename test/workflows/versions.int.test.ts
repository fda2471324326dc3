import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createJournalActivities } from '../../activities/journal.activities.ts';
import { awaitFirstOutcome } from '../../api/payments/run.ts';
import type { FactResource, PaymentResource } from '../../api/payments/schemas.ts';
import { createJournal } from '../../db/journal/journal.ts';
import { createHoldfast, type Holdfast, ORDER } from '../support/holdfast.ts';

const { amount, source } = ORDER;

describe('a payment that began with version 1 of its lifecycle', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    await holdfast.saveOffline('offline', {
      timeZone: 'Europe/Berlin',
      terms: { net30: { kind: 'net', days: 30 } },
    });
  });
  afterAll(() => holdfast.close());

  const start = async (): Promise<string> => {
    const { body } = await holdfast.request<PaymentResource>('POST', '/v1/payments', {
      key: holdfast.keys.checkout,
      body: { amount, source, method: 'offline.terms', term: 'net30' },
      headers: { 'idempotency-key': randomUUID() },
    });
    return body.id;
  };
  /** As version 1 wrote it; `attention`: it went on asking for what had bounced. */
  const age = (id: string, attention: string | null = null) =>
    holdfast.pool.query(
      `update payments set lifecycle_version = 1, needs_attention = $2,
         context = jsonb_set(context, '{attention}', coalesce(to_jsonb($2::text), 'null'))
       where id = $1`,
      [id, attention],
    );
  const versionOf = async (id: string): Promise<number | undefined> =>
    (await holdfast.deps.payments.find(id))?.frozen.version;
  const story = async (id: string): Promise<string[]> => {
    const { body } = await holdfast.request<{ data: FactResource[] }>(
      'GET',
      `/v1/payments/${id}/events`,
      { key: holdfast.keys.sales },
    );
    return body.data.map(({ type }) => type);
  };
  /** A live run of version 1, as a later deployment finds it. */
  const startOnVersion1 = async (): Promise<string> => {
    const id = await start();
    await holdfast.temporal.workflow.getHandle(id).terminate();
    await age(id);
    const record = await holdfast.deps.payments.find(id);
    if (record === null) throw new Error('it is gone');
    const input = { paymentId: id, opening: record.frozen };
    await awaitFirstOutcome(holdfast.deps, record, input, 10_000);
    return id;
  };
  const late = (id: string, amountMinor: number) =>
    holdfast.command(id, 'receipts', { amountMinor, reference: 'check 17' });

  it('finishes its run on version 1, and goes on with the newest when it is woken', async () => {
    const id = await startOnVersion1();
    const cancelled = await holdfast.command(id, 'cancel', { reason: 'order changed' });
    expect([cancelled.body.status, await versionOf(id)]).toEqual(['cancelled', 1]);
    await holdfast.temporal.workflow.getHandle(id).result();
    expect(await story(id)).toEqual(['payment.requested', 'payment.cancelled']);

    const came = await late(id, 2_000);
    expect([came.status, came.body.status, await versionOf(id)]).toEqual([200, 'cancelled', 3]);
    expect(came.body.amounts).toMatchObject({ captured: 2_000, refunded: 0 });
    expect(came.body.needsAttention).toContain('came although the payment was cancelled');
    expect(await story(id)).toEqual([
      'payment.requested',
      'payment.cancelled',
      'lifecycle.migrated',
      'lifecycle.migrated',
      'receipt.recorded',
    ]);

    const back = await holdfast.command(id, 'refund');
    expect(back.body).toMatchObject({ status: 'cancelled', needsAttention: null });
    expect(back.body.amounts).toMatchObject({ captured: 2_000, refunded: 2_000 });
  });

  it('shows at rest what may be asked of it once it is woken', async () => {
    const id = await start();
    await holdfast.command(id, 'cancel');
    await age(id, 'Ask the buyer for it again.');
    const { body } = await holdfast.request<PaymentResource>('GET', `/v1/payments/${id}`, {
      key: holdfast.keys.sales,
    });
    const verbs = body.commands.map(({ verb }) => verb);
    expect([body.status, verbs, body.needsAttention]).toEqual(['cancelled', ['receive'], null]);
  });

  it('moves to each version once, however many attempts to wake it there are', async () => {
    const id = await start();
    await holdfast.command(id, 'cancel');
    await age(id);
    const activities = createJournalActivities({
      journal: createJournal(holdfast.pool),
      payments: holdfast.deps.payments,
    });
    const woken = await Promise.all(
      Array.from({ length: 5 }, async () => activities.loadPayment({ paymentId: id, wakes: true })),
    );
    expect(woken.map(({ frozen, sequence }) => [frozen.version, sequence])).toEqual(
      Array.from({ length: 5 }, () => [3, 4]),
    );
    expect(await story(id)).toEqual([
      'payment.requested',
      'payment.cancelled',
      'lifecycle.migrated',
      'lifecycle.migrated',
    ]);
    // Who only looks moves nothing.
    await age(id);
    expect((await activities.loadPayment({ paymentId: id })).frozen.version).toBe(1);
  });
});
