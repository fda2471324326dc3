/**
 * What a person does in the provider's dashboard, behind the merchant's back: `POST /_sim/dashboard/{action}` with
 * `{ ref, amountMinor? }`. The same rules and the same events as over the API, without a key.
 */
import { Hono } from 'hono';
import { z } from 'zod';
import { finishAuthentication } from './attempt.ts';
import { cancelIntent, captureHold } from './capture.ts';
import { errorResponse, missing, refused, StripeFailure } from './errors.ts';
import { createRefund } from './refunds.ts';
import { NO_CALL, type Account, type IntentRecord } from './store.ts';

const actionRequest = z.strictObject({ ref: z.string(), amountMinor: z.int().min(1).optional() });
type Action = (account: Account, record: IntentRecord, amountMinor: number | undefined) => object;

const ACTIONS: Record<string, Action> = {
  capture: (account, record, amountMinor) => {
    captureHold(account, NO_CALL, record, { amount_to_capture: amountMinor });
    return record.wire;
  },
  cancel: (account, record) => {
    cancelIntent(account, NO_CALL, record, {});
    return record.wire;
  },
  refund: (account, { wire }, amountMinor) =>
    createRefund(account, NO_CALL, { payment_intent: wire.id, amount: amountMinor }),
  /** The customer completes the authentication that is asked for. */
  pay: (account, record) => {
    const method = account.state.methods.get(record.wire.payment_method ?? '');
    if (record.wire.status !== 'requires_action' || method === undefined) {
      throw refused(`Nothing to pay: the status is ${record.wire.status}.`);
    }
    finishAuthentication(account, record, method, NO_CALL, true);
    return record.wire;
  },
};

export function dashboard(account: Account, beforeEach: () => void): Hono {
  const routes = new Hono();
  routes.post('/:action', async (c) => {
    beforeEach();
    const act = ACTIONS[c.req.param('action')];
    const wish = actionRequest.safeParse(await c.req.json().catch(() => undefined));
    if (act === undefined || !wish.success) {
      const error = `POST { ref, amountMinor? } to one of: ${Object.keys(ACTIONS).join(', ')}`;
      return c.json({ error }, 400);
    }
    try {
      const { ref, amountMinor } = wish.data;
      const record = account.state.intents.get(ref);
      if (record === undefined) throw missing('payment_intent', ref, 'ref', 404);
      return c.json(act(account, record, amountMinor));
    } catch (error) {
      if (error instanceof StripeFailure) return errorResponse(error);
      throw error;
    }
  });
  return routes;
}
