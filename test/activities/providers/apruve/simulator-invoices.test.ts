import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { DAY_MS, HOUR_MS, simulatorClient, type Body } from './apruve-simulator.client.ts';

let apruve: ReturnType<typeof simulatorClient>;
let order: Body;
beforeEach(async () => {
  apruve = simulatorClient();
  order = (await apruve.order()).body;
});
afterEach(() => apruve.simulator.close());

const look = async ({ id }: Body) => (await apruve.get(`invoices/${id}`)).body;
const act = (name: string, { id }: Body) => apruve.post(`invoices/${id}/${name}`);
const moved = async () => (await apruve.ledger()).slice(1);

describe('an invoice', () => {
  it('is issued for a part of its order, and no part is invoiced twice', async () => {
    const first = await apruve.invoice(order, 6000, { merchant_invoice_id: 'inv-1' });
    expect(first).toMatchObject({ status: 'open', amount_due: 6000, order_id: order['id'] });
    const second = await apruve.post('invoices', { order_id: order['id'], amount_cents: 4001 });
    expect(second.status).toBe(400);
    expect(second.body['errors'][0].source.parameter).toBe('amount_cents');
    expect((await apruve.invoice(order, 4000))['status']).toBe('open');
    expect(await moved()).toEqual(['invoice 6000', 'invoice 4000']);
    const found = await apruve.get('invoices?merchant_invoice_id=inv-1');
    expect(found.body).toMatchObject([{ id: first['id'] }]);
  });

  it('is not told apart by the merchant’s number alone: two of them are two', async () => {
    await apruve.invoice(order, 1000, { merchant_invoice_id: 'inv-1' });
    await apruve.invoice(order, 1000, { merchant_invoice_id: 'inv-1' });
    expect(await moved()).toEqual(['invoice 1000', 'invoice 1000']);
  });

  it('waits as pending until it is issued, and can be changed until then', async () => {
    const { body } = await apruve.post('invoices', { order_id: order['id'], amount_cents: 5000 });
    expect(body).toMatchObject({ status: 'pending', issued_at: null, due_at: null });
    const path = `invoices/${body['id']}`;
    expect((await apruve.patch(path, { amount_cents: 10_001 })).status).toBe(400);
    expect((await apruve.patch(path, { amount_cents: 7000 })).body['amount_due']).toBe(7000);
    expect((await act('issue', body)).body['status']).toBe('open');
    expect((await apruve.patch(path, { amount_cents: 7000 })).status).toBe(409);
    expect((await act('issue', body)).status).toBe(409);
  });

  it('is not issued for an order that is not accepted', async () => {
    const { body } = await apruve.order({}, 'review');
    const wish = { amount_cents: 100, issue_on_create: true };
    expect((await apruve.post(`orders/${body['id']}/invoices`, wish)).status).toBe(409);
    expect((await apruve.get(`orders/${body['id']}/invoices`)).body).toEqual([]);
  });

  it('is not issued beyond a limit that was lowered', async () => {
    const { id } = await apruve.account('buyer');
    await apruve.admin('dashboard/account', { ref: id, limitMinor: 9999 });
    const answer = await apruve.post(`orders/${order['id']}/invoices`, {
      amount_cents: 100,
      issue_on_create: true,
    });
    expect([answer.status, answer.body['errors'][0].detail]).toEqual([
      400,
      'The corporate account has not enough credit left.',
    ]);
  });

  it('is funded 24 hours after its issue and stays open until its buyer pays', async () => {
    const invoice = await apruve.invoice(order, 6000);
    await apruve.advance(24 * HOUR_MS - 60_000);
    expect(await moved()).toEqual(['invoice 6000']);
    await apruve.advance(60_000);
    expect(await moved()).toEqual(['invoice 6000', 'fund 6000']);
    expect((await look(invoice))['status']).toBe('open');
    await apruve.advance(30 * DAY_MS);
    expect(await look(invoice)).toMatchObject({
      status: 'closed',
      amount_due: 0,
      payments: [{ amount_cents: 6000 }],
    });
    expect(await apruve.events()).toEqual([
      'payment_term.accepted',
      'order.accepted',
      'invoice.funded',
      'invoice.closed',
    ]);
  });

  it('is funded late for the account of late@example.com', async () => {
    const late = (await apruve.order({}, 'late')).body;
    await apruve.invoice(late, 10_000);
    await apruve.advance(71 * HOUR_MS);
    expect(await apruve.events()).not.toContain('invoice.funded');
    await apruve.advance(HOUR_MS);
    expect(await apruve.events()).toContain('invoice.funded');
  });

  it('is never funded by itself once withheld, only by a person', async () => {
    const invoice = await apruve.invoice(order, 6000);
    await apruve.admin('dashboard/withhold', { ref: order['id'] });
    await apruve.advance(20 * DAY_MS);
    expect(await moved()).toEqual(['invoice 6000']);
    await apruve.admin('dashboard/fund', { ref: invoice['id'] });
    expect(await moved()).toEqual(['invoice 6000', 'fund 6000']);
    expect((await apruve.admin('dashboard/fund', { ref: invoice['id'] })).status).toBe(409);
  });

  it('is canceled until it is funded, and its part can be invoiced anew', async () => {
    const invoice = await apruve.invoice(order, 10_000);
    expect((await apruve.post(`orders/${order['id']}/cancel`)).status).toBe(409);
    expect((await act('cancel', invoice)).body['status']).toBe('canceled');
    expect(await apruve.events()).toContain('invoice.canceled');
    const again = await apruve.invoice(order, 10_000);
    await apruve.advance(DAY_MS);
    expect((await act('cancel', again)).status).toBe(409);
    expect(await moved()).toEqual([
      'invoice 10000',
      'cancel-invoice 10000',
      'invoice 10000',
      'fund 10000',
    ]);
  });

  it('is closed by a merchant who was paid otherwise, and then never funded', async () => {
    const invoice = await apruve.invoice(order, 10_000);
    expect((await act('close', invoice)).body['status']).toBe('closed');
    await apruve.advance(DAY_MS);
    expect(await moved()).toEqual(['invoice 10000', 'close 10000']);
    expect((await act('close', invoice)).status).toBe(409);
  });

  it('turns held credit into debt, and payment turns it back', async () => {
    const invoice = await apruve.invoice(order, 6000);
    expect(await apruve.account('buyer')).toMatchObject({
      credit_balance_cents: 6000,
      credit_available_cents: 9_990_000,
    });
    await apruve.admin('dashboard/pay', { ref: invoice['id'] });
    expect(await apruve.account('buyer')).toMatchObject({
      credit_balance_cents: 0,
      credit_available_cents: 9_996_000,
    });
  });

  it('outlives its order’s expiry, after which the rest is not invoiced', async () => {
    await apruve.invoice(order, 6000);
    await apruve.advance(46 * DAY_MS);
    expect((await apruve.get(`orders/${order['id']}`)).body['status']).toBe('accepted');
    expect(await moved()).toContain('expire 4000');
    const wish = { amount_cents: 4000 };
    expect((await apruve.post(`orders/${order['id']}/invoices`, wish)).status).toBe(409);
    expect((await apruve.account('buyer'))['credit_available_cents']).toBe(10_000_000);
  });
});

describe('a shipment', () => {
  it('tells what went to the buyer, and news of it', async () => {
    const invoice = await apruve.invoice(order, 6000);
    const path = `invoices/${invoice['id']}/shipments`;
    const { status, body } = await apruve.post(path, { amount_cents: 6000, shipper: 'UPS' });
    expect([status, body['status']]).toEqual([201, 'fulfilled']);
    const change = { tracking_number: '1Z', delivered_at: '2030-01-01T00:00:00Z' };
    await apruve.patch(`${path}/${body['id']}`, change);
    expect((await apruve.get(path)).body).toMatchObject([{ shipper: 'UPS', ...change }]);
    expect((await apruve.get(`${path}/${body['id']}`)).body['tracking_number']).toBe('1Z');
    expect((await apruve.get(`${path}/none`)).status).toBe(404);
    expect(await moved()).toEqual(['invoice 6000', 'ship 6000']);
    expect((await apruve.events()).slice(2)).toEqual(['shipment.created', 'shipment.updated']);
  });

  it('does not belong to a canceled invoice', async () => {
    const invoice = await apruve.invoice(order, 6000);
    await act('cancel', invoice);
    expect((await apruve.post(`invoices/${invoice['id']}/shipments`, {})).status).toBe(409);
  });
});

describe('a return', () => {
  const giveBack = ({ id }: Body, cents: number, reason: string | null = 'DAMAGED') =>
    apruve.post(`invoices/${id}/invoice_returns`, { amount_cents: cents, reason });

  it('lowers what is due, within the amount of the invoice', async () => {
    const invoice = await apruve.invoice(order, 6000);
    const { status, body } = await giveBack(invoice, 1000);
    expect([status, body['reason']]).toEqual([201, 'DAMAGED']);
    expect((await look(invoice))['amount_due']).toBe(5000);
    expect((await giveBack(invoice, 5001)).status).toBe(400);
    expect((await giveBack(invoice, 1, null)).status).toBe(400);
    await apruve.advance(DAY_MS);
    expect(await moved()).toEqual(['invoice 6000', 'return 1000', 'fund 5000']);
    const path = `invoices/${invoice['id']}/invoice_returns`;
    expect((await apruve.get(path)).body).toMatchObject([{ id: body['id'], amount_cents: 1000 }]);
    const words = { reason: 'OTHER', merchant_notes: 'n' };
    expect((await apruve.put(`${path}/${body['id']}`, words)).body).toMatchObject(words);
    expect((await apruve.put(`${path}/${body['id']}`, { amount_cents: 1 })).status).toBe(400);
  });

  it('closes an invoice of which nothing is left, and nothing is funded', async () => {
    const invoice = await apruve.invoice(order, 6000);
    await giveBack(invoice, 6000);
    expect((await look(invoice))['status']).toBe('closed');
    await apruve.advance(DAY_MS);
    expect(await moved()).toEqual(['invoice 6000', 'return 6000']);
    expect((await act('cancel', invoice)).status).toBe(409);
  });

  it('is made of a paid invoice, too, also by a person at Apruve', async () => {
    const invoice = await apruve.invoice(order, 6000);
    await apruve.admin('dashboard/pay', { ref: invoice['id'] });
    expect((await giveBack(invoice, 2000)).status).toBe(201);
    await apruve.admin('dashboard/return', { ref: order['id'] });
    expect(await moved()).toEqual([
      'invoice 6000',
      'fund 6000',
      'pay 6000',
      'return 2000',
      'return 4000',
    ]);
  });
});
