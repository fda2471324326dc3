/**
 * What the simulated Apruve holds. The fields are those of real answers, as Apruve's own SDK keeps them for its tests:
 * https://github.com/apruve/apruve-elixir/tree/master/test/fixtures, read 2026-11-21. Links are added when shown.
 */

/** A line of an order, an invoice or a shipment, as the merchant sent it. */
export type Item = Readonly<Record<string, unknown>> & { readonly id: string };

/** https://docs.apruve.com/reference/getting-started-1 (Order Lifecycle), read 2026-11-21. */
export type OrderStatus = 'new' | 'pending' | 'accepted' | 'canceled';

export type Order = {
  readonly id: string;
  readonly merchant_id: string;
  readonly shopper_id: string;
  readonly accountId: string;
  merchant_order_id: string | null;
  amount_cents: number;
  tax_cents: number | null;
  shipping_cents: number | null;
  readonly currency: string;
  status: OrderStatus;
  po_number: string | null;
  expire_at: string;
  readonly finalize_on_create: boolean;
  readonly invoice_on_create: boolean;
  readonly secure_hash: string | null;
  order_items: readonly Item[];
  readonly created_at: string;
  updated_at: string;
  escalated_at: string | null;
  final_state_at: string | null;
  /** When credit is looked at, in ms; null if a person decides or it is decided. */
  decideAt: number | null;
  readonly invoiceIds: string[];
  /** Expired after a part was invoiced: what is left can no longer be. */
  lapsed: boolean;
};

export type InvoiceStatus = 'pending' | 'open' | 'closed' | 'canceled';

export type Invoice = {
  readonly id: string;
  readonly order_id: string;
  amount_cents: number;
  readonly currency: string;
  status: InvoiceStatus;
  readonly issue_on_create: boolean;
  readonly created_at: string;
  issued_at: string | null;
  due_at: string | null;
  final_state_at: string | null;
  merchant_notes: string | null;
  merchant_invoice_id: string | null;
  tax_cents: number | null;
  shipping_cents: number | null;
  returned_cents: number;
  amount_due: number;
  payments: { id: string; amount_cents: number; created_at: string }[];
  invoice_items: readonly Item[];
  funded_at: string | null;
  /** When the merchant is paid, in ms; null if that is over or nobody is to be paid. */
  fundAt: number | null;
};

export type Shipment = {
  readonly id: string;
  readonly invoice_id: string;
  readonly amount_cents: number | null;
  readonly currency: string;
  shipper: string | null;
  shipped_at: string | null;
  delivered_at: string | null;
  tracking_number: string | null;
  merchant_notes: string | null;
  merchant_shipment_id: string | null;
  tax_cents: number | null;
  shipping_cents: number | null;
  status: 'fulfilled' | 'partial';
  readonly shipment_items: readonly Item[];
  readonly created_at: string;
};

export type InvoiceReturn = {
  readonly id: string;
  readonly invoice_id: string;
  readonly amount_cents: number;
  readonly currency: string;
  reason: string;
  merchant_notes: string | null;
  readonly created_at: string;
  updated_at: string;
};

/** A buyer's account. `credit_amount_cents` is the limit; what is used and what is left follow from orders and invoices. */
export type CorporateAccount = {
  readonly id: string;
  readonly name: string;
  readonly payment_term_strategy_name: string;
  readonly netDays: number;
  credit_amount_cents: number;
  authorized_buyers: { id: string; name: string; email: string }[];
  /** A person at Apruve decides over each of its orders. */
  review: boolean;
  /** Its invoices are funded after three times the promised time. */
  lateFunding: boolean;
  disabled: boolean;
};

/** An order which the merchant's page has handed to apruve.js, before the buyer has decided. */
export type Offer = {
  readonly id: string;
  /** JSON as it came. */
  readonly order: string;
  readonly secureHash: string;
  readonly returnUrl: string | null;
  readonly cancelUrl: string | null;
  decision: 'accept' | 'decline' | null;
  orderId: string | null;
};

/** https://docs.apruve.com/docs/webhooks, read 2026-11-21. */
export type WebhookEvent = {
  readonly uuid: string;
  readonly created_at: string;
  readonly event: string;
  readonly entity: object;
  readonly status: string;
  readonly links: string;
};
