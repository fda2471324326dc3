/**
 * The page on which a customer authenticates a payment, in place of the bank's own. Afterwards the browser goes back to
 * `return_url` with what Stripe adds to it: https://docs.stripe.com/payments/3d-secure/authentication-flow and
 * https://docs.stripe.com/api/payment_intents/create#create_payment_intent-return_url, read 2026-11-21.
 */
import { Hono } from 'hono';
import { html } from 'hono/html';
import { createPage } from '../../shared/simulator-page.ts';
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

const page = createPage({
  name: 'Simulated bank',
  layout: 'card',
  style: `
main { box-shadow: 0 1px 3px rgb(0 0 0 / 0.15), 0 8px 32px rgb(0 0 0 / 0.08); }
.whose span { color: var(--quiet); }
.fine { margin: 1.5rem 0 0; overflow-wrap: anywhere; }
form { margin-top: 1.5rem; }
button { cursor: pointer; }
button:hover { filter: brightness(0.95); }
`,
});
