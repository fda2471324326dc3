import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { secureHashOf } from '../../../../activities/providers/apruve/simulator/secure-hash.ts';
import { hashOf, ORDER, simulatorClient, type Body } from './apruve-simulator.client.ts';

let apruve: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  apruve = simulatorClient();
});
afterEach(() => apruve.simulator.close());

const BACK = 'https://shop.example/return?payment=1';
const AWAY = 'https://shop.example/cancel';
const fieldsOf = (order: Body, secureHash = hashOf(order)) => ({
  order: JSON.stringify(order),
  secure_hash: secureHash,
  return_url: BACK,
  cancel_url: AWAY,
});
const offer = async (order: Body = ORDER): Promise<string> =>
  (await apruve.form('/_pages/lightbox', fieldsOf(order))).headers.get('location') ?? '';
const decide = async (page: string, fields: Record<string, string>) => {
  const { headers } = await apruve.form(page, fields);
  return new URL(headers.get('location') ?? 'about:blank');
};

describe('the secure hash', () => {
  /** Known answers of Apruve's own SDKs: order_test.exs of apruve-elixir, order_spec.rb of apruve-ruby. */
  it.each([
    [
      'anapikey3',
      { amount_cents: 1000, order_items: [{ title: 'an order item', sku: 'ansku' }] },
      'cbc8e82c67bfbff8d91822b1a60486a269da0c5126d64095408f79d0d3719501',
    ],
    [
      'd9286247a5adff4159de1ac6ee440c0d',
      {
        merchant_id: '4d556524255a8e65385f9da2a2693cf1',
        merchant_order_id: 'WidgetCo-001',
        amount_cents: 1150,
        currency: 'USD',
        tax_cents: 50,
        shipping_cents: 100,
        expire_at: '2014-07-15T10:12:27-05:00',
        order_items: [
          {
            title: 'A Widget',
            description: 'Description for a widget',
            sku: 'SKU-ABCD',
            price_ea_cents: 1000,
            quantity: 1,
          },
          {
            title: 'Another Widget',
            description: 'Description for another widget',
            sku: 'SKU-EFGH',
            price_ea_cents: 150,
            quantity: 1,
          },
        ],
      },
      '61ce58ff0c1dbd2b50d241fcc8ea4c9baa9e9248b7eefda9e527e076aacb6136',
    ],
    [
      'an_api_key',
      {
        merchant_id: '9a9c3389fdc281b5c6c8d542a7e91ff6',
        merchant_order_id: 'ABC',
        amount_cents: 12340,
        tax_cents: 0,
        shipping_cents: 0,
        finalize_on_create: false,
        invoice_on_create: false,
        order_items: [
          {
            title: 'line 1',
            price_ea_cents: '123',
            quantity: 10,
            description: 'A line item',
            variant_info: 'small',
            sku: 'LINE1SKU',
            vendor: 'acme, inc.',
            view_product_url: 'http://www.apruve.com/doc',
          },
          { title: 'line 2', price_ea_cents: '40' },
        ],
      },
      'a69b444d356b8afc68fc9c84e1686f645a539cc1975d07ef0d7a51e38a12b66c',
    ],
  ])('with the key %s is the one that Apruve’s SDK makes', (key, order, hash) => {
    expect(secureHashOf(order, key)).toBe(hash);
  });

  it('is refused when the order is not the one that was hashed', async () => {
    const cheaper = { ...ORDER, amount_cents: 100 };
    const { status, body } = await apruve.form(
      '/_pages/lightbox',
      fieldsOf(cheaper, hashOf(ORDER)),
    );
    expect(status).toBe(400);
    expect(body['text']).toContain('secure hash does not belong to this order');
    expect((await apruve.get('orders')).body).toEqual([]);
  });
});

describe('the lightbox', () => {
  it('places the order the buyer accepts, once, and tells the shop its id', async () => {
    const page = await offer();
    expect((await apruve.send('GET', page)).body['text']).toContain('$100.00');
    const { id: account } = await apruve.account('buyer');
    const back = await decide(page, { decision: 'accept', account });
    const id = back.searchParams.get('apruveOrderId');
    expect(back.searchParams.get('payment')).toBe('1');
    expect((await decide(page, { decision: 'decline' })).href).toBe(back.href);
    expect((await apruve.get(`orders/${id}`)).body).toMatchObject({
      status: 'accepted',
      secure_hash: hashOf(ORDER),
      merchant_order_id: 'order-1',
    });
    const { body } = await apruve.get(`orders?secure_hash=${hashOf(ORDER)}`);
    expect(body).toHaveLength(1);
    expect(await apruve.ledger()).toEqual(['order 10000']);
    expect((await apruve.send('GET', page)).body['text']).toContain('Back to the shop');
  });

  it('takes an offer by a link, too', async () => {
    const query = new URLSearchParams(fieldsOf(ORDER)).toString();
    const { status } = await apruve.send('GET', `/_pages/lightbox?${query}`);
    expect(status).toBe(303);
  });

  it('places nothing if the buyer declines', async () => {
    const back = await decide(await offer(), { decision: 'decline' });
    expect(back.href).toBe(AWAY);
    expect((await apruve.get('orders')).body).toEqual([]);
  });

  it.each([
    ['small', { amount_cents: 10_001 }, 'canceled'],
    ['review', {}, 'pending'],
    ['buyer', { finalize_on_create: false }, 'new'],
  ])('sends %s back with the id of an order that is not accepted', async (who, change, status) => {
    const { id: account } = await apruve.account(who);
    const back = await decide(await offer({ ...ORDER, ...change }), {
      decision: 'accept',
      account,
    });
    const id = back.searchParams.get('apruveOrderId');
    expect((await apruve.get(`orders/${id}`)).body['status']).toBe(status);
  });

  it.each([
    ['the order is no JSON', { ...fieldsOf(ORDER), order: '{' }],
    ['the order is of another merchant', fieldsOf({ ...ORDER, merchant_id: 'other' })],
    ['an amount is missing', fieldsOf({ ...ORDER, amount_cents: null })],
    ['the shop’s address is none', { ...fieldsOf(ORDER), return_url: 'javascript:alert(1)' }],
  ])('takes no offer if %s', async (_, fields) => {
    expect((await apruve.form('/_pages/lightbox', fields)).status).toBe(400);
  });

  it('wants a decision, from a company it knows, on an offer it knows', async () => {
    const page = await offer();
    expect((await apruve.form(page, {})).status).toBe(400);
    expect((await apruve.form(page, { decision: 'accept', account: 'x' })).status).toBe(400);
    expect((await apruve.form('/_pages/lightbox/none', {})).status).toBe(404);
    expect((await apruve.send('GET', '/_pages/lightbox/none')).status).toBe(404);
    expect(await apruve.ledger()).toEqual([]);
  });
});
