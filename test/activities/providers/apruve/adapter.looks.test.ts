import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Listening, listen } from '../../../support/serve.ts';
import { adapterAt, deafUrl, pictureOf, stage, type Stage, termsOf } from './adapter.stage.ts';

describe('a look', () => {
  let sim: Stage;
  beforeEach(async () => {
    sim = await stage();
  });
  afterEach(() => sim.close());

  it('says that there is no such order, by number and by reference', async () => {
    expect(await sim.look(pictureOf('pay_1'))).toMatchObject({ kind: 'absent' });
    expect(await sim.look(pictureOf('pay_1', 'none'))).toMatchObject({ kind: 'absent' });
  });

  it('shows the accepted order of a number, and the others that hold credit', async () => {
    const review = await sim.ordered('review');
    const first = await sim.ordered();
    const last = await sim.ordered();
    const small = await sim.accountOf('small');
    const large = { ...sim.effects({ accountId: small }).order, amountMinor: 20_000 };
    await sim.perform(large, termsOf('small'));
    expect(await sim.look(pictureOf('pay_1'))).toMatchObject({
      picture: { status: 'accepted', others: [first.orderRef, review.orderRef] },
    });
    expect(await sim.look(pictureOf('pay_1', review.orderRef))).toMatchObject({
      picture: { status: 'pending', others: [last.orderRef, first.orderRef] },
    });
    expect(await sim.look(pictureOf('pay_1', first.orderRef))).toMatchObject({
      picture: { providerRef: first.orderRef, status: 'accepted', others: [] },
    });
  });

  it('shows what was canceled when there is nothing else', async () => {
    const refs = await sim.ordered();
    const { invoiceRef } = await sim.invoiced(refs);
    const { cancel, 'cancel-invoice': cancelInvoice } = sim.effects({ ...refs, invoiceRef });
    await sim.perform(cancelInvoice);
    await sim.perform(cancel);
    expect(await sim.look(pictureOf('pay_1'))).toMatchObject({
      picture: {
        status: 'canceled',
        invoices: [{ providerRef: invoiceRef, status: 'canceled', number: 'inv_1' }],
      },
    });
  });

  it('shows what came back of an invoice where it is asked about that', async () => {
    const refs = await sim.ordered();
    const { invoiceRef } = await sim.invoiced(refs);
    const back = async () => {
      const question = { ...pictureOf('pay_1'), returnsOf: invoiceRef };
      const looked = await sim.look(question);
      return looked.kind === 'seen' ? looked.picture.invoices[0]?.returnedMinor : looked.kind;
    };
    expect(await back()).toBe(0);
    for (const amountMinor of [1_000, 2_500]) {
      await sim.send('/_sim/dashboard/return', { ref: invoiceRef, amountMinor });
    }
    expect(await back()).toBe(3_500);
    const asked = await sim.look(pictureOf('pay_1'));
    expect(asked.kind === 'seen' && asked.picture.invoices[0]).not.toHaveProperty('returnedMinor');
  });

  it.each(['drop-before', 'status-500-before', 'garbage-after', 'half-body-after', 'rate-limited'])(
    'brings nothing by %s, and no error',
    async (fault) => {
      await sim.arm('inquire', fault);
      expect(await sim.look(pictureOf('pay_1'))).toMatchObject({ kind: 'inconclusive' });
    },
  );

  it('brings nothing where nobody listens', async () => {
    const { look } = adapterAt(await deafUrl());
    expect(await look(pictureOf('pay_1'))).toMatchObject({ kind: 'inconclusive' });
  });
});

describe('a look at answers that say something else', () => {
  const order = {
    id: 'ord_1',
    status: 'accepted',
    amount_cents: 10_000,
    currency: 'USD',
    merchant_order_id: 'pay_1',
    expire_at: null,
  };
  const invoice = {
    id: 'inv_1',
    order_id: 'ord_1',
    status: 'open',
    amount_cents: 10_000,
    currency: 'USD',
    merchant_invoice_id: null,
  };
  let server: Listening;
  let said: { order: unknown; orders: unknown; invoices: unknown };
  let status: number;
  beforeEach(async () => {
    said = { order, orders: [order], invoices: [invoice] };
    status = 200;
    server = await listen(({ url }) => {
      const { pathname } = new URL(url);
      const body = pathname.endsWith('/invoices')
        ? said.invoices
        : pathname.endsWith('/orders')
          ? said.orders
          : said.order;
      return Response.json(body, { status });
    });
  });
  afterEach(() => server.stop());
  const look = (ref: string | null = 'ord_1') =>
    adapterAt(server.url).look(pictureOf('pay_1', ref));

  it('knows either spelling of canceled, and an order without a number or an end', async () => {
    said.order = { ...order, status: 'cancelled', merchant_order_id: null };
    said.invoices = [{ ...invoice, status: 'cancelled' }];
    expect(await look()).toMatchObject({
      picture: {
        status: 'canceled',
        orderId: null,
        expiresAt: null,
        invoices: [{ status: 'canceled', number: null }],
      },
    });
  });

  it.each([
    ['an order of an unknown status', { order: { ...order, status: 'of_tomorrow' } }, 'ord_1'],
    ['an order of another id', { order: { ...order, id: 'ord_2' } }, 'ord_1'],
    ['an order without an amount', { order: { id: 'ord_1', status: 'accepted' } }, 'ord_1'],
    ['an invoice of an unknown status', { invoices: [{ ...invoice, status: 'lost' }] }, 'ord_1'],
    ['invoices that are no list', { invoices: {} }, 'ord_1'],
    ['a full list of invoices', { invoices: Array.from({ length: 25 }, () => invoice) }, 'ord_1'],
    ['orders of other numbers', { orders: [{ ...order, merchant_order_id: 'x' }] }, null],
    ['one more of an unknown status', { orders: [order, { ...order, status: 'odd' }] }, null],
  ])('decides nothing by %s', async (_what, answers, ref) => {
    said = { ...said, ...answers };
    expect(await look(ref)).toMatchObject({ kind: 'inconclusive' });
  });

  it('takes a 404 for an absence in Apruve’s own words only', async () => {
    status = 404;
    said.order = { errors: [{ title: 'Not Found' }] };
    expect(await look()).toMatchObject({ kind: 'absent' });
    said.order = { message: 'no such host' };
    expect(await look()).toMatchObject({ kind: 'inconclusive' });
  });

  it('asks for one thing, whatever a browser brought as its reference', async () => {
    said.order = { ...order, id: 'a/../b?c=1' };
    const { kept, look: lookAt } = adapterAt(server.url);
    expect(await lookAt(pictureOf('pay_1', 'a/../b?c=1'))).toMatchObject({ kind: 'seen' });
    expect(kept[0]?.request).toBe('GET /api/v4/orders/a%2F..%2Fb%3Fc%3D1');
  });
});
