/**
 * How orders and invoices use up a buyer's credit. Placing an order holds its amount, as an authorization would; an
 * issued invoice turns its part of the hold into debt until it is paid: https://docs.apruve.com/docs/merchant-technical-overview
 * (Credit Overview), read 2026-11-21.
 */
import type { CorporateAccount, Invoice, Order } from './objects.ts';
import type { ApruveState } from './store.ts';

export function invoicesOf({ invoices }: ApruveState, order: Order): Invoice[] {
  return order.invoiceIds.map((id) => invoices.get(id)).filter((invoice) => invoice !== undefined);
}

/** What of an order has no invoice yet. */
export function leftToInvoice(state: ApruveState, order: Order): number {
  const live = invoicesOf(state, order).filter(({ status }) => status !== 'canceled');
  return live.reduce((left, { amount_cents: cents }) => left - cents, order.amount_cents);
}

function heldBy(state: ApruveState, order: Order): number {
  if (order.status !== 'accepted' || order.lapsed) return 0;
  const issued = invoicesOf(state, order).filter(
    ({ issued_at: at, status }) => at !== null && status !== 'canceled',
  );
  return issued.reduce((left, { amount_cents: cents }) => left - cents, order.amount_cents);
}

/** What the buyer owes on issued invoices. */
export function balanceOf(state: ApruveState, account: CorporateAccount): number {
  let owed = 0;
  for (const invoice of state.invoices.values()) {
    const order = state.orders.get(invoice.order_id);
    if (order?.accountId === account.id && invoice.status === 'open') owed += invoice.amount_due;
  }
  return owed;
}

/** Below zero after a limit was lowered under what is used. */
export function availableTo(state: ApruveState, account: CorporateAccount): number {
  let held = 0;
  for (const order of state.orders.values()) {
    if (order.accountId === account.id) held += heldBy(state, order);
  }
  return account.credit_amount_cents - balanceOf(state, account) - held;
}
