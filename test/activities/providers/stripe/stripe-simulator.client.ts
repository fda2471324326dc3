/** Ways to talk to the simulator in tests: in-process with forms, or served on a free loopback port. */
import { serve } from '@hono/node-server';
import type { AddressInfo } from 'node:net';
import {
  createStripeSimulator,
  type StripeSimulatorOptions,
} from '../../../../activities/providers/stripe/simulator.ts';

export type Body = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- JSON is asserted on

export type Answer = { status: number; body: Body; headers: Headers };
type SendOptions = { key?: string; headers?: Record<string, string> };
type Ledger = { kind: string; ref: string; amountMinor: number; currency: string; key: string }[];

export const DAY_MS = 86_400_000;
/** A card payment without redirects: no `return_url` needed. */
export const CARD = { 'allowed_payment_method_types[]': 'card', confirm: 'true', currency: 'usd' };

export function simulatorClient(options: StripeSimulatorOptions = {}) {
  const simulator = createStripeSimulator(options);
  const send = async (
    method: string,
    path: string,
    form: Record<string, string> | string = '',
    { key, headers = {} }: SendOptions = {},
  ): Promise<Answer> => {
    const body = typeof form === 'string' ? form : new URLSearchParams(form).toString();
    const response = await simulator.app.request(path, {
      method,
      ...(method === 'GET' ? {} : { body }),
      headers: {
        authorization: 'Bearer sk_test_simulator',
        'content-type': 'application/x-www-form-urlencoded',
        ...(key === undefined ? {} : { 'idempotency-key': key }),
        ...headers,
      },
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    const parsed = isJson ? (JSON.parse(text) as Body) : { text };
    return { status: response.status, body: parsed, headers: response.headers };
  };
  return {
    simulator,
    send,
    get: (path: string) => send('GET', path),
    post: (path: string, form?: Record<string, string> | string, extra?: SendOptions) =>
      send('POST', path, form, extra),
    /** Holds 1000 with `pm_card_visa`, or what `form` says instead. */
    hold: async (form: Record<string, string> = {}, extra: SendOptions = {}): Promise<Body> => {
      const wish = { amount: '1000', payment_method: 'pm_card_visa', capture_method: 'manual' };
      const path = '/v1/payment_intents?';
      const { body } = await send('POST', path, { ...CARD, ...wish, ...form }, extra);
      return body;
    },
    advance: (advanceMs: number) => send('POST', '/_sim/clock', JSON.stringify({ advanceMs })),
    ledger: async () => (await send('GET', '/_sim/ledger')).body as unknown as Ledger,
    eventTypes: async () => {
      const { body } = await send('GET', '/v1/events?limit=100');
      return (body['data'] as { type: string }[]).map(({ type }) => type).toReversed();
    },
  };
}

export type Served = { url: string; port: number; close: () => Promise<void> };

/** On a real socket, as the faults need it. Close it in `afterEach`. */
export async function served(options: StripeSimulatorOptions = {}): Promise<Served> {
  const simulator = createStripeSimulator(options);
  const server = serve({ fetch: simulator.app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    port,
    close: () =>
      new Promise((resolve) => {
        simulator.close();
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
