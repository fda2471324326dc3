import { describe, expect, it } from 'vitest';
import {
  type HashedOrder,
  secureHash,
} from '../../../../activities/providers/apruve/secure-hash.ts';

/** Orders and hashes of Apruve's own SDKs: order_test.exs of apruve-elixir, order_spec.rb of
 *  apruve-ruby; read 2026-11-21. */
const KNOWN: readonly (readonly [string, HashedOrder, string])[] = [
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
];

describe('the secure hash', () => {
  it.each(KNOWN)('with the key %s is the one that Apruve’s SDK makes', (apiKey, order, hash) => {
    expect(secureHash(apiKey, order)).toBe(hash);
  });

  it('is the same however an object’s keys are ordered', () => {
    const [apiKey, order, hash] = KNOWN[1] ?? ['', { order_items: [] }, ''];
    const backwards = Object.fromEntries(Object.entries(order).toReversed());
    expect(secureHash(apiKey, { ...backwards, order_items: order.order_items })).toBe(hash);
  });

  it.each([
    ['amount', { amount_cents: 1001 }],
    ['line', { order_items: [{ title: 'an order item', sku: 'ansku', price_total_cents: 1 }] }],
  ])('is another when the %s is', (_what, change) => {
    const [apiKey, order, hash] = KNOWN[0] ?? ['', { order_items: [] }, ''];
    expect(secureHash(apiKey, { ...order, ...change })).not.toBe(hash);
  });
});
