/** The adapter before a simulator on a real socket, with one order. */
import { addDays } from '../../../../machines/shared/calendar.ts';
import type { GuaranteeOperationEffect } from '../../../../machines/guarantee/guarantee.types.ts';
import type { GuaranteeTerms } from '../../../../activities/providers/guarantee-provider.ts';
import type { BuyerDetails } from '../../../../activities/providers/order-details.ts';
import type { Call, Exchange } from '../../../../activities/providers/provider.ts';
import { createInfinitePayAdapter } from '../../../../activities/providers/infinitepay/adapter.ts';
import {
  createInfinitePaySimulator,
  SIMULATED_CREDENTIALS,
} from '../../../../activities/providers/infinitepay/simulator.ts';
import { listen } from '../../../support/serve.ts';

export const NAMESPACE = 'urn:test:infinitepay';
export const SETTINGS = { namespace: NAMESPACE, timeoutMs: 3_000, timeZone: 'Europe/Berlin' };
export const CREDENTIALS = SIMULATED_CREDENTIALS;
export const ORDER_ID = 'ord_1';
export const AMOUNT_MINOR = 119_000;
/** Longer than a request can be on its way. */
export const LATE_MS = 121_000;

const today = new Date().toISOString().slice(0, 10);
export const INVOICE = {
  invoiceNumber: 'INV-1',
  invoicedOn: today,
  dueOn: addDays(today, 30),
  deliveryOn: addDays(today, 2),
  dueAt: 0,
};

export const BUYER: BuyerDetails = {
  name: 'Erika Maria Muster',
  email: 'buyer@example.com',
  company: 'Muster & Söhne <GmbH>',
  customerNumber: 'C-1',
  phone: '+49 30 123',
  vatId: 'DE136695976',
  legalForm: 'gmbh',
  billingAddress: {
    street: 'Alte Straße',
    houseNumber: '7',
    postalCode: '10115',
    city: 'Berlin',
    country: 'DE',
  },
};

export type Verb = GuaranteeOperationEffect['type'];

/** Each operation with what it needs besides, over the whole order. */
export function effectOf(type: Verb, more: object = {}): GuaranteeOperationEffect {
  const terms = {
    operationId: `op_${type}`,
    orderId: ORDER_ID,
    providerRef: null,
    amountMinor: AMOUNT_MINOR,
    currency: 'EUR',
  };
  const own: Record<Verb, object> = {
    reserve: { startBy: Date.now() + 600_000 },
    modify: { amountMinor: 100_000 },
    capture: {},
    activate: { wish: { invoiceNumber: null, dueOn: null, deliveryOn: null }, requestedAt: 0 },
    cancel: {},
    apply: {
      amountMinor: 19_000,
      reference: 'RF18',
      receivedOn: today,
      openMinor: AMOUNT_MINOR,
      guaranteedMinor: AMOUNT_MINOR,
      invoiceNumber: INVOICE.invoiceNumber,
    },
  };
  return { type, ...terms, ...own[type], ...more } as GuaranteeOperationEffect;
}

/** What has to be done before an operation begins. */
const BEFORE: Readonly<Record<Verb, readonly Verb[]>> = {
  reserve: [],
  modify: ['reserve'],
  capture: ['reserve'],
  activate: ['reserve', 'capture'],
  cancel: ['reserve'],
  apply: ['reserve', 'capture', 'activate'],
};

export function termsOf(email = 'buyer@example.com', more: object = {}): GuaranteeTerms {
  const item = { sku: 'D-1', title: 'Desk', quantity: 2, unitPriceMinor: 59_500 };
  return {
    reserve: {
      buyer: { ...BUYER, email, ...more },
      items: [{ ...item, taxRateBasisPoints: 1900 }],
      discounts: [],
    },
    invoice: INVOICE,
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** Close it in `afterEach`. */
export async function openStage(email = 'buyer@example.com') {
  const simulator = createInfinitePaySimulator({ namespace: NAMESPACE, slowMs: 30 });
  const server = await listen((request, env) => simulator.app.fetch(request, env));
  const provider = createInfinitePayAdapter(server.url, CREDENTIALS, SETTINGS);
  const kept: Exchange[] = [];
  const call = (lastSentAt: number | null = null): Call => callAt(kept, lastSentAt);
  const terms = termsOf(email);
  const perform = (type: Verb, more: object = {}) =>
    provider.perform(effectOf(type, more), terms, call());
  const admin = async (path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
    return (await fetch(`${server.url}/_sim/${path}`, init)).json().catch(() => null);
  };
  return {
    url: server.url,
    provider,
    kept,
    call,
    terms,
    perform,
    /** Brings the order to where `type` begins. */
    prepare: async (type: Verb) => {
      for (const each of BEFORE[type]) await perform(each);
    },
    inquire: (
      type: Verb,
      asked: { sentMsAgo?: number; lookOnly?: boolean; more?: object } = {},
    ) => {
      const { sentMsAgo = 0, lookOnly = false, more = {} } = asked;
      const asking = { since: Date.now() - sentMsAgo, lookOnly };
      const effect = effectOf(type, more);
      return provider.inquire(effect, terms, call(Date.now() - sentMsAgo), asking);
    },
    look: () => {
      const order = { orderId: ORDER_ID, providerRef: null, currency: 'EUR' };
      return provider.look({ type: 'picture', ...order }, call());
    },
    arm: (operation: string, fault: string, more: object = {}) =>
      admin('faults', { operation, fault, ...more }),
    /** What the next calls are told in the simulator's place. */
    answer: (status: number, body: string, times = 1) =>
      admin('answers', { method: 'POST', path: '/ws/InfinitePayAPI', status, body, times }),
    portal: (action: string, more: object = {}) =>
      admin(`portal/${action}`, { ref: ORDER_ID, ...more }),
    movements: async () =>
      ((await admin('ledger')) as { kind: string; amountMinor: number }[]).map(
        ({ kind, amountMinor }) => `${kind} ${amountMinor}`,
      ),
    bodies: async () => ((await admin('requests')) as { body: string }[]).map(({ body }) => body),
    close: () => {
      simulator.close();
      return server.stop();
    },
  };
}

export const callAt = (kept: Exchange[], lastSentAt: number | null = null): Call => ({
  paymentId: 'pay_1',
  operationId: 'op_1',
  idempotencyKey: 'op_1',
  signal: new AbortController().signal,
  lastSentAt,
  now: () => Date.now(),
  keep: (exchange) => kept.push(exchange),
});
