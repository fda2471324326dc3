/** Orders on credit for one test file: Apruve's simulator, and an integration that uses it. */
import { randomUUID } from 'node:crypto';
import { PROVIDERS, settingsOf } from '../../activities/providers/catalog.ts';
import { createApruveSimulator } from '../../activities/providers/apruve/simulator.ts';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import type { Holdfast, Movement } from './holdfast.ts';
import { listen } from './serve.ts';
import { plane } from './simulated.ts';

export const TOTAL = 100_000;
export const MERCHANT = { merchantId: 'merchant_of_the_tests', apiKey: 'key_of_the_tests' };
export const TOKEN = 'token-of-the-tests-0123456789';
export const ITEMS = [{ title: 'Steel pipe', sku: 'P-1', quantity: 10, unitPriceMinor: 10_000 }];

const NOT_TODAY = () =>
  Response.json({ errors: [{ title: 'Not today', detail: 'Not today.' }] }, { status: 400 });

export type Credits = Awaited<ReturnType<typeof createCredits>>;

type Terms = {
  /** Of the integration; several in one Holdfast have a simulator each. */
  readonly integrationId?: string;
  readonly settings?: Record<string, unknown>;
  /** From an invoice to its payment at the simulator. */
  readonly fundingMs?: number;
  /** The simulator sends its messages to this Holdfast. */
  readonly webhooks?: boolean;
};

export async function createCredits(holdfast: Holdfast, terms: Terms = {}) {
  const simulator = createApruveSimulator({ ...MERCHANT, fundingMs: terms.fundingMs });
  let refused: RegExp | null = null;
  let hidden: RegExp | null = null;
  const server = await listen((raw, env) => {
    const { pathname } = new URL(raw.url);
    if (raw.method === 'POST' && refused?.test(pathname) === true) return NOT_TODAY();
    if (raw.method === 'GET' && hidden?.test(pathname) === true) return Response.json([]);
    return simulator.app.fetch(raw, env);
  });
  const receiver = terms.webhooks === true ? await listen((raw) => holdfast.app.fetch(raw)) : null;
  const { fault, ledger, simulate } = plane(server.url);
  const save = (id: string, more: Record<string, unknown> = {}, enabled = true) =>
    holdfast.deps.integrations.save({
      id,
      accountId: 'main',
      provider: 'apruve',
      mode: 'test',
      baseUrl: server.url,
      settings: settingsOf(PROVIDERS['apruve']!).parse({ ...terms.settings, ...more }),
      credentials: { ...MERCHANT, webhookTokens: [TOKEN] },
      enabled,
    });
  const { integrationId = 'apruve' } = terms;
  await save(integrationId);
  if (receiver !== null) {
    await simulate('webhooks/target', {
      url: `${receiver.url}/webhooks/apruve/${integrationId}/${TOKEN}`,
    });
  }
  const orderIdIn = ({ details }: PaymentResource): string => String(details?.['orderId']);
  const ordersOf = (payment: PaymentResource) =>
    [...simulator.state.orders.values()].filter(
      (order) => order.merchant_order_id === orderIdIn(payment),
    );

  /** Opens the page that stands for the lightbox, and decides there; the order's id, or null. */
  async function decide(
    payment: Pick<PaymentResource, 'nextAction'>,
    decision: 'accept' | 'decline' = 'accept',
    email = 'buyer@example.com',
  ): Promise<string | null> {
    const { nextAction } = payment;
    if (nextAction?.type !== 'lightbox') throw new Error('nothing is offered');
    const account = [...simulator.state.accounts.values()].find((each) =>
      each.authorized_buyers.some((buyer) => buyer.email === email),
    );
    const offer = await fetch(`${server.url}/_pages/lightbox`, {
      method: 'POST',
      body: new URLSearchParams({
        order: JSON.stringify(nextAction.order),
        secure_hash: nextAction.secureHash,
        return_url: 'http://shop.example/thanks',
      }),
      redirect: 'manual',
    });
    const page = offer.headers.get('location');
    if (page === null) throw new Error(await offer.text());
    const decided = await fetch(new URL(page, server.url), {
      method: 'POST',
      body: new URLSearchParams({ decision, account: account?.id ?? '' }),
      redirect: 'manual',
    });
    const back = decided.headers.get('location');
    return back === null ? null : new URL(back).searchParams.get('apruveOrderId');
  }

  const start = (body: Record<string, unknown> = {}, key: string = randomUUID()) =>
    holdfast.request<PaymentResource & { code: string; errors: { path: string }[] }>(
      'POST',
      '/v1/payments',
      {
        key: holdfast.keys.checkout,
        body: {
          amount: { amountMinor: TOTAL, currency: 'USD' },
          source: { kind: 'order', number: '4711' },
          method: `${integrationId}.credit`,
          items: ITEMS,
          buyer: { email: 'buyer@example.com', name: 'Sam Buyer' },
          ...body,
        },
        headers: { 'idempotency-key': key },
      },
    );
  const accountOf = (email: string): string => {
    const all = [...simulator.state.accounts.values()];
    const one = all.find(({ authorized_buyers: buyers }) =>
      buyers.some((buyer) => buyer.email === email),
    );
    if (one === undefined) throw new Error(`${email} buys for nobody`);
    return one.id;
  };
  const accept = (id: string, providerRef: string | null) =>
    holdfast.request<PaymentResource & { code: string }>('POST', `/v1/payments/${id}/accept`, {
      key: holdfast.keys.checkout,
      body: { providerRef },
      headers: { 'idempotency-key': randomUUID() },
    });

  return {
    url: server.url,
    simulator,
    save,
    simulate,
    fault,
    /** Apruve declines what is posted to such a path, until it is told otherwise. */
    refuse: (path: RegExp | null): void => {
      refused = path;
    },
    /** What Apruve answers to the next such call, whatever it would have done. */
    answer: (method: string, path: string, status: number, body: unknown, times = 1) =>
      simulate('answers', { method, path, status, body, times }),
    /** Apruve lists nothing at such a path, until it is told otherwise. */
    hide: (path: RegExp | null): void => {
      hidden = path;
    },
    /** An order of USD 1,000.00, unless `body` says otherwise. */
    start,
    decide,
    /** Placed server to server for the account of the buyer with this address. */
    place: (email = 'buyer@example.com', body: Record<string, unknown> = {}) =>
      start({ corporateAccountId: accountOf(email), buyer: { email }, ...body }),
    /** Checkout says which order the browser brought. */
    accept,
    /** Started, accepted by the buyer, and told. */
    async authorized(body: Record<string, unknown> = {}): Promise<PaymentResource> {
      const started = await start(body);
      const accepted = await accept(started.body.id, await decide(started.body));
      if (accepted.body.status !== 'authorized') throw new Error(JSON.stringify(accepted.body));
      return accepted.body;
    },
    ordersOf,
    orderIdIn,
    /** What the simulator said of the payment's order and its invoices, oldest first. */
    saidOf: (payment: PaymentResource, type?: string) => {
      const refs = new Set(ordersOf(payment).map(({ id }) => id));
      return [...simulator.state.events.values()].filter(
        ({ entity, event }) =>
          (type === undefined || event === type) &&
          Object.values(entity).some((part) => refs.has(String(part))),
      );
    },
    /** Sends a message to the webhook; 200 means that it is kept. */
    deliver: async (message: unknown, token: string | null = TOKEN, to = integrationId) => {
      const path = `/webhooks/apruve/${to}${token === null ? '' : `/${token}`}`;
      const body = JSON.stringify(message);
      return (await holdfast.app.request(path, { method: 'POST', body })).status;
    },
    /** How often Apruve was asked how this order is. */
    asked: async (ref: string): Promise<number> => {
      const all = (await simulate('requests')) as { method: string; path: string }[];
      return all.filter(({ method, path }) => method === 'GET' && path.includes(ref)).length;
    },
    /** What somebody does at Apruve, to the payment's order or to one of its invoices. */
    atDashboard: (action: string, ref: string, more: Record<string, unknown> = {}) =>
      simulate(`dashboard/${action}`, { ref, ...more }),
    /** What the simulator did for this payment, in order: `invoice 100000`. */
    async moved(payment: PaymentResource): Promise<string[]> {
      const refs = new Set(ordersOf(payment).map(({ id }) => id));
      const all = (await ledger()) as Movement[];
      return all
        .filter(({ ref }) => refs.has(ref))
        .map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
    },
    async close() {
      await receiver?.stop();
      await server.stop();
      simulator.close();
    },
  };
}
