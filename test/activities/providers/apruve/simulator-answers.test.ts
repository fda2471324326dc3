/**
 * The fields of Apruve's real answers: order.json, invoice_post_response.json and corporate_accounts_response.json in
 * https://github.com/apruve/apruve-elixir/tree/master/test/fixtures, and the webhook of 2017 in the tests of
 * https://github.com/oroinc/OroApruveBundle; read 2026-12-01.
 */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  DAY_MS,
  hashOf,
  MERCHANT,
  ORDER,
  simulatorClient,
  type Body,
} from './apruve-simulator.client.ts';

const ITEM =
  'id title description quantity price_ea_cents price_total_cents currency product_url ' +
  'product_image_url variant_info vendor sku merchant_notes links';

/** What an object is made of, by the path to it. */
const ORDER_FIELDS = {
  '':
    'id merchant_id customer_id shopper_id amount_cents currency status merchant_order_id ' +
    'accepts_payment_via accepts_payment_terms tax_cents shipping_cents expire_at created_at ' +
    'final_state_at default_payment_method links finalize_on_create invoice_on_create secure_hash ' +
    'order_items payment_terms',
  links: 'self customer shopper merchant invoices',
  order_items: `${ITEM} order_id plan_code`,
  'order_items.links': 'self order',
  payment_terms:
    'po_number type status escalated_at final_state_at links merchant_order_id purchase_order_id',
  'payment_terms.links': 'order',
};
const INVOICE_FIELDS = {
  '':
    'id order_id amount_cents currency status issue_on_create created_at opened_at issued_at due_at ' +
    'final_state_at merchant_notes merchant_invoice_id tax_cents shipping_cents amount_due links ' +
    'payments invoice_items',
  links: 'self order',
  invoice_items: `${ITEM} invoice_id order_id`,
  'invoice_items.links': 'self order invoice',
};
const PAYMENT_FIELDS = {
  payments:
    'id invoice_ids payer_id amount_cents refunded_amount_cents currency failure_reason status ' +
    'created_at captured_at state_changed_at paid_out links payment_method',
  'payments.links': 'self invoices payer refunds',
  'payments.payment_method': 'type card_type last4 nickname links',
  'payments.payment_method.links': 'owner',
};
const ACCOUNT_FIELDS = {
  '':
    'id customer_uuid merchant_uuid type payment_term_strategy_name name merchant_account_id ' +
    'credit_available_cents credit_balance_cents credit_amount_cents authorized_buyers',
  authorized_buyers: 'id name email',
};

function at(body: Body, path: string): Body {
  const steps = path === '' ? [] : path.split('.');
  return steps.reduce<Body>((one, step) => [one[step]].flat()[0] as Body, body);
}

function expectFields(body: Body, fields: Record<string, string>): void {
  for (const [path, names] of Object.entries(fields)) {
    expect([path, ...Object.keys(at(body, path)).toSorted()]).toEqual([
      path,
      ...names.split(' ').toSorted(),
    ]);
  }
}

let apruve: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  apruve = simulatorClient();
});
afterEach(() => apruve.simulator.close());

const look = async ({ id }: Body) => (await apruve.get(`orders/${id}`)).body;

describe('an answer has the fields of Apruve’s own', () => {
  it('of an order, whose terms are accepted while it is pending itself', async () => {
    const { body } = await apruve.order({ tax_cents: null });
    expectFields(body, ORDER_FIELDS);
    expect(body).toMatchObject({
      status: 'pending',
      tax_cents: 0,
      payment_terms: { status: 'accepted', final_state_at: body['created_at'] },
    });
    const { id, merchant_id: merchant, shopper_id: shopper } = body;
    expect(body['links']).toEqual({
      self: `http://localhost/api/v4/orders/${id}.json`,
      customer: `http://localhost/api/v4/users/${shopper}.json`,
      shopper: `http://localhost/api/v4/users/${shopper}.json`,
      merchant: `http://localhost/api/v4/merchants/${merchant}.json`,
      invoices: `http://localhost/api/v4/orders/${id}/invoices.json`,
    });
  });

  it('of an invoice, before and after its buyer has paid', async () => {
    const order = await look((await apruve.order()).body);
    const line = { title: 'foo', price_ea_cents: 100, view_product_url: 'https://shop.example/' };
    const invoice = await apruve.invoice(order, 4_000, { invoice_items: [line] });
    expectFields(invoice, INVOICE_FIELDS);
    expect(invoice['invoice_items']).toMatchObject([{ product_url: 'https://shop.example/' }]);
    await apruve.admin('dashboard/pay', { ref: invoice['id'] });
    const { body: paid } = await apruve.get(`invoices/${invoice['id']}`);
    expectFields(paid, { ...INVOICE_FIELDS, ...PAYMENT_FIELDS });
  });

  it('of a corporate account', async () => {
    expectFields(await apruve.account('buyer'), ACCOUNT_FIELDS);
  });

  it('and its times five hours behind UTC: an order ends with a day, an invoice is due with one', async () => {
    const { body } = await apruve.order();
    const inDays = (days: number): string =>
      new Date(Date.parse(body['created_at']) + days * DAY_MS - 5 * 3_600_000)
        .toISOString()
        .slice(0, 10);
    expect(body['created_at']).toMatch(/T\d\d:\d\d:\d\d-05:00$/);
    expect(body['expire_at']).toBe(`${inDays(45)}T23:59:59-05:00`);
    const invoice = await apruve.invoice(await look(body), 1_000);
    expect(invoice['due_at']).toBe(`${inDays(30)}T00:00:00-05:00`);
  });

  it.each(['2099-07-08T04:00:00Z', '2099-07-07T10:12:27-05:00', '2099-07-08T09:00:00+09:00'])(
    'and ends with the day of %s where the merchant says that',
    async (expireAt) => {
      const { body } = await apruve.order({ expire_at: expireAt });
      expect(body['expire_at']).toBe('2099-07-07T23:59:59-05:00');
    },
  );
});

describe('what Apruve’s own clients send is taken', () => {
  it('with a slash at the end of each path', async () => {
    const order = await look((await apruve.order()).body);
    const wish = { amount_cents: 100, issue_on_create: 'true' };
    const made = await apruve.post(`orders/${order['id']}/invoices/`, wish);
    expect(made.status).toBe(201);
    const { id } = made.body;
    for (const path of [
      `orders/${order['id']}/`,
      `orders/${order['id']}/invoices/`,
      `orders/${order['id']}.json/`,
      `invoices/${id}/`,
      `invoices/${id}/shipments/`,
      `merchants/${MERCHANT}/`,
    ]) {
      expect([path, (await apruve.get(path)).status]).toEqual([path, 200]);
    }
    const back = { amount_cents: 100, currency: 'USD', reason: 'OTHER' };
    expect((await apruve.post(`invoices/${id}/invoice_returns/`, back)).status).toBe(201);
  });

  it('with a slash at the end, and counts as the same operation', async () => {
    await apruve.admin('faults', { operation: 'capture', fault: 'status-500-before' });
    const order = await look((await apruve.order()).body);
    const wish = { amount_cents: 100 };
    expect((await apruve.post(`orders/${order['id']}/invoices/`, wish)).status).toBe(500);
  });

  it('for an invoice below its order, and below no other', async () => {
    const order = await look((await apruve.order()).body);
    const other = await look((await apruve.order()).body);
    const invoice = await apruve.invoice(order, 100);
    const below = ({ id }: Body) => `orders/${id}/invoices/${invoice['id']}`;
    expect((await apruve.get(below(order))).body).toEqual(invoice);
    expect((await apruve.get(below(other))).status).toBe(404);
    expect((await apruve.get(`orders/${order['id']}/invoices/none`)).status).toBe(404);
  });

  it.each([
    ['delivered_at'],
    ['shipped_at'],
    ['tax_cents'],
    ['amount_cents'],
    ['currency'],
    ['status'],
  ])('with an empty %s of a shipment, which is none', async (field) => {
    const order = await look((await apruve.order()).body);
    const invoice = await apruve.invoice(order, 100);
    const path = `invoices/${invoice['id']}/shipments`;
    const { body, status } = await apruve.post(path, { shipper: 'UPS', [field]: '' });
    expect(status).toBe(201);
    const usual = { currency: 'USD', status: 'fulfilled' } as Record<string, unknown>;
    expect(body[field]).toBe(usual[field] ?? null);
  });

  it('with empty times of an order and of an invoice', async () => {
    const { body, status } = await apruve.order({ expire_at: '', tax_cents: '' });
    expect([status, body['tax_cents']]).toEqual([201, 0]);
    const invoice = await apruve.invoice(await look(body), 100, { due_at: '', tax_cents: '' });
    expect(invoice).toMatchObject({ status: 'open', tax_cents: null });
  });

  it('with an empty list in place of a term, which no hash covers', async () => {
    const order = JSON.stringify({ ...ORDER, payment_term: [], order_items: ORDER.order_items });
    const fields = { order, secure_hash: hashOf(ORDER) };
    expect((await apruve.form('/_pages/lightbox', fields)).status).toBe(303);
  });

  it('with an empty list in place of a term: the account is the shopper’s', async () => {
    const { authorized_buyers: buyers } = await apruve.account('late');
    const placed = { ...ORDER, payment_term: [], shopper_id: buyers[0].id };
    const { status } = await apruve.post('orders', placed);
    expect(status).toBe(201);
    const nobody = await apruve.post('orders', { ...placed, shopper_id: 'nobody' });
    expect(nobody.status).toBe(400);
  });
});
