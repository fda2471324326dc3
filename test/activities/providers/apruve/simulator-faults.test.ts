import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  API_KEY,
  MERCHANT,
  ORDER,
  served,
  type Body,
  type Served,
} from './apruve-simulator.client.ts';

let sim: Served;
beforeEach(async () => {
  sim = await served();
});
afterEach(() => sim.close());

const api = (method: string, path: string, body?: unknown) =>
  fetch(`${sim.url}/api/v4/${path}`, {
    method,
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    headers: { 'apruve-api-key': API_KEY, 'content-type': 'application/json' },
  });
const admin = async (path: string, body?: unknown) => {
  const init = body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) };
  return (await (await fetch(`${sim.url}/_sim/${path}`, init)).json()) as Body[];
};
const arm = (operation: string, fault: string, more = {}) =>
  admin('faults', { operation, fault, ...more });
const moved = async () => (await admin('ledger')).map(({ kind }) => kind as string);

async function place(): Promise<Response> {
  const found = await api(
    'GET',
    `merchants/${MERCHANT}/corporate_accounts?email=buyer@example.com`,
  );
  const [account] = (await found.json()) as Body[];
  const buyer = {
    shopper_id: account?.['authorized_buyers'][0].id,
    payment_term: { corporate_account_id: account?.['id'] },
  };
  return api('POST', 'orders', { ...ORDER, ...buyer });
}
const placed = async () => (await (await place()).json()) as Body;
const findOrders = async () =>
  (await (await api('GET', 'orders?merchant_order_id=order-1')).json()) as Body[];

describe('a fault', () => {
  it('drops a placed order’s answer, and the order is found by the merchant’s number', async () => {
    await arm('authorize', 'drop-after');
    await expect(place()).rejects.toThrow();
    expect(await findOrders()).toMatchObject([{ status: 'accepted' }]);
    expect(await moved()).toEqual(['order']);
  });

  it('drops an order before it is placed', async () => {
    await arm('authorize', 'drop-before');
    await expect(place()).rejects.toThrow();
    expect(await findOrders()).toEqual([]);
  });

  it('places an order late, when nobody listens any more', async () => {
    await arm('authorize', 'acts-late', { delayMs: 700 });
    await expect(place()).rejects.toThrow();
    expect(await findOrders()).toEqual([]);
    await expect.poll(findOrders, { timeout: 4000 }).toHaveLength(1);
  });

  it.each([
    ['capture', 'invoices', 'invoice'],
    ['ship', 'shipments', 'ship'],
    ['refund', 'invoice_returns', 'return'],
    ['void', 'cancel', 'cancel-invoice'],
  ])('strikes %s after it was done, whatever the answer says', async (operation, step, kind) => {
    const { id } = await placed();
    await findOrders();
    const wish = { amount_cents: 1000, issue_on_create: true };
    const issue = () => api('POST', `orders/${id}/invoices`, wish);
    const invoice = operation === 'capture' ? null : ((await (await issue()).json()) as Body);
    await arm(operation, 'status-500-after');
    const answer =
      invoice === null
        ? await issue()
        : await api('POST', `invoices/${invoice['id']}/${step}`, {
            amount_cents: 1000,
            reason: 'OTHER',
          });
    expect(answer.status).toBe(500);
    expect((await moved()).at(-1)).toBe(kind);
  });

  it('limits the rate of inquiries', async () => {
    const { id } = await placed();
    await arm('inquire', 'rate-limited');
    const limited = await api('GET', `orders/${id}`);
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '1']);
    expect((await api('GET', `orders/${id}`)).status).toBe(200);
  });

  it('cuts an answer in half', async () => {
    const { id } = await placed();
    await arm('void', 'half-body-after');
    const answer = await api('POST', `orders/${id}/cancel`);
    await expect(answer.text()).rejects.toThrow();
    expect(await findOrders()).toMatchObject([{ status: 'canceled' }]);
  });
});
