/** Orders on credit that are cancelled, and goods that come back. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('an order on credit', () => {
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
  const refOf = (payment: PaymentResource): string => apruve.ordersOf(payment)[0]?.id ?? '';
  async function funded(): Promise<PaymentResource> {
    const { id } = await apruve.authorized();
    const { body } = await holdfast.command(id, 'invoices', { invoiceNumber: 'R-1' });
    await apruve.atDashboard('fund', refOf(body));
    return holdfast.until(id, ({ status }) => status === 'funded');
  }

  it('is cancelled as a whole while nothing is invoiced, and its credit is free', async () => {
    const { id } = await apruve.authorized();
    const { body } = await holdfast.command(id, 'cancel', { reason: 'out of stock' });
    expect(body).toMatchObject({ status: 'cancelled', amounts: { voided: TOTAL }, commands: [] });
    expect(await apruve.moved(body)).toEqual([`order ${TOTAL}`, `cancel ${TOTAL}`]);
  });

  it('with an invoice is cancelled invoice by invoice, and that part is invoiced anew', async () => {
    const { id } = await apruve.authorized();
    await holdfast.command(id, 'invoices', { invoiceNumber: 'R-1', amountMinor: 40_000 });
    expect((await holdfast.command(id, 'cancel')).status).toBe(409);
    const freed = await holdfast.command(id, 'cancel-invoice', { reason: 'wrong address' });
    expect(freed.body).toMatchObject({ status: 'authorized', details: { uninvoicedMinor: TOTAL } });
    const anew = await holdfast.command(id, 'invoices', { invoiceNumber: 'R-2' });
    expect(anew.body).toMatchObject({ status: 'invoiced', details: { invoicedMinor: TOTAL } });
    expect(await apruve.moved(anew.body)).toEqual([
      `order ${TOTAL}`,
      'invoice 40000',
      'ship 40000',
      'cancel-invoice 40000',
      `invoice ${TOTAL}`,
      `ship ${TOTAL}`,
    ]);
  });

  it('needs to be told which of two invoices is meant', async () => {
    const { id } = await apruve.authorized();
    await holdfast.command(id, 'invoices', { invoiceNumber: 'R-1', amountMinor: 40_000 });
    await holdfast.command(id, 'invoices', { invoiceNumber: 'R-2', amountMinor: 10_000 });
    const vague = await holdfast.command(id, 'cancel-invoice');
    expect(vague.status).toBeGreaterThanOrEqual(400);
    expect(JSON.stringify(vague.body)).toContain('R-1, R-2');
    const { body } = await holdfast.command(id, 'cancel-invoice', { invoiceNumber: 'R-2' });
    expect(body.details).toMatchObject({ invoicedMinor: 40_000 });
  });

  it('records the payment of the one of two invoices that is named', async () => {
    const { id } = await apruve.authorized();
    await holdfast.command(id, 'invoices', { invoiceNumber: 'R-1', amountMinor: 40_000 });
    await holdfast.command(id, 'invoices', { invoiceNumber: 'R-2', amountMinor: 10_000 });
    const vague = await holdfast.command(id, 'receipts');
    expect(vague).toMatchObject({ status: 422, body: { code: 'request-incomplete' } });
    expect(JSON.stringify(vague.body)).toContain('Say the invoiceNumber');
    const { status, body } = await holdfast.command(id, 'receipts', { invoiceNumber: 'R-2' });
    expect([status, body.amounts.captured]).toEqual([200, 10_000]);
  });

  it('that Apruve cancels before it is accepted is declined: order.canceled is obeyed', async () => {
    const { body } = await apruve.place('review@example.com');
    await apruve.atDashboard('cancel', refOf(body));
    const payment = await holdfast.until(body.id, ({ status }) => status === 'declined');
    expect(payment.decline).toMatchObject({ code: 'order_canceled' });
  });

  it('that Apruve cancels afterwards is over: order.canceled is obeyed', async () => {
    const accepted = await apruve.authorized();
    await apruve.atDashboard('cancel', refOf(accepted));
    const payment = await holdfast.until(accepted.id, ({ status }) => status === 'cancelled');
    expect(payment.amounts).toMatchObject({ authorized: TOTAL, voided: TOTAL, captured: 0 });
    expect((await holdfast.command(accepted.id, 'invoices')).status).toBe(409);
  });

  it('has its invoice cancelled when somebody does so at Apruve', async () => {
    const { id } = await apruve.authorized();
    const { body } = await holdfast.command(id, 'invoices');
    await apruve.atDashboard('cancel-invoice', refOf(body));
    const payment = await holdfast.until(id, ({ status }) => status === 'authorized');
    expect(payment.commands).toContainEqual({ verb: 'invoice', maxMinor: TOTAL });
  });

  it('lowers what is going to be paid when goods come back before', async () => {
    const { id } = await apruve.authorized();
    await holdfast.command(id, 'invoices');
    const back = await holdfast.command(id, 'refund', { amountMinor: 30_000, reason: 'damaged' });
    expect(back.body).toMatchObject({
      status: 'invoiced',
      amounts: { refunded: 0, voided: 30_000 },
    });
    await apruve.atDashboard('fund', refOf(back.body));
    const payment = await holdfast.until(id, ({ status }) => status === 'funded');
    expect(payment.amounts).toMatchObject({ captured: 70_000, refunded: 0 });
    expect((await apruve.moved(payment)).slice(-2)).toEqual(['return 30000', 'fund 70000']);
  });

  it('gives money back when goods come back afterwards, and never more than there was', async () => {
    const { id } = await funded();
    const above = await holdfast.command(id, 'refund', { amountMinor: TOTAL + 1 });
    expect([above.status, above.body]).toMatchObject([422, { maxMinor: TOTAL }]);
    const part = await holdfast.command(id, 'refund', { amountMinor: 30_000 });
    expect(part.body).toMatchObject({ status: 'funded', amounts: { refunded: 30_000 } });
    expect((await holdfast.command(id, 'refund', { amountMinor: 70_001 })).status).toBe(422);
    const rest = await holdfast.command(id, 'refund', { invoiceNumber: 'R-1' });
    expect(rest.body).toMatchObject({ status: 'returned', amounts: { refunded: TOTAL } });
    expect((await holdfast.command(id, 'refund')).status).toBe(409);
    expect((await holdfast.command(id, 'cancel-invoice')).status).toBe(409);
  });

  it('is told by Apruve why a return is refused, and keeps its money', async () => {
    const { id } = await funded();
    apruve.refuse(/invoice_returns$/);
    const { body } = await holdfast.command(id, 'refund');
    apruve.refuse(null);
    expect(body).toMatchObject({
      status: 'funded',
      amounts: { refunded: 0 },
      decline: { verb: 'return', message: 'Not today.' },
    });
  });
});
