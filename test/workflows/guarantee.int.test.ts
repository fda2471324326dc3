import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a guaranteed payment', () => {
  let holdfast: Holdfast;
  let infinitepay: Guarantees;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    infinitepay = await createGuarantees(holdfast, { invoiceDueDays: 30, shippingDays: 2 });
  });
  afterAll(async () => {
    await holdfast.close();
    await infinitepay.close();
  });

  it('is reserved, captured and activated by staff, and never reads as paid before it is', async () => {
    const { status, body } = await infinitepay.start();
    expect([status, body.status, body.lifecycle]).toEqual([201, 'reserved', 'guarantee']);
    expect(body.commands).toEqual([
      { verb: 'capture', maxMinor: TOTAL },
      { verb: 'modify' },
      { verb: 'cancel' },
      { verb: 'recheck' },
      { verb: 'receive' },
    ]);
    const captured = await holdfast.command(body.id, 'capture');
    expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
    const active = await holdfast.command(body.id, 'activate', { invoiceNumber: 'R-17' });
    expect(active.body).toMatchObject({
      status: 'guaranteed',
      statusText: 'Guaranteed (unpaid)',
      amounts: { authorized: TOTAL, captured: 0 },
      details: { guaranteedMinor: TOTAL, invoiceNumber: 'R-17' },
      deadline: { event: 'payment.overdue' },
    });
    const paid = await holdfast.command(body.id, 'receipts', { reference: 'transfer 3' });
    expect(paid.body).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
    expect(await infinitepay.moved(body)).toEqual([
      `reserve ${TOTAL}`,
      `capture ${TOTAL}`,
      `activate ${TOTAL}`,
      `paid ${TOTAL}`,
      `release ${TOTAL}`,
    ]);
    const handle = holdfast.temporal.workflow.getHandle(body.id);
    expect((await handle.describe()).type).toBe('guaranteedPayment');
  });
});
