/**
 * What a person does at Apruve, behind the merchant's back: `POST /_sim/dashboard/{action}` with `{ ref, … }`. `ref` is an
 * order, an invoice, or a corporate account. The same rules and the same webhooks as over the API.
 */
import type { Hono } from 'hono';
import { z } from 'zod';
import { action, dashboardRoutes, type DashboardAction } from '../../shared/simulator-dashboard.ts';
import { invoicesOf } from './credit.ts';
import { ApruveFailure, errorResponse, missing } from './errors.ts';
import {
  cancelInvoice,
  closeInvoice,
  createInvoice,
  findInvoice,
  fundInvoice,
  payInvoice,
  requireStatus,
} from './invoices.ts';
import type { CorporateAccount, Invoice, Order } from './objects.ts';
import { acceptOrder, cancelOrder, findOrder } from './orders.ts';
import { createReturn } from './returns.ts';
import { shownAccount, shownInvoice, shownOrder, shownReturn } from './shown.ts';
import type { Apruve } from './store.ts';

type Action = DashboardAction<Apruve>;

const ref = z.string();
const amountMinor = z.int().min(1).optional();

function onOrder(act: (apruve: Apruve, order: Order) => void): Action {
  return action('{ ref }', z.strictObject({ ref }), (apruve, wish) => {
    const order = findOrder(apruve, wish.ref);
    act(apruve, order);
    return shownOrder(apruve, order);
  });
}

function onInvoice(act: (apruve: Apruve, invoice: Invoice) => void): Action {
  return action('{ ref }', z.strictObject({ ref }), (apruve, wish) => {
    const invoice = invoiceOf(apruve, wish.ref);
    act(apruve, invoice);
    return shownInvoice(apruve, invoice);
  });
}

/** An invoice by its own id, or the newest of an order that is not canceled. */
function invoiceOf(apruve: Apruve, id: string): Invoice {
  const order = apruve.state.orders.get(id);
  if (order === undefined) return findInvoice(apruve, id);
  const newest = invoicesOf(apruve.state, order).findLast(({ status }) => status !== 'canceled');
  if (newest === undefined) throw missing('invoice of order', id);
  return newest;
}

function accountOf({ state }: Apruve, id: string): CorporateAccount {
  const account = state.accounts.get(id);
  if (account === undefined) throw missing('corporate account', id);
  return account;
}

const accountChange = z.strictObject({
  ref,
  limitMinor: z.int().min(0).optional(),
  review: z.boolean().optional(),
  lateFunding: z.boolean().optional(),
  disabled: z.boolean().optional(),
});

const ACTIONS = new Map<string, Action>([
  ['accept', onOrder(acceptOrder)],
  ['cancel', onOrder(cancelOrder)],
  ['fund', onInvoice(fundInvoice)],
  ['pay', onInvoice(payInvoice)],
  ['close', onInvoice(closeInvoice)],
  ['cancel-invoice', onInvoice(cancelInvoice)],
  [
    'invoice',
    action(
      '{ ref, amountMinor }',
      z.strictObject({ ref, amountMinor: z.int().min(1) }),
      (apruve, wish) => {
        const totals = { amount_cents: wish.amountMinor, issue_on_create: true };
        return shownInvoice(apruve, createInvoice(apruve, findOrder(apruve, wish.ref), totals));
      },
    ),
  ],
  [
    'return',
    action('{ ref, amountMinor? }', z.strictObject({ ref, amountMinor }), (apruve, wish) => {
      const invoice = invoiceOf(apruve, wish.ref);
      const cents = wish.amountMinor ?? invoice.amount_cents - invoice.returned_cents;
      const made = { amount_cents: cents, reason: 'OTHER' };
      return shownReturn(apruve, createReturn(apruve, invoice, made));
    }),
  ],
  // Nobody knows when the merchant is paid: until then, only by `fund`.
  [
    'withhold',
    onInvoice((_, invoice) => {
      requireStatus(invoice, ['open']);
      invoice.fundAt = null;
    }),
  ],
  [
    'account',
    action(
      '{ ref, limitMinor?, review?, lateFunding?, disabled? }',
      accountChange,
      (apruve, wish) => {
        const account = accountOf(apruve, wish.ref);
        account.credit_amount_cents = wish.limitMinor ?? account.credit_amount_cents;
        account.review = wish.review ?? account.review;
        account.lateFunding = wish.lateFunding ?? account.lateFunding;
        account.disabled = wish.disabled ?? account.disabled;
        return shownAccount(apruve, account);
      },
    ),
  ],
]);

export function dashboard(
  apruve: Apruve,
  settle: (url: string) => void,
  changed: () => void,
): Hono {
  return dashboardRoutes({
    simulated: apruve,
    actions: ACTIONS,
    before: settle,
    after: changed,
    refusal: (error) => (error instanceof ApruveFailure ? errorResponse(error) : null),
  });
}
