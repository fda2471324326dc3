/** Objects as the API and the webhooks show them: with links, without what only the simulator knows. */
import { availableTo, balanceOf } from './credit.ts';
import type {
  CorporateAccount,
  Invoice,
  InvoiceReturn,
  Item,
  Order,
  OrderStatus,
  Shipment,
} from './objects.ts';
import type { Apruve } from './store.ts';

export const API = '/api/v4';

function at(apruve: Apruve, path: string): string {
  return `${apruve.origin()}${API}/${path}`;
}

/** The buyer's part of an order is its payment term: the buyer has accepted it when the order is finalized, while the order
 *  itself may still be `pending`. */
const TERM_STATUS: Record<OrderStatus, string> = {
  new: 'new',
  pending: 'accepted',
  accepted: 'accepted',
  canceled: 'canceled',
};

export function shownTerm(apruve: Apruve, order: Order): object {
  return {
    po_number: order.po_number,
    type: 'CorporateAccount',
    status: TERM_STATUS[order.status],
    escalated_at: order.escalated_at,
    final_state_at: order.escalated_at,
    links: { order: at(apruve, `orders/${order.id}.json`) },
    merchant_order_id: order.merchant_order_id,
    purchase_order_id: order.id,
  };
}

/** Field for field as https://github.com/apruve/apruve-elixir/blob/master/test/fixtures/order.json, read 2026-12-01. */
export function shownOrder(apruve: Apruve, order: Order): object {
  const { id, merchant_id: merchantId, shopper_id: shopperId } = order;
  const self = at(apruve, `orders/${id}.json`);
  return {
    id,
    merchant_id: merchantId,
    customer_id: shopperId,
    shopper_id: shopperId,
    amount_cents: order.amount_cents,
    currency: order.currency,
    status: order.status,
    merchant_order_id: order.merchant_order_id,
    accepts_payment_via: [],
    accepts_payment_terms: false,
    tax_cents: order.tax_cents,
    shipping_cents: order.shipping_cents,
    expire_at: order.expire_at,
    created_at: order.created_at,
    final_state_at: order.final_state_at,
    default_payment_method: null,
    links: {
      self,
      customer: at(apruve, `users/${shopperId}.json`),
      shopper: at(apruve, `users/${shopperId}.json`),
      merchant: at(apruve, `merchants/${merchantId}.json`),
      invoices: at(apruve, `orders/${id}/invoices.json`),
    },
    finalize_on_create: order.finalize_on_create,
    invoice_on_create: order.invoice_on_create,
    secure_hash: order.secure_hash,
    order_items: order.order_items.map((item) => ({
      ...shownItem(item, { order_id: id }, order.currency),
      links: { self: at(apruve, `order_items/${item.id}.json`), order: self },
      plan_code: item['plan_code'] ?? null,
    })),
    payment_terms: shownTerm(apruve, order),
  };
}

/** Field for field as https://github.com/apruve/apruve-elixir/blob/master/test/fixtures/invoice_post_response.json, read
 *  2026-12-01. */
export function shownInvoice(apruve: Apruve, invoice: Invoice): object {
  const { id, order_id: orderId } = invoice;
  const links = { self: at(apruve, `invoices/${id}`), order: at(apruve, `orders/${orderId}`) };
  return {
    id,
    order_id: orderId,
    amount_cents: invoice.amount_cents,
    currency: invoice.currency,
    status: invoice.status,
    issue_on_create: invoice.issue_on_create,
    created_at: invoice.created_at,
    opened_at: invoice.issued_at,
    issued_at: invoice.issued_at,
    due_at: invoice.due_at,
    final_state_at: invoice.final_state_at,
    merchant_notes: invoice.merchant_notes,
    merchant_invoice_id: invoice.merchant_invoice_id,
    tax_cents: invoice.tax_cents,
    shipping_cents: invoice.shipping_cents,
    amount_due: invoice.amount_due,
    links,
    payments: invoice.payments.map((payment) => shownPayment(apruve, invoice, payment)),
    invoice_items: invoice.invoice_items.map((item) => ({
      ...shownItem(item, { invoice_id: id, order_id: orderId }, null),
      links: {
        self: `${links.self}/invoice_items/${item.id}`,
        order: links.order,
        invoice: links.self,
      },
    })),
  };
}

/** As in the real webhook of 2017 that Oro's tests keep: https://github.com/oroinc/OroApruveBundle, read 2026-12-01. */
function shownPayment(apruve: Apruve, invoice: Invoice, payment: Invoice['payments'][number]) {
  const { id, amount_cents: cents, created_at: paidAt } = payment;
  const payerId = apruve.state.orders.get(invoice.order_id)?.shopper_id ?? null;
  const payer = at(apruve, `users/${payerId}`);
  return {
    id,
    invoice_ids: [invoice.id],
    payer_id: payerId,
    amount_cents: cents,
    refunded_amount_cents: 0,
    currency: invoice.currency,
    failure_reason: null,
    status: 'captured',
    created_at: paidAt,
    captured_at: paidAt,
    state_changed_at: paidAt,
    paid_out: false,
    links: {
      self: at(apruve, `payments/${id}`),
      invoices: [at(apruve, `invoices/${invoice.id}`)],
      payer,
      refunds: null,
    },
    payment_method: {
      type: 'bank_account',
      card_type: null,
      last4: '6789',
      nickname: null,
      links: { owner: payer },
    },
  };
}

/** What a line is made of; what the merchant did not say is null. The page of a product has two names. */
function shownItem(item: Item, owner: object, currency: string | null): object {
  const said = (name: string): unknown => item[name] ?? null;
  return {
    id: item.id,
    ...owner,
    title: said('title'),
    description: said('description'),
    quantity: said('quantity'),
    price_ea_cents: said('price_ea_cents'),
    price_total_cents: item['price_total_cents'] ?? said('amount_cents'),
    currency: item['currency'] ?? currency,
    product_url: item['product_url'] ?? said('view_product_url'),
    product_image_url: said('product_image_url'),
    variant_info: said('variant_info'),
    vendor: said('vendor'),
    sku: said('sku'),
    merchant_notes: said('merchant_notes'),
  };
}

export function shownShipment(apruve: Apruve, shipment: Shipment): object {
  const { id, invoice_id: invoiceId } = shipment;
  const self = at(apruve, `invoices/${invoiceId}/shipments/${id}`);
  return { ...shipment, links: { self, invoice: at(apruve, `invoices/${invoiceId}`) } };
}

export function shownReturn(apruve: Apruve, made: InvoiceReturn): object {
  const links = { invoice: at(apruve, `invoices/${made.invoice_id}`) };
  return { ...made, uuid: made.id, created_by_id: null, links };
}

/** Field for field as https://github.com/apruve/apruve-elixir/blob/master/test/fixtures/corporate_accounts_response.json,
 *  read 2026-12-01. */
export function shownAccount(apruve: Apruve, account: CorporateAccount): object {
  const { state, merchantId } = apruve;
  return {
    id: account.id,
    merchant_uuid: merchantId,
    customer_uuid: account.authorized_buyers[0]?.id ?? null,
    type: 'CorporateAccount',
    payment_term_strategy_name: account.payment_term_strategy_name,
    name: account.name,
    merchant_account_id: null,
    credit_available_cents: Math.max(0, availableTo(state, account)),
    credit_balance_cents: balanceOf(state, account),
    credit_amount_cents: account.credit_amount_cents,
    authorized_buyers: account.authorized_buyers,
  };
}
