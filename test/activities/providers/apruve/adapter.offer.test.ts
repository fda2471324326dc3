import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HOUR_MS } from './apruve-simulator.client.ts';
import { pictureOf, stage, type Stage, TERMS } from './adapter.stage.ts';

let sim: Stage;
beforeEach(async () => {
  sim = await stage();
});
afterEach(() => sim.close());

const ITEMS = [
  { title: 'A widget', description: 'Grün', sku: 'W-1', quantity: 3, unitPriceMinor: 3_000 },
  { title: 'Freight', quantity: 1, unitPriceMinor: 1_000 },
];

async function offered(terms = TERMS) {
  const outcome = await sim.perform(sim.effects().offer, terms);
  if (outcome.kind !== 'offered') throw new Error(outcome.kind);
  return outcome.offer;
}

/** The buyer accepts the offer in what stands for the lightbox; the id that the shop gets. */
async function accept({ order, secureHash }: Awaited<ReturnType<typeof offered>>) {
  const post = (path: string, fields: Record<string, string>) =>
    fetch(new URL(path, sim.url), {
      method: 'POST',
      redirect: 'manual',
      body: new URLSearchParams(fields),
    });
  const returnUrl = 'https://shop.example/return';
  const fields = { order: JSON.stringify(order), secure_hash: secureHash, return_url: returnUrl };
  const page = await post('/_pages/lightbox', fields);
  if (page.status !== 303) throw new Error(await page.text());
  const account = await sim.accountOf('buyer');
  const back = await post(page.headers.get('location') ?? '', { decision: 'accept', account });
  return new URL(back.headers.get('location') ?? '').searchParams.get('apruveOrderId');
}

/** Apruve's orders end with a day, five hours behind UTC. */
const endOfDay = (at: number): number =>
  Date.parse(`${new Date(at - 5 * HOUR_MS).toISOString().slice(0, 10)}T23:59:59-05:00`);

describe('an offer', () => {
  it('asks nobody and is the same whenever it is made', async () => {
    expect(await offered()).toEqual(await offered());
    expect(await sim.received()).toEqual([]);
    expect(sim.kept).toEqual([]);
  });

  it.each([
    ['lines', ITEMS],
    ['no lines', []],
  ])('with %s is accepted by its buyer, and found with our number and amount', async (_, items) => {
    const orderRef = await accept(await offered({ ...TERMS, items }));
    expect(await sim.look(pictureOf('pay_1'))).toMatchObject({
      kind: 'seen',
      picture: {
        providerRef: orderRef,
        orderId: 'pay_1',
        status: 'accepted',
        amountMinor: 10_000,
        currency: 'USD',
        expiresAt: endOfDay(sim.effects().offer.expiresAt),
        others: [],
        invoices: [],
      },
    });
    expect(await sim.ledger()).toEqual(['order 10000']);
  });

  it('is refused by Apruve when somebody has changed it on its way', async () => {
    const made = await offered();
    const cheaper = { ...made, order: { ...made.order, amount_cents: 1 } };
    await expect(accept(cheaper)).rejects.toThrow('secure hash does not belong');
  });

  it('says where its script is, and in one line what it is for', async () => {
    const { order, scriptUrl } = await offered();
    expect(scriptUrl).toBe(`${sim.url}/js/v4/apruve.js`);
    expect(order['order_items']).toEqual([
      { title: 'order 4711', quantity: 1, price_ea_cents: 10_000, price_total_cents: 10_000 },
    ]);
  });

  it('is refused in another currency than US dollars', async () => {
    const outcome = await sim.perform({ ...sim.effects().offer, currency: 'EUR' });
    expect(outcome).toMatchObject({ kind: 'refused' });
  });
});
