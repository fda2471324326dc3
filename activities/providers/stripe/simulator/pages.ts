/**
 * The page on which a customer authenticates a payment, in place of the bank's own. Afterwards the browser goes back to
 * `return_url` with what Stripe adds to it: https://docs.stripe.com/payments/3d-secure/authentication-flow and
 * https://docs.stripe.com/api/payment_intents/create#create_payment_intent-return_url, read 2026-11-21.
 */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { finishAuthentication } from './attempt.ts';
import { displayAmount } from './currencies.ts';
import { NO_CALL, type Account, type IntentRecord } from './store.ts';

export function authenticationPages(account: Account, beforeEach: () => void): Hono {
  const pages = new Hono();
  pages.get('/3ds/:id', (c) => {
    beforeEach();
    const record = account.state.intents.get(c.req.param('id'));
    if (record === undefined) return c.html(page('Payment not found', NOT_FOUND), 404);
    return c.html(
      record.wire.status === 'requires_action' ? challenge(record, account) : done(record),
    );
  });
  pages.post('/3ds/:id', async (c) => {
    beforeEach();
    const record = account.state.intents.get(c.req.param('id'));
    if (record === undefined) return c.html(page('Payment not found', NOT_FOUND), 404);
    const { outcome } = await c.req.parseBody();
    if (outcome !== 'complete' && outcome !== 'fail') {
      return c.html(
        page('Choose an outcome', html`<p>Complete or fail the authentication.</p>`),
        400,
      );
    }
    const method = account.state.methods.get(record.wire.payment_method ?? '');
    // A second click finds the payment decided and only goes back.
    if (record.wire.status === 'requires_action' && method !== undefined) {
      finishAuthentication(account, record, method, NO_CALL, outcome === 'complete');
    }
    const back = returnAddress(record);
    return back === null ? c.html(done(record)) : c.redirect(back, 303);
  });
  return pages;
}

function returnAddress({ wire, returnUrl }: IntentRecord): string | null {
  if (returnUrl === null) return null;
  const url = new URL(returnUrl);
  url.searchParams.set('payment_intent', wire.id);
  url.searchParams.set('payment_intent_client_secret', wire.client_secret);
  url.searchParams.set('redirect_status', succeeded(wire.status) ? 'succeeded' : 'failed');
  return url.href;
}

function succeeded(status: string): boolean {
  return status === 'succeeded' || status === 'requires_capture' || status === 'processing';
}

const NOT_FOUND = html`<p>This simulator knows no such payment. It may have been reset.</p>`;

function challenge({ wire }: IntentRecord, account: Account) {
  const method = account.state.methods.get(wire.payment_method ?? '');
  return page(
    'Confirm your payment',
    html`<p>
        Your bank asks you to confirm
        <strong>${displayAmount(wire.amount, wire.currency)}</strong> with the card ending in
        <strong>${method?.test.last4 ?? 'unknown'}</strong>.
      </p>
      <form method="post">
        <button class="main" name="outcome" value="complete">Complete authentication</button>
        <button name="outcome" value="fail">Fail authentication</button>
      </form>
      <p class="fine">Payment <code>${wire.id}</code></p>`,
  );
}

function done(record: IntentRecord) {
  const back = returnAddress(record);
  return page(
    'Nothing to confirm',
    html`<p>This payment has the status <strong>${record.wire.status}</strong>.</p>
      ${back === null ? '' : html`<p><a href="${back}">Back to the shop</a></p>`}
      <p class="fine">Payment <code>${record.wire.id}</code></p>`,
  );
}

function page(title: string, body: unknown) {
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>${title} · Simulated bank</title>
        <style>
          ${STYLE}
        </style>
      </head>
      <body>
        <main>
          <p class="bank">Simulated bank <span>no real money</span></p>
          <h1>${title}</h1>
          ${body}
        </main>
      </body>
    </html>`;
}

/** Plain text without quotes or angle brackets: `html` would escape those. */
const STYLE = `
:root { color-scheme: light dark; }
* { box-sizing: border-box; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; padding: 1rem;
  font: 1.0625rem/1.5 system-ui, sans-serif; background: light-dark(#eef1f6, #14171d);
  color: light-dark(#1b2230, #e8ecf3); }
main { width: 100%; max-width: 26rem; padding: 2rem; border-radius: 12px;
  background: light-dark(#fff, #1f242d); box-shadow: 0 1px 3px rgb(0 0 0 / 0.15), 0 8px 32px rgb(0 0 0 / 0.08); }
h1 { margin: 0 0 0.5rem; font-size: 1.5rem; line-height: 1.25; }
.bank { display: flex; justify-content: space-between; margin: 0 0 1.5rem; font-weight: 600; }
.bank span { font-weight: 400; color: light-dark(#596273, #a3adbd); }
.fine { margin: 1.5rem 0 0; font-size: 0.875rem; color: light-dark(#596273, #a3adbd); overflow-wrap: anywhere; }
form { display: grid; gap: 0.75rem; margin-top: 1.5rem; }
button { font: inherit; padding: 0.75rem 1rem; border-radius: 8px; cursor: pointer; color: inherit;
  border: 1px solid light-dark(#8a94a6, #6b7688); background: transparent; }
button.main { border-color: #1f5fd0; background: #1f5fd0; color: #fff; font-weight: 600; }
button:hover { filter: brightness(0.95); }
button:focus-visible, a:focus-visible { outline: 3px solid #7aa7ff; outline-offset: 2px; }
a { color: light-dark(#1f5fd0, #8ab4ff); }
`;
