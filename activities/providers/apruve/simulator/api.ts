/**
 * The REST API, `/api/v4`. Paths: https://github.com/apruve/apruve-ruby/tree/master/lib/apruve/resources and
 * https://github.com/oroinc/OroApruveBundle/tree/master/Apruve/Client/Request, read 2026-11-21.
 */
import { forbidden, invalid, missing } from './errors.ts';
import type { Asked, Endpoints } from './http.ts';
import {
  cancelInvoice,
  closeInvoice,
  createInvoice,
  findInvoice,
  issueInvoice,
  updateInvoice,
} from './invoices.ts';
import { invoicesOf } from './credit.ts';
import type { CorporateAccount, Invoice, Order } from './objects.ts';
import { cancelOrder, createOrder, finalizeOrder, findOrder, updateOrder } from './orders.ts';
import {
  invoiceChangeShape,
  invoiceShape,
  orderChangeShape,
  orderShape,
  readBody,
  returnChangeShape,
  returnShape,
  shipmentShape,
  type OrderWish,
} from './parameters.ts';
import { createReturn, findReturn, updateReturn } from './returns.ts';
import { createShipment, findShipment, updateShipment } from './shipments.ts';
import { shownAccount, shownInvoice, shownOrder, shownReturn, shownShipment } from './shown.ts';
import type { Apruve } from './store.ts';

/** "Results can be limited to the first 25 orders": https://hexdocs.pm/apruve/Apruve.Order.html, read 2026-11-21. */
const LISTED = 25;

export function orderEndpoints({ on }: Endpoints): void {
  on(['get'], '/orders', ({ apruve, query }) => {
    const wanted = (['merchant_order_id', 'secure_hash'] as const)
      .map((field) => ({ field, value: query(field) }))
      .filter(({ value }) => value !== undefined);
    const found = [...apruve.state.orders.values()]
      .filter((order) => wanted.every(({ field, value }) => order[field] === value))
      .toReversed();
    return { body: found.slice(0, LISTED).map((order) => shownOrder(apruve, order)) };
  });
  on(['post'], '/orders', ({ apruve, body }) => {
    const wish = readBody(body, orderShape, 'order');
    requireMerchant(apruve, wish.merchant_id);
    const order = createOrder(apruve, wish, { ...buyerOf(apruve, wish), secureHash: null });
    return { status: 201, body: shownOrder(apruve, order) };
  });
  on(['get'], '/orders/:id', ({ apruve, param }) => ({
    body: shownOrder(apruve, findOrder(apruve, param('id'))),
  }));
  on(['put', 'patch'], '/orders/:id', (asked) =>
    onOrder(asked, (order) =>
      updateOrder(asked.apruve, order, readBody(asked.body, orderChangeShape, 'order')),
    ),
  );
  on(['post'], '/orders/:id/finalize', (asked) =>
    onOrder(asked, (order) => finalizeOrder(asked.apruve, order)),
  );
  on(['post'], '/orders/:id/cancel', (asked) =>
    onOrder(asked, (order) => cancelOrder(asked.apruve, order)),
  );
}

/** Server to server an order names its corporate account, and one of that account's buyers places it. With the empty term
 *  of Apruve's PHP client it is the account of that buyer. */
function buyerOf({ state }: Apruve, wish: OrderWish): { shopperId: string; accountId: string } {
  const term = wish.payment_term ?? wish.payment_term_params ?? wish.payment_terms;
  const buys = ({ authorized_buyers: buyers }: CorporateAccount) =>
    buyers.some(({ id }) => id === wish.shopper_id);
  const account =
    term?.['isEmpty'] === true
      ? [...state.accounts.values()].find(buys)
      : state.accounts.get(term?.corporate_account_id ?? '');
  if (account === undefined) {
    throw invalid('payment_term.corporate_account_id', 'There is no such corporate account.');
  }
  if (!buys(account)) {
    throw invalid('shopper_id', 'The shopper is no authorized buyer of the corporate account.');
  }
  return { shopperId: wish.shopper_id ?? '', accountId: account.id };
}

export function invoiceEndpoints({ on }: Endpoints): void {
  on(['get'], '/invoices', ({ apruve, query }) => {
    const wanted = query('merchant_invoice_id');
    const found = [...apruve.state.invoices.values()]
      .filter((invoice) => wanted === undefined || invoice.merchant_invoice_id === wanted)
      .toReversed();
    return { body: found.slice(0, LISTED).map((invoice) => shownInvoice(apruve, invoice)) };
  });
  on(['get'], '/orders/:id/invoices', ({ apruve, param }) => {
    const found = invoicesOf(apruve.state, findOrder(apruve, param('id')));
    return { body: found.map((invoice) => shownInvoice(apruve, invoice)) };
  });
  on(['get'], '/orders/:id/invoices/:invoice', ({ apruve, param }) => {
    const order = findOrder(apruve, param('id'));
    const invoice = findInvoice(apruve, param('invoice'));
    if (invoice.order_id !== order.id) throw missing('invoice', invoice.id);
    return { body: shownInvoice(apruve, invoice) };
  });
  const create = (asked: Asked, orderId: string | null) => {
    const { apruve, body } = asked;
    const wish = readBody(body, invoiceShape, 'invoice');
    const order = findOrder(apruve, orderId ?? wish.order_id ?? '');
    const invoice = createInvoice(apruve, order, wish);
    return { status: 201, body: shownInvoice(apruve, invoice) } as const;
  };
  on(['post'], '/invoices', (asked) => create(asked, null));
  on(['post'], '/orders/:id/invoices', (asked) => create(asked, asked.param('id')));
  on(['get'], '/invoices/:id', ({ apruve, param }) => ({
    body: shownInvoice(apruve, findInvoice(apruve, param('id'))),
  }));
  on(['put', 'patch'], '/invoices/:id', (asked) =>
    onInvoice(asked, (invoice) =>
      updateInvoice(asked.apruve, invoice, readBody(asked.body, invoiceChangeShape, 'invoice')),
    ),
  );
  for (const [name, act] of [
    ['issue', issueInvoice],
    ['close', closeInvoice],
    ['cancel', cancelInvoice],
  ] as const) {
    on(['post'], `/invoices/:id/${name}`, (asked) =>
      onInvoice(asked, (invoice) => act(asked.apruve, invoice)),
    );
  }
}

export function shipmentEndpoints({ on }: Endpoints): void {
  on(['get'], '/invoices/:id/shipments', ({ apruve, param }) => {
    const { id } = findInvoice(apruve, param('id'));
    const found = [...apruve.state.shipments.values()].filter((one) => one.invoice_id === id);
    return { body: found.map((shipment) => shownShipment(apruve, shipment)) };
  });
  on(['post'], '/invoices/:id/shipments', ({ apruve, body, param }) => {
    const invoice = findInvoice(apruve, param('id'));
    const shipment = createShipment(apruve, invoice, readBody(body, shipmentShape, 'shipment'));
    return { status: 201, body: shownShipment(apruve, shipment) };
  });
  const shipmentOf = ({ apruve, param }: Asked) =>
    findShipment(apruve, findInvoice(apruve, param('id')), param('shipment'));
  on(['get'], '/invoices/:id/shipments/:shipment', (asked) => ({
    body: shownShipment(asked.apruve, shipmentOf(asked)),
  }));
  on(['put', 'patch'], '/invoices/:id/shipments/:shipment', (asked) => {
    const shipment = shipmentOf(asked);
    updateShipment(asked.apruve, shipment, readBody(asked.body, shipmentShape, 'shipment'));
    return { body: shownShipment(asked.apruve, shipment) };
  });
}

export function returnEndpoints({ on }: Endpoints): void {
  on(['get'], '/invoices/:id/invoice_returns', ({ apruve, param }) => {
    const { id } = findInvoice(apruve, param('id'));
    const found = [...apruve.state.returns.values()].filter((one) => one.invoice_id === id);
    return { body: found.map((made) => shownReturn(apruve, made)) };
  });
  on(['post'], '/invoices/:id/invoice_returns', ({ apruve, body, param }) => {
    const invoice = findInvoice(apruve, param('id'));
    const made = createReturn(apruve, invoice, readBody(body, returnShape, 'invoice_return'));
    return { status: 201, body: shownReturn(apruve, made) };
  });
  const returnOf = ({ apruve, param }: Asked) =>
    findReturn(apruve, findInvoice(apruve, param('id')), param('made'));
  on(['get'], '/invoices/:id/invoice_returns/:made', (asked) => ({
    body: shownReturn(asked.apruve, returnOf(asked)),
  }));
  on(['put'], '/invoices/:id/invoice_returns/:made', (asked) => {
    const made = returnOf(asked);
    const change = readBody(asked.body, returnChangeShape, 'invoice_return');
    updateReturn(asked.apruve, made, change);
    return { body: shownReturn(asked.apruve, made) };
  });
}

export function merchantEndpoints({ on }: Endpoints): void {
  on(['get'], '/merchants/:merchant', ({ apruve, param }) => {
    requireOwn(apruve, param('merchant'));
    return { body: { id: apruve.merchantId, name: 'Simulated merchant', status: 'approved' } };
  });
  on(['get'], '/merchants/:merchant/corporate_accounts', ({ apruve, param, query }) => {
    requireOwn(apruve, param('merchant'));
    const email = query('email');
    const found = [...apruve.state.accounts.values()].filter(
      ({ authorized_buyers: buyers }) =>
        email === undefined || buyers.some((buyer) => buyer.email === email),
    );
    return { body: found.map((account) => shownAccount(apruve, account)) };
  });
  on(['get'], '/merchants/:merchant/corporate_accounts/:id', ({ apruve, param }) => {
    requireOwn(apruve, param('merchant'));
    const account = apruve.state.accounts.get(param('id'));
    if (account === undefined) throw missing('corporate account', param('id'));
    return { body: shownAccount(apruve, account) };
  });
}

function requireOwn({ merchantId }: Apruve, id: string): void {
  if (id !== merchantId) throw missing('merchant', id);
}

function requireMerchant({ merchantId }: Apruve, id: string): void {
  if (id !== merchantId) throw forbidden('The API key belongs to another merchant.');
}

function onOrder({ apruve, param }: Asked, act: (order: Order) => void) {
  const order = findOrder(apruve, param('id'));
  act(order);
  return { body: shownOrder(apruve, order) };
}

function onInvoice({ apruve, param }: Asked, act: (invoice: Invoice) => void) {
  const invoice = findInvoice(apruve, param('id'));
  act(invoice);
  return { body: shownInvoice(apruve, invoice) };
}
