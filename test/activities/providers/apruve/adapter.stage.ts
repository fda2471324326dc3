/** The adapter over real HTTP, before the simulator or before a server that says anything. */
import type {
  CreditOperationEffect,
  CreditPictureQuestion,
} from '../../../../machines/credit/credit.types.ts';
import { createApruveAdapter } from '../../../../activities/providers/apruve/adapter.ts';
import { apruveConfig } from '../../../../activities/providers/apruve/config.ts';
import type { CreditTerms } from '../../../../activities/providers/credit-provider.ts';
import type { Call, Exchange, Inquiry } from '../../../../activities/providers/provider.ts';
import type { ArmedFault } from '../../../../activities/providers/shared/simulator-faults.ts';
import { listen } from '../../../support/serve.ts';
import { API_KEY, type Body, MERCHANT, served } from './apruve-simulator.client.ts';

export type Effect<T extends CreditOperationEffect['type']> = Extract<
  CreditOperationEffect,
  { type: T }
>;
export type Effects = { [T in CreditOperationEffect['type']]: Effect<T> };

export const MINUTE_MS = 60_000;
const AMOUNT = 10_000;

export const TERMS: CreditTerms = {
  buyer: { email: 'buyer@example.com', name: 'Erika Mustermann' },
  items: [],
  discounts: [],
  description: 'order 4711',
};
export const termsOf = (who: string): CreditTerms => ({
  ...TERMS,
  buyer: { email: `${who}@example.com` },
});

export const pictureOf = (
  orderId: string,
  providerRef: string | null = null,
): CreditPictureQuestion => ({ type: 'picture', orderId, providerRef, currency: 'USD' });

/** An adapter, and a clock of its own that a test advances. */
export function adapterAt(url: string, timeoutMs = 300) {
  const settings = apruveConfig.settings.parse({ timeoutMs });
  const credentials = apruveConfig.credentials.parse({ merchantId: MERCHANT, apiKey: API_KEY });
  const adapter = createApruveAdapter(url, credentials, settings);
  const kept: Exchange[] = [];
  const clock = { now: Date.now() };
  const call = (lastSentAt: number | null = null): Call => ({
    paymentId: 'pay_1',
    operationId: 'op_1',
    idempotencyKey: 'op_1',
    signal: new AbortController().signal,
    lastSentAt,
    now: () => clock.now,
    keep: (exchange) => kept.push(exchange),
  });
  return {
    adapter,
    kept,
    clock,
    call,
    perform: (effect: CreditOperationEffect, terms = TERMS) =>
      adapter.perform(effect, terms, call()),
    inquire: (
      effect: CreditOperationEffect,
      asking: Partial<Inquiry> & { lastSentAt?: number } = {},
      terms = TERMS,
    ) => {
      const { lastSentAt = null, lookOnly = false, since = clock.now } = asking;
      return adapter.inquire(effect, terms, call(lastSentAt), { since, lookOnly });
    },
    look: (question: CreditPictureQuestion) => adapter.look(question, call()),
  };
}

/** An address at which nobody listens any more. */
export async function deafUrl(): Promise<string> {
  const server = await listen(() => new Response());
  await server.stop();
  return server.url;
}

/** The effects of one payment of a hundred dollars; each may be changed. */
export function effectsOf(clock: { readonly now: number }, refs: Partial<Refs> = {}): Effects {
  const { accountId = 'none', orderRef = 'none', invoiceRef = 'none' } = refs;
  const terms = { operationId: 'op_1', orderId: 'pay_1', amountMinor: AMOUNT, currency: 'USD' };
  const ofOrder = { ...terms, providerRef: orderRef };
  const ofInvoice = { ...ofOrder, invoiceNumber: 'inv_1', invoiceRef };
  const shipped = { shipper: 'UPS', trackingNumber: '1Z', shippedOn: null, deliveredOn: null };
  const startBy = clock.now + 15 * MINUTE_MS;
  return {
    offer: { ...terms, type: 'offer', expiresAt: clock.now + 60 * MINUTE_MS },
    order: { ...terms, type: 'order', corporateAccountId: accountId, startBy },
    invoice: { ...ofOrder, type: 'invoice', invoiceNumber: 'inv_1', dueOn: null },
    ship: {
      ...ofInvoice,
      type: 'ship',
      shipmentNumber: 'shp_1',
      wish: shipped,
      requestedAt: clock.now,
    },
    cancel: { ...ofOrder, type: 'cancel' },
    'cancel-invoice': { ...ofInvoice, type: 'cancel-invoice' },
    return: { ...ofInvoice, type: 'return', amountMinor: 4_000, reason: 'DAMAGED' },
  };
}
export type Refs = { accountId: string; orderRef: string; invoiceRef: string };

export type Stage = Awaited<ReturnType<typeof stage>>;

export async function stage(timeoutMs?: number) {
  const simulator = await served();
  const before = adapterAt(simulator.url, timeoutMs);
  const send = async (path: string, body?: unknown): Promise<Body> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    const headers = { 'apruve-api-key': API_KEY, 'content-type': 'application/json' };
    const response = await fetch(`${simulator.url}${path}`, { ...init, headers });
    return response.status === 204 ? {} : ((await response.json()) as Body);
  };
  const accountOf = async (who: string): Promise<string> => {
    const path = `/api/v4/merchants/${MERCHANT}/corporate_accounts?email=${who}@example.com`;
    return (await send(path))[0].id as string;
  };
  const effects = (refs: Partial<Refs> = {}): Effects => effectsOf(before.clock, refs);
  return {
    ...before,
    ...simulator,
    send,
    effects,
    accountOf,
    arm: (operation: ArmedFault['operation'], fault: string, delayMs = 1_000) =>
      send('/_sim/faults', { operation, fault, delayMs }),
    /** What moved, as `kind amount`. */
    ledger: async (): Promise<string[]> =>
      ((await send('/_sim/ledger')) as Body[]).map(
        ({ kind, amountMinor }) => `${kind} ${amountMinor}`,
      ),
    received: async (): Promise<Body[]> => (await send('/_sim/requests')) as Body[],
    /** Placed server to server for `who`, and looked at once: so it is decided. */
    ordered: async (who = 'buyer'): Promise<Refs> => {
      const accountId = await accountOf(who);
      const outcome = await before.perform(effects({ accountId }).order, termsOf(who));
      if (outcome.kind !== 'review') throw new Error(`the order is ${outcome.kind}`);
      await before.look(pictureOf('pay_1'));
      return { accountId, orderRef: outcome.providerRef, invoiceRef: 'none' };
    },
    invoiced: async (refs: Refs, change: Partial<Effect<'invoice'>> = {}): Promise<Refs> => {
      const outcome = await before.perform({ ...effects(refs).invoice, ...change });
      if (outcome.kind !== 'approved') throw new Error(`the invoice is ${outcome.kind}`);
      return { ...refs, invoiceRef: outcome.providerRef };
    },
  };
}
