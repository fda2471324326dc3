/** Ways to talk to the simulator in tests: in-process, or served on a free loopback port. */
import { serve } from '@hono/node-server';
import { createHash } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  createApruveSimulator,
  type ApruveSimulatorOptions,
} from '../../../../activities/providers/apruve/simulator.ts';

export type Body = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- JSON is asserted on
export type Answer = { status: number; body: Body; headers: Headers };

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;
export const MERCHANT = '9a9c3389fdc281b5c6c8d542a7e91ff6';
export const API_KEY = 'd9286247a5adff4159de1ac6ee440c0d';

/** An order of a hundred dollars, with everything the hash takes. */
export const ORDER = {
  merchant_id: MERCHANT,
  merchant_order_id: 'order-1',
  amount_cents: 10_000,
  currency: 'USD',
  tax_cents: 700,
  shipping_cents: 300,
  finalize_on_create: true,
  invoice_on_create: false,
  order_items: [{ title: 'A widget', price_total_cents: 9000, price_ea_cents: 4500, quantity: 2 }],
};

/** Written out for this very order, so that the simulator's way to find the fields is not asked. */
export function hashOf(order: Body): string {
  const head = [
    order['merchant_id'],
    order['merchant_order_id'],
    order['amount_cents'],
    order['currency'],
    order['tax_cents'],
    order['shipping_cents'],
    order['finalize_on_create'],
    order['invoice_on_create'],
  ];
  const lines = (order['order_items'] as Record<string, unknown>[]).flatMap((item) => [
    item['title'],
    item['price_total_cents'],
    item['price_ea_cents'],
    item['quantity'],
  ]);
  return createHash('sha256')
    .update(API_KEY + [...head, ...lines].join(''))
    .digest('hex');
}

export function simulatorClient(options: ApruveSimulatorOptions = {}) {
  const simulator = createApruveSimulator({ merchantId: MERCHANT, apiKey: API_KEY, ...options });
  const send = async (
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<Answer> => {
    const response = await simulator.app.request(path, {
      method,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      headers: { 'apruve-api-key': API_KEY, 'content-type': 'application/json', ...headers },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const parsed = isJson ? (JSON.parse(text) as Body) : { text };
    return { status: response.status, body: parsed, headers: response.headers };
  };
  const api = (path: string) => `/api/v4/${path}`;
  const form = async (path: string, fields: Record<string, string>): Promise<Answer> => {
    const body = new URLSearchParams(fields);
    const response = await simulator.app.request(path, { method: 'POST', body });
    const text = await response.text();
    return { status: response.status, body: { text }, headers: response.headers };
  };
  const account = async (who: string): Promise<Body> => {
    const path = `merchants/${MERCHANT}/corporate_accounts?email=${who}@example.com`;
    return (await send('GET', api(path))).body[0] as Body;
  };
  const post = (path: string, body?: unknown) => send('POST', api(path), body);
  return {
    simulator,
    send,
    form,
    account,
    get: (path: string) => send('GET', api(path)),
    post,
    put: (path: string, body?: unknown) => send('PUT', api(path), body),
    patch: (path: string, body?: unknown) => send('PATCH', api(path), body),
    admin: (path: string, body: unknown) => send('POST', `/_sim/${path}`, body),
    /** Server to server, for the account of `who@example.com`. */
    order: async (change: Body = {}, who = 'buyer'): Promise<Answer> => {
      const { id, authorized_buyers: buyers } = await account(who);
      const buyer = { shopper_id: buyers[0].id, payment_term: { corporate_account_id: id } };
      return post('orders', { ...ORDER, ...buyer, ...change });
    },
    /** Issued for this much of the order. */
    invoice: async (order: Body, cents: number, change: Body = {}): Promise<Body> => {
      const wish = { amount_cents: cents, issue_on_create: true, ...change };
      return (await post(`orders/${order['id']}/invoices`, wish)).body;
    },
    advance: (advanceMs: number) => send('POST', '/_sim/clock', { advanceMs }),
    /** What moved, as `kind amount`. */
    ledger: async () =>
      ((await send('GET', '/_sim/ledger')).body as unknown as Body[]).map(
        ({ kind, amountMinor }) => `${kind} ${amountMinor}`,
      ),
    events: async () =>
      ((await send('GET', '/_sim/webhooks/events')).body as unknown as Body[]).map(
        ({ event }) => event as string,
      ),
  };
}

export type Served = { url: string; close: () => Promise<void> };

/** On a real socket, as the faults need it. Close it in `afterEach`. */
export async function served(options: ApruveSimulatorOptions = {}): Promise<Served> {
  const simulator = createApruveSimulator({ merchantId: MERCHANT, apiKey: API_KEY, ...options });
  const server = serve({ fetch: simulator.app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        simulator.close();
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
