/** What tests of news share: events as the simulator has them, signed again, and what they moved. */
import { randomUUID } from 'node:crypto';
import { Stripe } from 'stripe';
import { type Holdfast, WEBHOOK_SECRET } from './holdfast.ts';

export type StripeEvent = {
  readonly id: string;
  readonly type: string;
  readonly data: { readonly object: Record<string, unknown> };
};

/** The header that Stripe's own SDK makes. `agoS`: how long before now it was signed. */
export const signed = (body: string, secret = WEBHOOK_SECRET, agoS = 0): string =>
  Stripe.webhooks.generateTestHeaderString({
    payload: body,
    secret,
    timestamp: Math.floor(Date.now() / 1000) - agoS,
  });

export type Kept = {
  id: string;
  type: string | null;
  providerEventId: string | null;
  verified: boolean;
  state: string;
  reason: string;
  paymentId: string | null;
  providerRef: string | null;
  received: number;
  told: number;
  nextAt: string | null;
};

export function newsOf(holdfast: Holdfast) {
  const refOf = async (id: string): Promise<string> => {
    const { rows } = await holdfast.pool.query<{ ref: string }>(
      'select provider_ref as ref from payments where id = $1',
      [id],
    );
    return rows[0]?.ref ?? '';
  };
  return {
    refOf,
    /** Puts an integration with Stripe, in place of the one with this id if there is one. */
    saveIntegration: (id: string, webhookSecrets: string[]) =>
      holdfast.request('PUT', `/v1/integrations/${id}`, {
        body: {
          provider: 'stripe',
          mode: 'test',
          baseUrl: holdfast.stripe.url,
          credentials: { secretKey: 'sk_test_holdfast', webhookSecrets },
        },
      }),
    /** All that the API says of a payment: what it is, what happened, and the evidence. */
    async story(id: string) {
      const { body: events } = await holdfast.request('GET', `/v1/payments/${id}/events`);
      const { body: operations } = await holdfast.request('GET', `/v1/payments/${id}/operations`);
      return { payment: await holdfast.get(id), events, operations };
    },
    /** All that the simulator ever said of one reference, oldest first. */
    async eventsOf(ref: string): Promise<StripeEvent[]> {
      const all: StripeEvent[] = [];
      for (let after = ''; ;) {
        const response = await fetch(`${holdfast.stripe.url}/v1/events?limit=100${after}`, {
          headers: { authorization: 'Bearer sk_test_of_the_tests' },
        });
        const page = (await response.json()) as { data: StripeEvent[]; has_more: boolean };
        all.push(...page.data);
        const last = page.data.at(-1);
        if (!page.has_more || last === undefined) break;
        after = `&starting_after=${last.id}`;
      }
      return all
        .toReversed()
        .filter(
          ({ data: { object } }) =>
            ref ===
            (object['object'] === 'payment_intent' ? object['id'] : object['payment_intent']),
        );
    },
    /** Sends a message to the webhook, signed now unless `signature` says otherwise. */
    deliver: async (
      message: object | string,
      {
        signature,
        app = holdfast.app,
        to = 'stripe_test',
      }: { signature?: string | null; app?: Holdfast['app']; to?: string } = {},
    ): Promise<number> => {
      const body = typeof message === 'string' ? message : JSON.stringify(message, null, 2);
      const header = signature === undefined ? signed(body) : signature;
      const response = await app.request(`/webhooks/stripe/${to}`, {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          ...(header === null ? {} : { 'stripe-signature': header }),
        },
        body,
      });
      return response.status;
    },
    /** The newest 100 that are kept. */
    kept: async (query = ''): Promise<Kept[]> => {
      const path = `/v1/notifications?limit=100${query}`;
      return (await holdfast.request<{ data: Kept[] }>('GET', path)).body.data;
    },
    /** How often the provider was asked how this reference is. */
    async asked(ref: string): Promise<number> {
      const all = (await holdfast.simulate('requests')) as { method: string; path: string }[];
      return all.filter(
        ({ method, path }) => method === 'GET' && path.startsWith(`/v1/payment_intents/${ref}`),
      ).length;
    },
    /** What the ledger says of one payment: each account's sum, without those that are zero. */
    async ledger(id: string): Promise<Record<string, number>> {
      const { rows } = await holdfast.pool.query<{ account: string; total: string }>(
        `select account, sum(amount_minor) as total from ledger_postings where payment_id = $1
         group by account having sum(amount_minor) <> 0 order by account`,
        [id],
      );
      return Object.fromEntries(rows.map(({ account, total }) => [account, Number(total)]));
    },
    /** What the merchant was told, in order. */
    async announced(id: string): Promise<string[]> {
      const { rows } = await holdfast.pool.query<{ type: string }>(
        'select type from outgoing_events where payment_id = $1 order by sequence',
        [id],
      );
      return rows.map(({ type }) => type);
    },
    /** Makes everything that waits due, and lets the sweep tell it. */
    async sweep(): Promise<void> {
      await holdfast.pool.query(
        `update notifications set due_at = now() - interval '1 second' where state = 'waiting'`,
      );
      await holdfast.temporal.workflow.execute('sweepPayments', {
        taskQueue: holdfast.taskQueue,
        workflowId: `sweep-${randomUUID()}`,
      });
    },
  };
}
