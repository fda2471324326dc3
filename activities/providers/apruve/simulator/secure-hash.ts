/**
 * The secure hash that keeps a buyer from changing the order on its way through the browser: SHA-256, in hexadecimal, of
 * the API key and the values of the order and of its lines in a fixed order, with nothing between them and nothing for
 * what is missing. Order of the fields: https://docs.apruve.com/docs/merchant-integration-tutorial-1 (step 1b) and
 * https://github.com/apruve/apruve-ruby/blob/master/lib/apruve/resources/order.rb, read 2026-11-21.
 */
import { createHash } from 'node:crypto';

/** Without `accepts_payment_terms`, which the SDK has here and Apruve does not, as its support told Oro:
 *  https://github.com/oroinc/OroApruveBundle/blob/master/Apruve/Generator/OrderSecureHashGenerator.php, read 2026-11-21. */
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

/** Oro calls a line's total `amount_cents`, Apruve's SDK `price_total_cents`: whichever a line has stands there. */
const ITEM_FIELDS = [
  'title',
  'plan_code',
  ['price_total_cents', 'amount_cents'],
  'price_ea_cents',
  'quantity',
  'merchant_notes',
  'description',
  'variant_info',
  'sku',
  'vendor',
  'view_product_url',
] as const;

type Values = Readonly<Record<string, unknown>>;

export function secureHashOf(order: Values, apiKey: string): string {
  const items = Array.isArray(order['order_items']) ? (order['order_items'] as Values[]) : [];
  const lines = items.flatMap((item) =>
    ITEM_FIELDS.map((names) => textOf([names].flat().map((name) => item[name]))),
  );
  const head = ORDER_FIELDS.map((name) => textOf([order[name]]));
  return createHash('sha256')
    .update([apiKey, ...head, ...lines].join(''))
    .digest('hex');
}

/** Booleans are `true` and `false`, numbers are decimal digits; objects have no place in the hash. */
function textOf(candidates: readonly unknown[]): string {
  const value = candidates.find((one) => one !== undefined && one !== null);
  switch (typeof value) {
    case 'string':
      return value;
    case 'number':
    case 'boolean':
      return String(value);
    default:
      return '';
  }
}
