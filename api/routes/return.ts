import type { OpenAPIHono } from '@hono/zod-openapi';
import { html } from 'hono/html';
import { z } from 'zod';
import type { ApiContext } from '../context.ts';
import type { ApiDeps } from '../deps.ts';
import type { PaymentRecord } from '../../db/repositories/payment.repository.ts';
import { isPaymentId } from '../payments/digest.ts';
import { viewOf } from '../payments/present.ts';
import { signalNews } from '../payments/run.ts';
import { pause } from '../payments/waiting.ts';

/** A browser waits for us: long enough for a provider's answer, too short to be closed. */
const WAIT_MS = 8_000;
const POLL_MS = 100;
/** Whoever knows the link may open it as often as they like; the provider is not asked as often. */
const ASK_AGAIN_MS = 2_000;

const stored = z.object({ returnUrl: z.url({ protocol: /^https?$/ }).optional() });

/**
 * Where buyers come back to. Nothing that the browser brings along is believed or even read: the
 * payment asks its provider, and the buyer goes on to checkout's own page when the answer is there.
 */
export function addReturnRoute(app: OpenAPIHono<ApiContext>, deps: ApiDeps): void {
  const mayAsk = oncePer(ASK_AGAIN_MS);
  app.get('/return/:id', async (c) => {
    const id = c.req.param('id');
    const returnUrl = isPaymentId(id) ? await comeBack(deps, id, mayAsk) : null;
    if (returnUrl === null) return c.html(thankYou());
    return c.redirect(returnUrl, 303);
  });
}

/** Checkout's own page for this buyer, or null when it named none. */
async function comeBack(
  deps: ApiDeps,
  id: string,
  mayAsk: (id: string) => boolean,
): Promise<string | null> {
  const record = await deps.payments.find(id);
  if (record === null) return null;
  const undecided = await isUndecided(deps, id);
  if (undecided && mayAsk(id)) await hear(deps, record);
  if (undecided) await decision(deps, id);
  const { returnUrl } = stored.parse(await deps.payments.request(id));
  if (returnUrl === undefined) return null;
  const url = new URL(returnUrl);
  // Which payment it was, so that checkout can ask for it. Not how it went: that would be believed.
  url.searchParams.set('payment', id);
  return url.href;
}

async function hear(deps: ApiDeps, record: PaymentRecord): Promise<void> {
  const news = { name: 'buyer.returned', notificationId: null, verified: true } as const;
  try {
    await signalNews(deps, record, { ...news, source: 'buyer', providerRef: null, claim: null });
  } catch (error) {
    // The payment asks by itself in a moment, and the buyer is not to be kept for it.
    deps.log.warn({ paymentId: record.id, error }, 'a buyer came back unheard');
  }
}

async function decision(deps: ApiDeps, id: string): Promise<void> {
  const stop = new AbortController();
  const until = Date.now() + WAIT_MS;
  while (Date.now() < until && (await isUndecided(deps, id))) await pause(POLL_MS, stop.signal);
}

/** The buyer still has to act, or nobody knows yet what came of it. */
async function isUndecided(deps: ApiDeps, id: string): Promise<boolean> {
  const record = await deps.payments.find(id);
  if (record === null) return false;
  const { firstOutcomeKnown, nextAction, operationInFlight, status } = viewOf(record);
  // What is parked waits for an operator: whoever knows the link moves nothing of it.
  const isAsked = !firstOutcomeKnown && operationInFlight !== null && status !== 'parked';
  return nextAction !== null || isAsked;
}

/** True for each id once in `ms`, in this process. */
function oncePer(ms: number): (id: string) => boolean {
  const asked = new Set<string>();
  return (id) => {
    if (asked.has(id)) return false;
    asked.add(id);
    setTimeout(() => asked.delete(id), ms).unref();
    return true;
  };
}

const thankYou = () =>
  html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Thank you</title>
      </head>
      <body style="font: 18px/1.5 system-ui, sans-serif; max-width: 30rem; margin: 4rem auto">
        <h1>Thank you</h1>
        <p>Your bank’s answer is on its way to the shop. You can close this window.</p>
      </body>
    </html>`;
