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

/** The buyer's part of an order is its payment term; it is accepted with the order. */
const TERM_STATUS: Record<OrderStatus, string> = {
  new: 'new',
  pending: 'pending',
  accepted: 'accepted',
  canceled: 'canceled',
};

export function shownTerm(apruve: Apruve, order: Order): object {
  return {
    po_number: order.po_number,
    type: 'CorporateAccount',
    status: TERM_STATUS[order.status],
    escalated_at: order.escalated_at,
    final_state_at: order.final_state_at,
    links: { order: at(apruve, `orders/${order.id}`) },
    merchant_order_id: order.merchant_order_id,
    purchase_order_id: order.id,
  };
}

export function shownOrder(apruve: Apruve, order: Order): object {
  const {
    accountId: _a,
    decideAt: _b,
    lapsed: _c,
    escalated_at: _d,
    invoiceIds: _e,
    ...wire
  } = order;
  return {
    ...wire,
    customer_id: order.shopper_id,
    accepts_payment_via: [],
    accepts_payment_terms: false,
    default_payment_method: null,
    links: {
      self: at(apruve, `orders/${order.id}`),
      merchant: at(apruve, `merchants/${order.merchant_id}`),
      invoices: at(apruve, `orders/${order.id}/invoices`),
    },
    order_items: order.order_items.map((item) => shownItem(item, { order_id: order.id })),
    payment_terms: shownTerm(apruve, order),
  };
}

export function shownInvoice(apruve: Apruve, invoice: Invoice): object {
  const { returned_cents: _, funded_at: __, fundAt: ___, ...wire } = invoice;
  const owner = { invoice_id: invoice.id, order_id: invoice.order_id };
  return {
    ...wire,
    opened_at: invoice.issued_at,
    links: {
      self: at(apruve, `invoices/${invoice.id}`),
      order: at(apruve, `orders/${invoice.order_id}`),
    },
    invoice_items: invoice.invoice_items.map((item) => shownItem(item, owner)),
  };
}

function shownItem(item: Item, owner: object): object {
  return { ...item, ...owner };
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
    status: account.disabled ? 'disabled' : 'approved',
    credit_available_cents: Math.max(0, availableTo(state, account)),
    credit_balance_cents: balanceOf(state, account),
    credit_amount_cents: account.credit_amount_cents,
    authorized_buyers: account.authorized_buyers,
  };
}
