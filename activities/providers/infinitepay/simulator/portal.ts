/**
 * InfinitePay's portal: what the merchant's operator does there by hand, and what InfinitePay itself does. For tests as
 * `POST /_sim/portal/{action}`, for a person as a page (`pages.ts`). The same rules and movements either way.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { Denial, denied } from './answers.ts';
import { claim, pay } from './guarantees.ts';
import { blockedBy, blockedOf, limitOf } from './limits.ts';
import { wrongState } from './orders.ts';
import { release } from './reservations.ts';
import type { Account, Debtor, Order } from './store.ts';

/** Takes an ORDER_ID or a REF_NO. */
export function findOrder({ state }: Account, ref: string): Order {
  const order =
    state.orders.get(ref) ?? [...state.orders.values()].find(({ refNo }) => refNo === ref);
  if (order === undefined) throw denied('SIM_ORDER_UNKNOWN', `There is no such order: ${ref}`);
  return order;
}

/** Also after a denied activation, and while the buyer has paid nothing. */
export function cancelInPortal(account: Account, order: Order): void {
  const isOpen = blockedBy(order) > 0 && order.state !== 'claimed' && order.paidMinor === 0;
  if (!isOpen) throw wrongState(order, 'cancelled');
  release(account, order);
}

/** The bank feed: InfinitePay watches the merchant's account and sees the buyer's money itself. */
export function payInPortal(account: Account, order: Order, amountMinor?: number): void {
  pay(account, order, amountMinor ?? order.amountMinor - order.paidMinor);
}

const onOrder = z.strictObject({ ref: z.string(), amountMinor: z.int().min(1).optional() });
const onDebtor = z.strictObject({
  /** DB_ID or VAT id. */
  debtor: z.string(),
  currency: z.string().regex(/^[A-Z]{3}$/),
  limitMinor: z.int().min(0),
});
type OnOrder = (account: Account, order: Order, amountMinor?: number) => void;

const ON_ORDER = new Map<string, OnOrder>([
  ['cancel', cancelInPortal],
  ['pay', payInPortal],
  ['claim', claim],
]);
const HELP = {
  error: 'POST to /_sim/portal/{cancel, pay, claim, limit}; GET orders or debtors.',
  example: { ref: 'an ORDER_ID or REF_NO', amountMinor: 'for pay, all of it without' },
  limit: { debtor: 'a DB_ID or VAT id', currency: 'EUR', limitMinor: 100_000 },
};

export function portal(account: Account, settle: () => void, changed: () => void): Hono {
  const routes = new Hono();
  routes.get('/orders', (c) => {
    settle();
    return c.json([...account.state.orders.values()]);
  });
  routes.get('/debtors', (c) => {
    settle();
    return c.json([...account.state.debtors.values()].map((one) => picture(account, one)));
  });
  routes.post('/limit', async (c) => {
    const wish = onDebtor.safeParse(await c.req.json().catch(() => undefined));
    if (!wish.success) return c.json(HELP, 400);
    const { debtor: id, currency, limitMinor } = wish.data;
    const found = [...account.state.debtors.values()].find((one) =>
      [one.id, one.vatId].includes(id),
    );
    if (found === undefined) return c.json({ error: `There is no such debtor: ${id}` }, 404);
    found.limits[currency] = limitMinor;
    changed();
    return c.json(picture(account, found));
  });
  routes.post('/:action', async (c) => {
    const act = ON_ORDER.get(c.req.param('action'));
    const wish = onOrder.safeParse(await c.req.json().catch(() => undefined));
    if (act === undefined || !wish.success) return c.json(HELP, 400);
    settle();
    try {
      const order = findOrder(account, wish.data.ref);
      act(account, order, wish.data.amountMinor);
      return c.json(order);
    } catch (error) {
      if (error instanceof Denial) return c.json({ error: error.message }, 409);
      throw error;
    }
  });
  return routes;
}

function picture(account: Account, debtor: Debtor) {
  const orders = [...account.state.orders.values()].filter((one) => one.debtorId === debtor.id);
  const currencies = new Set([
    ...orders.map(({ currency }) => currency),
    ...Object.keys(debtor.limits),
  ]);
  const limits = [...currencies].map((currency) => ({
    currency,
    limitMinor: limitOf(account, debtor, currency),
    blockedMinor: blockedOf(account, debtor.id, currency),
  }));
  return { id: debtor.id, vatId: debtor.vatId, name: debtor.name, email: debtor.email, limits };
}
