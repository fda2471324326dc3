/** The portal for a person: the orders, and for each what can be done with it by hand. */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { createPage } from '../../shared/simulator-page.ts';
import { Denial } from './answers.ts';
import { claim } from './guarantees.ts';
import { blockedBy } from './limits.ts';
import { cancelInPortal, findOrder, payInPortal } from './portal.ts';
import type { Account, Order } from './store.ts';

const ACTIONS = {
  cancel: { label: 'Cancel the order', act: cancelInPortal },
  pay: { label: 'The buyer has paid', act: payInPortal },
  claim: { label: 'Pay the merchant', act: claim },
} as const;
type Action = keyof typeof ACTIONS;

const isAction = (name: unknown): name is Action => typeof name === 'string' && name in ACTIONS;

export function portalPages(account: Account, settle: () => void): Hono {
  const pages = new Hono();
  pages.get('/', (c) => {
    settle();
    return c.html(page('Orders', list(account)));
  });
  pages.get('/orders/:ref', (c) => {
    settle();
    return shown(() => c.html(orderPage(account, findOrder(account, c.req.param('ref')))));
  });
  pages.post('/orders/:ref', async (c) => {
    settle();
    const { action } = await c.req.parseBody();
    return shown(() => {
      const order = findOrder(account, c.req.param('ref'));
      if (!isAction(action)) return c.html(orderPage(account, order), 400);
      ACTIONS[action].act(account, order);
      return c.redirect(`/_pages/portal/orders/${encodeURIComponent(order.refNo)}`, 303);
    });
  });
  return pages;

  async function shown(answer: () => Response | Promise<Response>): Promise<Response> {
    try {
      return await answer();
    } catch (error) {
      if (!(error instanceof Denial)) throw error;
      const back = html`<p>${error.message}</p>
        <p><a href="/_pages/portal">All orders</a></p>`;
      const isMissing = error.complaints.some(({ code }) => code === 'SIM_ORDER_UNKNOWN');
      const body = String(await page('Nothing was done', back));
      const headers = { 'content-type': 'text/html; charset=UTF-8' };
      return new Response(body, { status: isMissing ? 404 : 409, headers });
    }
  }
}

function list({ state }: Account) {
  const orders = [...state.orders.values()];
  if (orders.length === 0) return html`<p>There are no orders yet.</p>`;
  return html`<ul>
    ${orders.map(
      (order) =>
        html`<li>
          <a href="/_pages/portal/orders/${order.refNo}">${order.orderId}</a>
          ${money(order, order.amountMinor)}, ${STATES[order.state]}
        </li>`,
    )}
  </ul>`;
}

function orderPage({ state }: Account, order: Order) {
  const { invoice } = order;
  const rows = [
    ['Reference', order.refNo],
    ['Buyer', state.debtors.get(order.debtorId)?.name ?? order.debtorId],
    ['Amount', money(order, order.amountMinor)],
    ['Guaranteed', money(order, order.guaranteedMinor)],
    ['Paid', money(order, order.paidMinor)],
    ['Blocked of the limit', money(order, blockedBy(order))],
    ['Delivery', invoice?.deliveryDate ?? 'not told yet'],
    ['Due', invoice?.dueDate ?? 'not told yet'],
    ['Last refusal', order.reason ?? 'none'],
  ];
  return page(
    `Order ${order.orderId}`,
    html`<p><strong>${STATES[order.state]}</strong></p>
      <table>
        ${rows.map(
          ([name, value]) =>
            html`<tr>
              <th scope="row">${name}</th>
              <td>${value}</td>
            </tr>`,
        )}
      </table>
      <form method="post">
        ${Object.entries(ACTIONS).map(
          ([name, { label }]) => html`<button name="action" value="${name}">${label}</button>`,
        )}
      </form>
      <p><a href="/_pages/portal">All orders</a></p>`,
  );
}

const STATES: Record<Order['state'], string> = {
  denied: 'Reservation denied',
  reserved: 'Reserved',
  captured: 'Captured',
  guarantee_denied: 'Guarantee denied: cancel it here to free the limit',
  guaranteed: 'Guaranteed (unpaid)',
  overdue: 'Guaranteed (overdue)',
  paid: 'Paid by the buyer',
  claimed: 'Paid by InfinitePay',
  cancelled: 'Cancelled',
};

/** InfinitePay counts in hundredths whatever the currency is. */
function money({ currency }: Order, amountMinor: number): string {
  return `${currency} ${(amountMinor / 100).toFixed(2)}`;
}

const page = createPage({
  name: 'Simulated InfinitePay portal',
  layout: 'sheet',
  style: `
th { text-align: left; font-weight: 400; padding: 0.2rem 1.5rem 0.2rem 0; color: var(--quiet); }
button { cursor: pointer; }
`,
});
