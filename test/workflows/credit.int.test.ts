import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a payment on credit', () => {
  let holdfast: Holdfast;
  let apruve: Credits;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    apruve = await createCredits(holdfast, { webhooks: true });
  });
  afterAll(async () => {
    await holdfast.close();
    await apruve.close();
  });

  it('is offered, accepted, invoiced with its shipment, funded and closed', async () => {
    const { status, body } = await apruve.start();
    expect([status, body.status, body.lifecycle]).toEqual([201, 'offered', 'credit']);
    const accepted = await apruve.accept(body.id, await apruve.decide(body));
    expect(accepted.body).toMatchObject({
      status: 'authorized',
      amounts: { authorized: TOTAL, captured: 0 },
      commands: [{ verb: 'invoice', maxMinor: TOTAL }, { verb: 'cancel' }, { verb: 'recheck' }],
    });
    const invoiced = await holdfast.command(body.id, 'invoices', {
      invoiceNumber: 'R-17',
      shipper: 'UPS',
      trackingNumber: '1Z',
    });
    expect(invoiced.body).toMatchObject({
      status: 'invoiced',
      amounts: { captured: 0 },
      details: { invoicedMinor: TOTAL },
      deadline: { event: 'funding.overdue' },
    });
    await apruve.atDashboard('fund', apruve.ordersOf(body)[0]?.id ?? '');
    const funded = await holdfast.until(body.id, (each) => each.status === 'funded');
    expect(funded.amounts).toMatchObject({ captured: TOTAL });
    await apruve.atDashboard('pay', apruve.ordersOf(body)[0]?.id ?? '');
    await holdfast.until(body.id, (each) => each.status === 'closed');
    expect(await apruve.moved(body)).toEqual([
      `order ${TOTAL}`,
      `invoice ${TOTAL}`,
      `ship ${TOTAL}`,
      `fund ${TOTAL}`,
      `pay ${TOTAL}`,
    ]);
    const handle = holdfast.temporal.workflow.getHandle(body.id);
    expect((await handle.describe()).type).toBe('creditPayment');
  });
});
