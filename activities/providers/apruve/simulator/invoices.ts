/**
 * Invoices: a part of an order or all of it, issued to the buyer, funded to the merchant, paid by the buyer. Statuses as
 * in Apruve's SDK (pending, open, closed, canceled). "Funded" is an event and no status: an invoice stays open until its
 * buyer has paid. Issuing needs credit: https://docs.apruve.com/reference-link/post_invoices-id-issue, read 2026-11-21.
 */
import { availableTo, leftToInvoice } from './credit.ts';
import { conflict, invalid, missing } from './errors.ts';
import type { CorporateAccount, Invoice, Item, Order } from './objects.ts';
import type { InvoiceChange, InvoiceWish } from './parameters.ts';
import { shownInvoice } from './shown.ts';
import { newId, stamp, startOfDay, type Apruve } from './store.ts';

const DAY_MS = 86_400_000;
/** "Late" is three times the promise. */
const LATE_FACTOR = 3;

function orderOf({ state }: Apruve, invoice: Invoice): Order {
  const order = state.orders.get(invoice.order_id);
  if (order === undefined) throw new Error(`${invoice.id} belongs to no order.`);
  return order;
}

export function accountOf({ state }: Apruve, order: Order): CorporateAccount {
  const account = state.accounts.get(order.accountId);
  if (account === undefined) throw new Error(`${order.id} belongs to nobody.`);
  return account;
}

export function findInvoice({ state }: Apruve, id: string): Invoice {
  const invoice = state.invoices.get(id);
  if (invoice === undefined) throw missing('invoice', id);
  return invoice;
}

/** Nothing is invoiced twice: all invoices of an order that are not canceled stay within its amount. */
export function createInvoice(apruve: Apruve, order: Order, wish: InvoiceWish): Invoice {
  if (order.status === 'canceled' || order.lapsed) {
    throw conflict(`The order is ${order.lapsed ? 'expired' : order.status}.`);
  }
  if (wish.issue_on_create === true) requireIssuable(apruve, order);
  requireRoom(apruve, order, wish.amount_cents);
  const { plane, state } = apruve;
  const invoice: Invoice = {
    id: newId(),
    order_id: order.id,
    amount_cents: wish.amount_cents,
    currency: 'USD',
    status: 'pending',
    issue_on_create: wish.issue_on_create ?? false,
    created_at: stamp(plane.now()),
    issued_at: null,
    due_at: wish.due_at ?? null,
    final_state_at: null,
    merchant_notes: wish.merchant_notes ?? null,
    merchant_invoice_id: wish.merchant_invoice_id ?? null,
    tax_cents: wish.tax_cents ?? null,
    shipping_cents: wish.shipping_cents ?? null,
    returned_cents: 0,
    amount_due: wish.amount_cents,
    payments: [],
    invoice_items: itemsOf(wish.invoice_items),
    funded_at: null,
    fundAt: null,
  };
  state.invoices.set(invoice.id, invoice);
  order.invoiceIds.push(invoice.id);
  if (invoice.issue_on_create) issueInvoice(apruve, invoice);
  return invoice;
}

export function itemsOf(items: readonly object[] | null | undefined): Item[] {
  return (items ?? []).map((item) => ({ ...item, id: newId() }));
}

function requireRoom({ state }: Apruve, order: Order, cents: number, own = 0): void {
  const left = leftToInvoice(state, order) + own;
  if (cents > left) throw invalid('amount_cents', `The order has ${left} cents left to invoice.`);
}

function requireIssuable(apruve: Apruve, order: Order): void {
  if (order.status !== 'accepted') throw conflict(`The order is ${order.status}, not accepted.`);
  const account = accountOf(apruve, order);
  if (account.disabled || availableTo(apruve.state, account) < 0) {
    throw invalid('amount_cents', 'The corporate account has not enough credit left.');
  }
}

export function issueInvoice(apruve: Apruve, invoice: Invoice): void {
  requireStatus(invoice, ['pending']);
  const order = orderOf(apruve, invoice);
  requireIssuable(apruve, order);
  const account = accountOf(apruve, order);
  const now = apruve.plane.now();
  invoice.status = 'open';
  invoice.issued_at = stamp(now);
  invoice.due_at ??= startOfDay(now + account.netDays * DAY_MS);
  invoice.fundAt = now + apruve.fundingMs * (account.lateFunding ? LATE_FACTOR : 1);
  apruve.wakeAt(invoice.fundAt);
  apruve.wakeAt(Date.parse(invoice.due_at));
  move(apruve, invoice, 'invoice', invoice.amount_cents);
}

export function updateInvoice(apruve: Apruve, invoice: Invoice, change: InvoiceChange): void {
  requireStatus(invoice, ['pending']);
  const cents = change.amount_cents ?? invoice.amount_cents;
  requireRoom(apruve, orderOf(apruve, invoice), cents, invoice.amount_cents);
  invoice.amount_cents = cents;
  invoice.amount_due = cents;
  invoice.due_at = change.due_at ?? invoice.due_at;
  invoice.merchant_notes = change.merchant_notes ?? invoice.merchant_notes;
  invoice.merchant_invoice_id = change.merchant_invoice_id ?? invoice.merchant_invoice_id;
  invoice.tax_cents = change.tax_cents ?? invoice.tax_cents;
  invoice.shipping_cents = change.shipping_cents ?? invoice.shipping_cents;
  if (change.invoice_items) invoice.invoice_items = itemsOf(change.invoice_items);
}

/** Its part of the order can be invoiced anew. What the merchant was paid for goes back by a return. */
export function cancelInvoice(apruve: Apruve, invoice: Invoice): void {
  requireStatus(invoice, ['pending', 'open']);
  if (invoice.funded_at !== null) throw conflict('The invoice is funded: return it instead.');
  if (invoice.returned_cents > 0) throw conflict('A part of the invoice was returned.');
  const issued = invoice.issued_at !== null;
  invoice.status = 'canceled';
  invoice.amount_due = 0;
  end(apruve, invoice);
  if (issued) move(apruve, invoice, 'cancel-invoice', invoice.amount_cents);
  announce(apruve, invoice, 'canceled');
}

/** The merchant says that it was paid otherwise: Apruve pays nothing any more. */
export function closeInvoice(apruve: Apruve, invoice: Invoice): void {
  requireStatus(invoice, ['open']);
  move(apruve, invoice, 'close', invoice.amount_due);
  closeWith(apruve, invoice);
}

/** Apruve pays the merchant. Its fee is not documented and none is taken. */
export function fundInvoice(apruve: Apruve, invoice: Invoice): void {
  requireStatus(invoice, ['open']);
  if (invoice.funded_at !== null) throw conflict('The invoice is funded already.');
  invoice.funded_at = stamp(apruve.plane.now());
  invoice.fundAt = null;
  move(apruve, invoice, 'fund', invoice.amount_cents - invoice.returned_cents);
  announce(apruve, invoice, 'funded');
}

/** The buyer pays Apruve all that is due, and the merchant is paid at the latest then. */
export function payInvoice(apruve: Apruve, invoice: Invoice): void {
  requireStatus(invoice, ['open']);
  if (invoice.funded_at === null) fundInvoice(apruve, invoice);
  const created = stamp(apruve.plane.now());
  invoice.payments.push({ id: newId(), amount_cents: invoice.amount_due, created_at: created });
  move(apruve, invoice, 'pay', invoice.amount_due);
  closeWith(apruve, invoice);
}

export function closeWith(apruve: Apruve, invoice: Invoice): void {
  invoice.status = 'closed';
  invoice.amount_due = 0;
  end(apruve, invoice);
  announce(apruve, invoice, 'closed');
}

function end({ plane }: Apruve, invoice: Invoice): void {
  invoice.final_state_at = stamp(plane.now());
  invoice.fundAt = null;
}

export function requireStatus({ status }: Invoice, allowed: readonly Invoice['status'][]): void {
  if (!allowed.includes(status)) throw conflict(`The invoice is ${status}.`);
}

/** Apruve has no idempotency keys: the merchant's own number of the invoice is what tells two of them apart. */
export function move(apruve: Apruve, invoice: Invoice, kind: string, amountMinor: number): void {
  const { order_id: ref, merchant_invoice_id: key, currency } = invoice;
  apruve.plane.move({ kind, ref, amountMinor, currency, key });
}

function announce(apruve: Apruve, invoice: Invoice, what: 'funded' | 'closed' | 'canceled'): void {
  const entity = shownInvoice(apruve, invoice);
  apruve.emit(`invoice.${what}`, invoice.status, entity, `invoices/${invoice.id}`);
}
