import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { API_KEY } from './apruve-simulator.client.ts';
import { pictureOf, type Refs, stage, type Stage, TERMS, termsOf } from './adapter.stage.ts';

let sim: Stage;
beforeEach(async () => {
  sim = await stage();
});
afterEach(() => sim.close());

describe('an order for a corporate account', () => {
  const place = async (who: string, accountId?: string) => {
    const account = accountId ?? (await sim.accountOf(who));
    const { order } = sim.effects({ accountId: account });
    return { order, outcome: await sim.perform(order, termsOf(who)) };
  };

  it('is under review in its answer and approved when it is asked for', async () => {
    const { order, outcome } = await place('buyer');
    expect(outcome).toEqual({ kind: 'review', providerRef: expect.any(String) as string });
    expect(await sim.inquire(order)).toEqual({
      kind: 'approved',
      providerRef: outcome.kind === 'review' && outcome.providerRef,
      expiresAt: expect.any(Number) as number,
    });
    expect(await sim.ledger()).toEqual(['order 10000']);
  });

  it('stays under review while Apruve decides', async () => {
    const { order } = await place('review');
    expect(await sim.inquire(order)).toMatchObject({ kind: 'review' });
    expect(await sim.ledger()).toEqual([]);
  });

  it('is declined for want of credit', async () => {
    const accountId = await sim.accountOf('small');
    const order = { ...sim.effects({ accountId }).order, amountMinor: 10_001 };
    expect(await sim.perform(order, termsOf('small'))).toMatchObject({ kind: 'review' });
    expect(await sim.inquire(order)).toMatchObject({
      kind: 'declined',
      decline: { code: 'order_canceled' },
    });
    expect(await sim.ledger()).toEqual([]);
  });

  it.each([
    ['a stranger', 'nobody', 'buyer_not_authorized'],
    ['the buyer of another company', 'small', 'account_unknown'],
  ])('is declined for %s before anything is sent', async (_who, who, code) => {
    const accountId = await sim.accountOf('buyer');
    const { outcome } = await place(who, accountId);
    expect(outcome).toMatchObject({ kind: 'declined', decline: { code } });
    expect((await sim.received()).map(({ method }) => method as string)).not.toContain('POST');
  });

  it('is declined for a buyer without an address', async () => {
    const accountId = await sim.accountOf('buyer');
    const outcome = await sim.perform(sim.effects({ accountId }).order, { ...TERMS, buyer: {} });
    expect(outcome).toMatchObject({ decline: { code: 'buyer_not_authorized' } });
  });

  it('leaves evidence without the key and without the buyer', async () => {
    await place('buyer');
    const evidence = JSON.stringify(sim.kept);
    expect(sim.kept.map(({ request }) => request.split(' {')[0])).toEqual([
      expect.stringMatching(/^GET \/api\/v4\/merchants\/\w+\/corporate_accounts$/) as string,
      'POST /api/v4/orders',
    ]);
    expect(sim.kept[1]).toMatchObject({ status: 201, answer: { status: 'pending' } });
    for (const secret of [API_KEY, 'example.com', 'Erika', 'shopper']) {
      expect(evidence).not.toContain(secret);
    }
  });
});

describe('of an accepted order', () => {
  let refs: Refs;
  beforeEach(async () => {
    refs = await sim.ordered();
  });

  it('parts are invoiced until nothing is left, and Apruve says when it is too much', async () => {
    const { invoice } = sim.effects(refs);
    const part = (number: string, amountMinor: number) =>
      sim.perform({ ...invoice, invoiceNumber: number, amountMinor, dueOn: '2030-02-28' });
    expect(await part('inv_1', 6_000)).toMatchObject({ kind: 'approved' });
    expect(await part('inv_2', 4_001)).toMatchObject({
      kind: 'declined',
      decline: { code: 'amount_cents', advice: null },
    });
    expect(await part('inv_3', 4_000)).toMatchObject({ kind: 'approved' });
    expect(await sim.ledger()).toEqual(['order 10000', 'invoice 6000', 'invoice 4000']);
    const seen = await sim.look(pictureOf('pay_1', refs.orderRef));
    expect(seen).toMatchObject({
      picture: {
        invoices: [
          { number: 'inv_1', amountMinor: 6_000, status: 'open' },
          { number: 'inv_3', amountMinor: 4_000, status: 'open' },
        ],
      },
    });
    const [first] = (await sim.send(`/api/v4/orders/${refs.orderRef}/invoices`)) as never[];
    expect(first).toMatchObject({ due_at: '2030-02-28T23:59:59Z' });
  });

  it('an invoice is shipped, and a part of it comes back', async () => {
    const invoiced = await sim.invoiced(refs);
    const { ship, return: back } = sim.effects(invoiced);
    const wish = { ...ship.wish, shippedOn: '2026-11-20', deliveredOn: '2026-11-21' };
    expect(await sim.perform({ ...ship, wish })).toMatchObject({ kind: 'approved' });
    expect(await sim.perform(back)).toMatchObject({ kind: 'approved' });
    expect(await sim.perform({ ...back, amountMinor: 6_001 })).toMatchObject({ kind: 'declined' });
    expect((await sim.ledger()).slice(2)).toEqual(['ship 10000', 'return 4000']);
    const [shown] = (await sim.send(
      `/api/v4/invoices/${invoiced.invoiceRef}/shipments`,
    )) as never[];
    expect(shown).toMatchObject({
      merchant_shipment_id: 'shp_1',
      shipper: 'UPS',
      tracking_number: '1Z',
      shipped_at: '2026-11-20T12:00:00Z',
      delivered_at: '2026-11-21T12:00:00Z',
      status: 'fulfilled',
    });
  });

  it('what has our number already is not made a second time', async () => {
    const invoice = { ...sim.effects(refs).invoice, amountMinor: 4_000 };
    const made = await sim.perform(invoice);
    expect(await sim.perform(invoice)).toEqual(made);
    const invoiceRef = made.kind === 'approved' ? made.providerRef : 'none';
    const ship = { ...sim.effects({ ...refs, invoiceRef }).ship, amountMinor: 4_000 };
    expect(await sim.perform(ship)).toEqual(await sim.perform(ship));
    expect(await sim.ledger()).toEqual(['order 10000', 'invoice 4000', 'ship 4000']);
  });

  it('an invoice is canceled, and then the order', async () => {
    const invoiced = await sim.invoiced(refs);
    const { cancel, 'cancel-invoice': cancelInvoice } = sim.effects(invoiced);
    expect(await sim.perform(cancel)).toMatchObject({ kind: 'unknown' });
    const { invoiceRef: providerRef } = invoiced;
    expect(await sim.perform(cancelInvoice)).toEqual({ kind: 'approved', providerRef });
    expect(await sim.perform(cancelInvoice)).toMatchObject({ kind: 'unknown' });
    expect(await sim.inquire(cancelInvoice)).toEqual({ kind: 'approved', providerRef });
    expect(await sim.perform(cancel)).toEqual({ kind: 'approved', providerRef: refs.orderRef });
    const canceled = ['cancel-invoice 10000', 'cancel 10000'];
    expect((await sim.ledger()).slice(2)).toEqual(canceled);
  });

  it('a canceled order is invoiced no more', async () => {
    const { cancel, invoice } = sim.effects(refs);
    await sim.perform(cancel);
    expect(await sim.perform(invoice)).toMatchObject({ kind: 'declined' });
  });

  it('one that Apruve does not have is refused', async () => {
    for (const effect of Object.values(sim.effects({ ...refs, orderRef: 'x', invoiceRef: 'x' }))) {
      if (effect.type === 'offer' || effect.type === 'order') continue;
      expect(await sim.perform(effect)).toMatchObject({ kind: 'refused' });
    }
  });
});
