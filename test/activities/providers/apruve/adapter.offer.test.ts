import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Body, HOUR_MS } from './apruve-simulator.client.ts';
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

  const net = { unitPriceMinor: 1_190, unitNetMinor: 1_000, taxRateBasisPoints: 1_900 };
  const WIDGETS = { title: 'A widget', quantity: 8, ...net };
  const SHIPPING = { amountMinor: 595, netMinor: 500 };
  const DISCOUNTS = [
    { title: 'Spring', amountMinor: 100 },
    { title: 'Regulars', amountMinor: 15 },
  ];

  it.each([
    ['taxes apart where all is said before them', [WIDGETS], SHIPPING, [1_615, 500, 8_000]],
    [
      'taxes in the prices where one line says no more',
      [{ ...WIDGETS, unitNetMinor: undefined }],
      SHIPPING,
      [undefined, 595, 9_520],
    ],
    [
      'taxes in the prices where the shipping says no more',
      [WIDGETS],
      { amountMinor: 595 },
      [undefined, 595, 9_520],
    ],
    [
      'no shipping',
      [
        { ...WIDGETS, unitPriceMinor: 1_264, quantity: 8 },
        { title: 'Rest', quantity: 1, unitPriceMinor: 3, unitNetMinor: 3 },
      ],
      undefined,
      [2_112, undefined, 8_000],
    ],
    ['the whole in one line', [], SHIPPING, [undefined, 595, 9_520]],
  ] as const)(
    'has %s: its parts add up to its amount',
    async (_what, items, shipping, expected) => {
      const terms = { ...TERMS, items, shipping, discounts: DISCOUNTS };
      const made = await offered(terms);
      const {
        amount_cents: amount,
        order_items: lines,
        shipping_cents: freight,
        tax_cents: tax,
      } = made.order as Body;
      expect([tax, freight, lines[0].price_total_cents]).toEqual(expected);
      const totals = (lines as Body[]).map(({ price_total_cents: cents }) => cents as number);
      expect(totals.slice(-2)).toEqual([-100, -15]);
      const parts: number[] = [tax ?? 0, freight ?? 0, ...totals];
      expect(parts.reduce((sum, cents) => sum + cents, 0)).toBe(amount);
      // The hash covers it as it is shown, and so it is what Apruve has.
      const orderRef = await accept(made);
      expect(await sim.send(`/api/v4/orders/${orderRef}`)).toMatchObject({
        tax_cents: tax ?? 0,
        shipping_cents: freight ?? 0,
      });
    },
  );

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
