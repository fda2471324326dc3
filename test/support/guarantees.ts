/** Guaranteed invoices for one test file: InfinitePay's simulator, and an integration that uses it. */
import { randomUUID } from 'node:crypto';
import { PROVIDERS, settingsOf } from '../../activities/providers/catalog.ts';
import {
  createInfinitePaySimulator,
  SIMULATED_CREDENTIALS,
} from '../../activities/providers/infinitepay/simulator.ts';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import type { Holdfast, Movement } from './holdfast.ts';
import { listen } from './serve.ts';
import { plane } from './simulated.ts';

export const BUYER = {
  name: 'Erika Muster',
  email: 'buyer@example.com',
  company: 'Muster GmbH',
  customerNumber: 'C1',
  vatId: 'DE136695976',
  legalForm: 'gmbh',
  billingAddress: {
    street: 'Hafenstraße',
    houseNumber: '1',
    postalCode: '20457',
    city: 'Hamburg',
    country: 'DE',
  },
};
export const TOTAL = 105_000;
export const TERMS = { terms: { net30: { kind: 'net', days: 30 } }, customers: { C1: 'net30' } };

/** What a test asks the simulator for stands in the buyer's e-mail. */
export const buyerWho = (...wishes: readonly string[]) => ({
  ...BUYER,
  email: `buyer${wishes.map((wish) => `+${wish}`).join('')}@example.com`,
});

type Refused = {
  readonly code: string;
  readonly detail: string;
  readonly errors: { path: string; message: string }[];
};

export type Guarantees = Awaited<ReturnType<typeof createGuarantees>>;

/** `id`: of the integration. Faults strike whoever comes next, so payments that are to meet one side
 *  by side have an integration and a simulator of their own. */
export async function createGuarantees(
  holdfast: Holdfast,
  settings: Record<string, unknown> = {},
  id = 'infinitepay',
) {
  const simulator = createInfinitePaySimulator({ slowMs: 3_000 });
  const server = await listen((raw, env) => simulator.app.fetch(raw, env));
  const save = (integrationId: string, more: Record<string, unknown> = {}) =>
    holdfast.deps.integrations.save({
      id: integrationId,
      accountId: 'main',
      provider: 'infinitepay',
      mode: 'test',
      baseUrl: server.url,
      settings: settingsOf(PROVIDERS['infinitepay']!).parse({ ...TERMS, ...settings, ...more }),
      credentials: SIMULATED_CREDENTIALS,
      enabled: true,
    });
  await save(id);
  const { fault, ledger, simulate } = plane(server.url);
  const orderIdIn = ({ details }: PaymentResource): string => String(details?.['orderId']);
  const orders = async () =>
    (await simulate('portal/orders')) as { orderId: string; refNo: string; state: string }[];
  return {
    url: server.url,
    simulator,
    save,
    simulate,
    fault,
    /** An order of EUR 1,050.00, unless `body` says otherwise. */
    start: (body: Record<string, unknown> = {}, key: string = randomUUID()) =>
      holdfast.request<PaymentResource & Refused>('POST', '/v1/payments', {
        key: holdfast.keys.checkout,
        body: {
          amount: { amountMinor: TOTAL, currency: 'EUR' },
          source: { kind: 'order', number: '4711' },
          method: `${id}.guarantee`,
          buyer: BUYER,
          ...body,
        },
        headers: { 'idempotency-key': key },
      }),
    /** A command as an operator, who may see to what staff of sales may not. */
    operate: (
      { id: paymentId }: { readonly id: string },
      verb: string,
      body: Record<string, unknown> = {},
      key: string = randomUUID(),
    ) =>
      holdfast.request<PaymentResource & Refused>('POST', `/v1/payments/${paymentId}/${verb}`, {
        key: holdfast.keys.operator,
        body,
        headers: { 'idempotency-key': key },
      }),
    /** Somebody's work in InfinitePay's portal. */
    atPortal: (action: string, payment: PaymentResource, terms: Record<string, unknown> = {}) =>
      simulate(`portal/${action}`, { ref: orderIdIn(payment), ...terms }),
    stateOf: async (payment: PaymentResource) =>
      (await orders()).find(({ orderId }) => orderId === orderIdIn(payment))?.state ?? null,
    /** What the simulator did for this payment, in order: `reserve 105000`. */
    async moved(payment: PaymentResource): Promise<string[]> {
      const refs = new Set(
        (await orders())
          .filter(({ orderId }) => orderId === orderIdIn(payment))
          .map(({ refNo }) => refNo),
      );
      const all = (await ledger()) as Movement[];
      return all
        .filter(({ ref }) => refs.has(ref))
        .map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);
    },
    clearFaults: () => fetch(`${server.url}/_sim/faults`, { method: 'DELETE' }),
    /** What the payment's order blocks of its debtor's limit. */
    blocked: async (payment: PaymentResource): Promise<number> => {
      const order = [...simulator.state.orders.values()].find(
        ({ orderId }) => orderId === orderIdIn(payment),
      );
      const isFree = order === undefined || /^(denied|cancelled|paid)$/.test(order.state);
      return isFree ? 0 : order.amountMinor - order.paidMinor;
    },
    async close() {
      await server.stop();
      simulator.close();
    },
  };
}
