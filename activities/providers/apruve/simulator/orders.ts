/**
 * Orders. States and what they mean: https://docs.apruve.com/reference/getting-started-1 (Order Lifecycle), read
 * 2026-11-21. `new` waits for the merchant to finalize it, `pending` for credit or a person, and an order without enough
 * credit is canceled. An accepted order holds its amount of the buyer's credit.
 */
import { availableTo, invoicesOf, leftToInvoice } from './credit.ts';
import { conflict, invalid, missing } from './errors.ts';
import { accountOf, createInvoice, itemsOf } from './invoices.ts';
import type { Order } from './objects.ts';
import type { OrderChange, OrderWish } from './parameters.ts';
import { shownOrder, shownTerm } from './shown.ts';
import { endOfDay, newId, stamp, type Apruve } from './store.ts';

const DAY_MS = 86_400_000;
/** https://github.com/apruve/apruve-php/releases (v1.2.0), read 2026-11-21. */
const DEFAULT_EXPIRY_DAYS = 45;

export type Placed = { shopperId: string; accountId: string; secureHash: string | null };

export function findOrder({ state }: Apruve, id: string): Order {
  const order = state.orders.get(id);
  if (order === undefined) throw missing('order', id);
  return order;
}

export function createOrder(apruve: Apruve, wish: OrderWish, placed: Placed): Order {
  const now = apruve.plane.now();
  const expireAt =
    wish.expire_at === null || wish.expire_at === undefined
      ? now + DEFAULT_EXPIRY_DAYS * DAY_MS
      : Date.parse(wish.expire_at);
  if (expireAt <= now) throw invalid('expire_at', 'expire_at is in the past.');
  const expiry = endOfDay(expireAt);
  const order: Order = {
    id: newId(),
    merchant_id: wish.merchant_id,
    shopper_id: placed.shopperId,
    accountId: placed.accountId,
    merchant_order_id: wish.merchant_order_id ?? null,
    amount_cents: wish.amount_cents,
    tax_cents: wish.tax_cents ?? 0,
    shipping_cents: wish.shipping_cents ?? 0,
    currency: 'USD',
    status: 'new',
    po_number: wish.po_number ?? wish.payment_term?.po_number ?? null,
    expire_at: expiry,
    finalize_on_create: wish.finalize_on_create ?? false,
    invoice_on_create: wish.invoice_on_create ?? false,
    secure_hash: placed.secureHash,
    order_items: itemsOf(wish.order_items),
    created_at: stamp(now),
    updated_at: stamp(now),
    escalated_at: null,
    final_state_at: null,
    decideAt: null,
    invoiceIds: [],
    lapsed: false,
  };
  apruve.state.orders.set(order.id, order);
  apruve.wakeAt(Date.parse(expiry));
  if (order.finalize_on_create) finalizeOrder(apruve, order);
  return order;
}

/** From now on the merchant changes nothing; credit is looked at after the answer: real answers say `pending`. */
export function finalizeOrder(apruve: Apruve, order: Order): void {
  if (order.status !== 'new') throw conflict(`The order is ${order.status}.`);
  const now = apruve.plane.now();
  order.status = 'pending';
  order.escalated_at = stamp(now);
  order.decideAt = now + apruve.approvalMs;
  touch(apruve, order);
  apruve.wakeAt(order.decideAt);
}

/** Looks at the credit. An account under review waits for a person. */
export function decideOrder(apruve: Apruve, order: Order): void {
  order.decideAt = null;
  const account = accountOf(apruve, order);
  if (account.disabled || availableTo(apruve.state, account) < order.amount_cents) {
    endCanceled(apruve, order, null);
  } else if (!account.review) {
    acceptOrder(apruve, order);
  }
}

export function acceptOrder(apruve: Apruve, order: Order): void {
  if (order.status !== 'pending') throw conflict(`The order is ${order.status}.`);
  order.status = 'accepted';
  order.decideAt = null;
  order.final_state_at = stamp(apruve.plane.now());
  touch(apruve, order);
  move(apruve, order, 'order', order.amount_cents);
  const path = `orders/${order.id}`;
  apruve.emit('payment_term.accepted', 'accepted', shownTerm(apruve, order), path);
  apruve.emit('order.accepted', order.status, shownOrder(apruve, order), path);
  if (order.invoice_on_create) {
    const totals = { tax_cents: order.tax_cents, shipping_cents: order.shipping_cents };
    const wish = { amount_cents: order.amount_cents, issue_on_create: true, ...totals };
    createInvoice(apruve, order, wish);
  }
}

export function updateOrder(apruve: Apruve, order: Order, change: OrderChange): void {
  if (order.status !== 'new') throw conflict(`The order is ${order.status}: it was finalized.`);
  order.amount_cents = change.amount_cents ?? order.amount_cents;
  order.tax_cents = change.tax_cents ?? order.tax_cents;
  order.shipping_cents = change.shipping_cents ?? order.shipping_cents;
  order.merchant_order_id = change.merchant_order_id ?? order.merchant_order_id;
  order.po_number = change.po_number ?? order.po_number;
  if (change.expire_at) {
    order.expire_at = endOfDay(Date.parse(change.expire_at));
    apruve.wakeAt(Date.parse(order.expire_at));
  }
  if (change.order_items) order.order_items = itemsOf(change.order_items);
  touch(apruve, order);
}

export function cancelOrder(apruve: Apruve, order: Order): void {
  if (order.status === 'canceled') throw conflict('The order is canceled.');
  if (hasInvoices(apruve, order)) throw conflict('The order has invoices: cancel them first.');
  endCanceled(apruve, order, 'cancel');
}

/** What was never invoiced lapses. Invoices go on, and so does the order they belong to. */
export function expireOrder(apruve: Apruve, order: Order): void {
  if (!hasInvoices(apruve, order)) return endCanceled(apruve, order, 'expire');
  const left = leftToInvoice(apruve.state, order);
  order.lapsed = true;
  touch(apruve, order);
  if (left > 0) move(apruve, order, 'expire', left);
}

export function canExpire({ state }: Apruve, order: Order): boolean {
  if (order.status === 'canceled' || order.lapsed) return false;
  return leftToInvoice(state, order) > 0;
}

/** In the ledger only if credit was held. */
function endCanceled(apruve: Apruve, order: Order, kind: 'cancel' | 'expire' | null): void {
  const held = order.status === 'accepted';
  order.status = 'canceled';
  order.decideAt = null;
  order.final_state_at = stamp(apruve.plane.now());
  touch(apruve, order);
  if (held && kind !== null) move(apruve, order, kind, order.amount_cents);
  apruve.emit('order.canceled', order.status, shownOrder(apruve, order), `orders/${order.id}`);
}

function hasInvoices({ state }: Apruve, order: Order): boolean {
  return invoicesOf(state, order).some(({ status }) => status !== 'canceled');
}

function touch({ plane }: Apruve, order: Order): void {
  order.updated_at = stamp(plane.now());
}

function move(apruve: Apruve, order: Order, kind: string, amountMinor: number): void {
  const { id: ref, merchant_order_id: key, currency } = order;
  apruve.plane.move({ kind, ref, amountMinor, currency, key });
}
