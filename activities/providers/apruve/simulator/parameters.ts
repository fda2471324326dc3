/**
 * The bodies of requests. Fields nobody knows are ignored, as a Rails application does, and empty text is nothing: Apruve's
 * plugins send `delivered_at: ""` and, from PHP, an empty list in place of an empty object (`payment_term: []`):
 * https://github.com/apruve/apruve-php/blob/master/src/Apruve/Order.php and
 * https://github.com/apruve/apruve-magento2, read 2026-12-01.
 */
import { z } from 'zod';
import { ApruveFailure, invalid } from './errors.ts';

/** Apruve's own Ruby SDK sends some amounts as text: https://github.com/apruve/apruve-ruby (order_spec.rb), read 2026-11-21. */
const cents = z.union([
  z.int(),
  z
    .string()
    .regex(/^-?\d{1,15}$/)
    .transform(Number),
]);
const text = z.string().nullish();
const flag = z.union([z.boolean(), z.enum(['true', 'false']).transform((word) => word === 'true')]);
/** What need not be there may be null or empty. */
const maybe = <T extends z.ZodType>(shape: T) =>
  z.preprocess((value) => (value === '' ? null : value), shape.nullish());
const amount = cents.refine((value) => value > 0, 'must be greater than 0');
/** Apruve knows no other: https://github.com/oroinc/OroApruveBundle (SupportedCurrenciesProvider), read 2026-11-21. */
const currency = maybe(z.literal('USD', 'must be USD'));
const moment = z.string().refine((when) => !Number.isNaN(Date.parse(when)), 'must be a time');
const items = z.array(z.looseObject({ title: z.string('must be set').min(1) })).nullish();
const term = z
  .union([
    z.looseObject({ corporate_account_id: text, po_number: text }),
    z.tuple([]).transform(() => ({ corporate_account_id: null, po_number: null, isEmpty: true })),
  ])
  .nullish();

const totals = {
  amount_cents: amount,
  tax_cents: maybe(cents),
  shipping_cents: maybe(cents),
};

export const orderShape = z.object({
  ...totals,
  merchant_id: z.string('must be set'),
  shopper_id: text,
  merchant_order_id: text,
  currency,
  expire_at: maybe(moment),
  po_number: text,
  finalize_on_create: maybe(flag),
  invoice_on_create: maybe(flag),
  order_items: items,
  payment_term: term,
  payment_terms: term,
  payment_term_params: term,
});
export type OrderWish = z.infer<typeof orderShape>;

export const orderChangeShape = orderShape.omit({ merchant_id: true, currency: true }).partial();
export type OrderChange = z.infer<typeof orderChangeShape>;

export const invoiceShape = z.object({
  ...totals,
  order_id: text,
  currency,
  merchant_invoice_id: text,
  merchant_notes: text,
  issue_on_create: maybe(flag),
  due_at: maybe(moment),
  invoice_items: items,
});
export type InvoiceWish = z.infer<typeof invoiceShape>;
export const invoiceChangeShape = invoiceShape.omit({ order_id: true, currency: true }).partial();
export type InvoiceChange = z.infer<typeof invoiceChangeShape>;

export const shipmentShape = z.object({
  amount_cents: maybe(cents),
  tax_cents: maybe(cents),
  shipping_cents: maybe(cents),
  currency,
  shipper: text,
  shipped_at: maybe(moment),
  delivered_at: maybe(moment),
  tracking_number: text,
  merchant_notes: text,
  merchant_shipment_id: text,
  status: maybe(z.enum(['fulfilled', 'partial'])),
  shipment_items: items,
});
export type ShipmentWish = z.infer<typeof shipmentShape>;

export const returnShape = z.object({
  amount_cents: amount,
  currency,
  reason: z.string('must be set').min(1),
  merchant_notes: text,
});
export type ReturnWish = z.infer<typeof returnShape>;
export const returnChangeShape = returnShape.partial();
export type ReturnChange = z.infer<typeof returnChangeShape>;

/** Reads a JSON body, bare or under its own name: the Ruby SDK sends `{"order": {…}}` to update an order. */
export function readBody<T>(body: string, shape: z.ZodType<T>, name: string): T {
  let parsed: unknown;
  try {
    parsed = JSON.parse(body === '' ? '{}' : body);
  } catch {
    throw invalid('body', 'The body is not JSON.');
  }
  const holder = z.object({ [name]: z.record(z.string(), z.unknown()) }).safeParse(parsed);
  return readWish(holder.success ? holder.data[name] : parsed, shape);
}

export function readWish<T>(value: unknown, shape: z.ZodType<T>): T {
  const result = shape.safeParse(value);
  if (result.success) return result.data;
  throw new ApruveFailure(
    400,
    result.error.issues.map(({ path, message }) => ({
      title: 'Bad Request',
      detail: `${path.join('.')} ${message}`.trim(),
      source: { parameter: path.join('.') },
    })),
  );
}
