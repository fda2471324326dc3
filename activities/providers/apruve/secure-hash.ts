/**
 * What proves to Apruve that an order came from us and not from the browser that carries it: a
 * SHA-256 over the API key and the order's values, written one after the other.
 *
 * Source: https://docs.apruve.com/docs/merchant-integration-tutorial-1 and Oro's
 * OrderSecureHashGenerator, which names Apruve's support: `accepts_payment_terms` is not in it.
 * Read 2026-11-21.
 */
import { createHash } from 'node:crypto';

const ORDER_FIELDS = [
  'merchant_id',
  'merchant_order_id',
  'amount_cents',
  'currency',
  'tax_cents',
  'shipping_cents',
  'expire_at',
  'finalize_on_create',
  'invoice_on_create',
] as const;

/** A line's total has one of two names, and a line has one of them. */
const ITEM_FIELDS = [
  'title',
  'amount_cents',
  'price_total_cents',
  'price_ea_cents',
  'quantity',
  'merchant_notes',
  'description',
  'variant_info',
  'sku',
  'vendor',
  'view_product_url',
] as const;

type HashedValue = string | number | boolean | null | undefined;
type Hashed<Field extends string> = { readonly [F in Field]?: HashedValue };
export type HashedOrder = Hashed<(typeof ORDER_FIELDS)[number]> & {
  readonly order_items: readonly Hashed<(typeof ITEM_FIELDS)[number]>[];
};

/** Lower-case hex. A missing value leaves no gap; the order of an object's keys means nothing. */
export function secureHash(apiKey: string, order: HashedOrder): string {
  const { order_items: items } = order;
  const values = [
    apiKey,
    ...ORDER_FIELDS.map((field) => order[field]),
    ...items.flatMap((item) => ITEM_FIELDS.map((field) => item[field])),
  ];
  return createHash('sha256')
    .update(values.map((value) => String(value ?? '')).join(''))
    .digest('hex');
}
