/**
 * The page on which the buyer accepts an offered order, in place of the lightbox that apruve.js opens over the shop:
 * `/_pages/lightbox` with the fields `order` (JSON), `secure_hash`, `return_url` and `cancel_url`, by a link or a form.
 *
 * apruve.js tells the shop's script of a completed checkout with the order's id, and of a closed lightbox with nothing:
 * https://docs.apruve.com/docs/merchant-integration-tutorial-1, read 2026-11-21. There is no script here, so the browser
 * goes to `return_url` with `apruveOrderId` (as Oro's script makes it go) or to `cancel_url`. The id proves nothing: the
 * order may be under review, or canceled for want of credit.
 */
import { timingSafeEqual } from 'node:crypto';
import { Hono } from 'hono';
import { html } from 'hono/html';
import { z } from 'zod';
import { ApruveFailure, invalid } from './errors.ts';
import { keysInForce } from './keys.ts';
import { page } from './layout.ts';
import type { CorporateAccount, Offer } from './objects.ts';
import { createOrder, decideOrder } from './orders.ts';
import { orderShape, readWish, type OrderWish } from './parameters.ts';
import { secureHashOf } from './secure-hash.ts';
import { newId, type Apruve } from './store.ts';

type Fields = Record<string, unknown>;

export function lightboxPages(
  apruve: Apruve,
  settle: (url: string) => void,
  changed: () => void,
): Hono {
  const pages = new Hono();
  const { offers } = apruve.state;
  const offer = (url: string, fields: Fields) => {
    settle(url);
    const made = makeOffer(apruve, fields);
    changed();
    return `/_pages/lightbox/${made.id}`;
  };
  pages.onError((error, c) => {
    if (!(error instanceof ApruveFailure)) throw error;
    return c.html(page('Apruve cannot take this order', html`<p>${error.message}</p>`), 400);
  });
  pages.get('/lightbox', (c) => c.redirect(offer(c.req.url, c.req.query()), 303));
  pages.post('/lightbox', async (c) => c.redirect(offer(c.req.url, await c.req.parseBody()), 303));
  pages.get('/lightbox/:id', (c) => {
    settle(c.req.url);
    const found = offers.get(c.req.param('id'));
    if (found === undefined) return c.html(page('Offer not found', NOT_FOUND), 404);
    return c.html(found.decision === null ? choice(apruve, found) : done(apruve, found));
  });
  pages.post('/lightbox/:id', async (c) => {
    settle(c.req.url);
    const found = offers.get(c.req.param('id'));
    if (found === undefined) return c.html(page('Offer not found', NOT_FOUND), 404);
    const { decision, account } = await c.req.parseBody();
    if (decision !== 'accept' && decision !== 'decline') {
      return c.html(page('Choose', html`<p>Accept or decline the order.</p>`), 400);
    }
    // A second click finds the offer decided and only goes back.
    if (found.decision === null) decide(apruve, found, decision, account);
    changed();
    const back = returnAddress(found);
    return back === null ? c.html(done(apruve, found)) : c.redirect(back, 303);
  });
  return pages;
}

const address = z.url({ protocol: /^https?$/ }).optional();
const offerShape = z.object({
  order: z.string('must be set'),
  secure_hash: z.string('must be set'),
  return_url: address,
  cancel_url: address,
});

/** @throws ApruveFailure on a hash that is not the order's: somebody has changed it on its way. */
function makeOffer(apruve: Apruve, fields: Fields): Offer {
  const wish = readWish(fields, offerShape);
  const order = parsed(wish.order);
  const isRight = keysInForce(apruve).some((key) =>
    same(secureHashOf(order, key), wish.secure_hash),
  );
  if (!isRight) throw invalid('secure_hash', 'The secure hash does not belong to this order.');
  const { merchant_id: merchantId } = readWish(order, orderShape);
  if (merchantId !== apruve.merchantId) throw invalid('merchant_id', 'There is no such merchant.');
  const offer: Offer = {
    id: newId(),
    order: wish.order,
    secureHash: wish.secure_hash,
    returnUrl: wish.return_url ?? null,
    cancelUrl: wish.cancel_url ?? null,
    decision: null,
    orderId: null,
  };
  apruve.state.offers.set(offer.id, offer);
  return offer;
}

function parsed(text: string): Fields {
  const order = z.record(z.string(), z.unknown()).safeParse(jsonOf(text));
  if (!order.success) throw invalid('order', 'The order is not a JSON object.');
  return order.data;
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function same(one: string, other: string): boolean {
  const [a, b] = [Buffer.from(one), Buffer.from(other)];
  return a.length === b.length && timingSafeEqual(a, b);
}

function wishOf(offer: Offer): OrderWish {
  return readWish(parsed(offer.order), orderShape);
}

/** The buyer is here and waits: credit is looked at now. */
function decide(apruve: Apruve, offer: Offer, decision: 'accept' | 'decline', account: unknown) {
  if (decision === 'accept') {
    const { id, authorized_buyers: buyers } = chosenAccount(apruve, account);
    const placed = { accountId: id, shopperId: buyers[0]?.id ?? '', secureHash: offer.secureHash };
    const order = createOrder(apruve, wishOf(offer), placed);
    if (order.status === 'pending') decideOrder(apruve, order);
    offer.orderId = order.id;
  }
  offer.decision = decision;
}

/** Whose employee the buyer is; the first account if the form does not say. */
function chosenAccount({ state }: Apruve, id: unknown): CorporateAccount {
  const [first] = state.accounts.values();
  const account = typeof id === 'string' ? state.accounts.get(id) : first;
  if (account === undefined) throw invalid('account', 'There is no such corporate account.');
  return account;
}

function returnAddress({ decision, orderId, returnUrl, cancelUrl }: Offer): string | null {
  if (decision === 'decline' || orderId === null) return cancelUrl;
  if (returnUrl === null) return null;
  const url = new URL(returnUrl);
  url.searchParams.set('apruveOrderId', orderId);
  return url.href;
}

const NOT_FOUND = html`<p>This simulator knows no such offer. It may have been reset.</p>`;

function dollars(cents: number): string {
  return `$${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, '0')}`;
}

function choice({ state }: Apruve, offer: Offer) {
  const wish = wishOf(offer);
  const accounts = [...state.accounts.values()].map(
    ({ id, name }) => html`<option value="${id}">${name}</option>`,
  );
  return page(
    'Pay by invoice',
    html`<p>
        Place the order <strong>${wish.merchant_order_id ?? 'without a number'}</strong> of
        <strong>${dollars(wish.amount_cents)}</strong> on your credit line.
      </p>
      <form method="post">
        <label
          >Your company
          <select name="account">
            ${accounts}
          </select></label
        >
        <button class="main" name="decision" value="accept">Accept</button>
        <button name="decision" value="decline">Decline</button>
      </form>`,
  );
}

function done({ state }: Apruve, offer: Offer) {
  const back = returnAddress(offer);
  const order = state.orders.get(offer.orderId ?? '');
  return page(
    order === undefined ? 'Nothing was ordered' : 'Thank you',
    html`${
      order === undefined
        ? html`<p>You have declined.</p>`
        : html`<p>
            The order <code>${order.id}</code> has the status <strong>${order.status}</strong>.
          </p>`
    }
    ${back === null ? '' : html`<p><a href="${back}">Back to the shop</a></p>`}`,
  );
}
