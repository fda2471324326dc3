import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a recheck', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { policy: { inquireWithinMs: 1_000 } } });
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(() => holdfast.close());

  const recheck = (id: string) =>
    holdfast.request<{ status: string; needsAttention: string | null }>(
      'POST',
      `/v1/payments/${id}/recheck`,
      {
        key: holdfast.keys.operator,
        body: {},
        headers: { 'idempotency-key': `recheck-${id}` },
      },
    );

  it('leads a parked payment to what really happened', async () => {
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 100 });
    await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=1' });
    await holdfast.until(body.id, ({ status }) => status === 'parked');
    await holdfast.clearFaults();

    const { status, body: payment } = await recheck(body.id);
    expect([status, payment.status, payment.needsAttention]).toEqual([200, 'captured', null]);
    const movements = await holdfast.movements(body.id);
    expect(movements.map(({ kind }) => kind)).toEqual(['authorize', 'capture']);
  });

  it('finds out that a hold was cancelled in the dashboard', async () => {
    const { body } = await holdfast.start();
    await holdfast.atDashboard('cancel', body.id);
    expect((await recheck(body.id)).status).toBe(200);
    await holdfast.until(body.id, ({ status }) => status === 'voided');
  });

  it('leaves a hold that is well as it was, and asks no further by itself', async () => {
    const { body } = await holdfast.start();
    expect((await recheck(body.id)).status).toBe(200);
    await expect
      .poll(() => holdfast.facts(body.id), { timeout: 10_000 })
      .toEqual([
        'payment.requested',
        'authorization.approved',
        'recheck.requested',
        'picture.confirmed',
      ]);
    expect(await holdfast.get(body.id)).toMatchObject({
      status: 'authorized',
      deadline: body.deadline,
    });
  });

  it('is refused where there is nothing to ask about', async () => {
    const { body } = await holdfast.start({ paymentToken: 'pm_nobody_has' });
    expect(body.status).toBe('declined');
    expect((await recheck(body.id)).status).toBe(409);
  });
});
