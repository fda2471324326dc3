/** A definite no of Apruve: said to whoever asked, looked into, and never sent again. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

let holdfast: Holdfast;
let apruve: Credits;
beforeAll(async () => {
  holdfast = await createHoldfast();
  apruve = await createCredits(holdfast);
});
afterAll(async () => {
  await holdfast.close();
  await apruve.close();
});

const ORDERS = '/api/v4/orders';
const ACCOUNTS = '/api/v4/merchants/*/corporate_accounts';
const said = (detail: string) => ({ errors: [{ title: 'No', detail }] });
const newest = (payment: PaymentResource) => apruve.ordersOf(payment)[0]?.id ?? '';
const invoiceRef = (payment: PaymentResource): string => {
  const invoices = payment.details?.['invoices'] as { providerRef: string }[] | undefined;
  return invoices?.[0]?.providerRef ?? '';
};

describe('an order that Apruve refuses', () => {
  it.each([
    ['its key, when the buyer is looked up', 401, 'GET', ACCOUNTS],
    ['its key, when the order is placed', 401, 'POST', ORDERS],
    ['the merchant', 403, 'POST', ORDERS],
  ])('for %s is declined, and needs a person', async (_what, status, method, path) => {
    await apruve.answer(method, path, status, said('Who are you?'));
    const { body, status: answered } = await apruve.place();
    expect(answered).toBe(201);
    expect(body).toMatchObject({
      status: 'declined',
      decline: { code: 'provider_refused' },
      needsAttention: expect.stringContaining('Save valid credentials'),
    });
    // Nobody can have it sent again: neither who rechecks nor who comes back.
    await holdfast.app.request(`/return/${body.id}`);
    const recheck = await holdfast.request('POST', `/v1/payments/${body.id}/recheck`, {
      key: holdfast.keys.operator,
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(recheck.status).toBe(409);
    expect(apruve.ordersOf(body)).toEqual([]);
    expect((await holdfast.get(body.id)).status).toBe('declined');
  });

  it.each([
    [
      'what was said of it',
      400,
      { errors: [{ detail: 'No.', source: { parameter: 'shopper_id' } }] },
      'shopper_id',
    ],
    ['what it names', 404, said('No such account.'), 'not_found'],
  ])('for %s is declined with its code, and needs nobody', async (_what, status, body, code) => {
    await apruve.answer('POST', ORDERS, status, body);
    const { body: payment } = await apruve.place();
    expect(payment).toMatchObject({ status: 'declined', decline: { code }, needsAttention: null });
  });
});

describe('what Apruve does not do', () => {
  it('because the order was cancelled there is answered with that', async () => {
    const payment = await apruve.authorized();
    await apruve.atDashboard('cancel', newest(payment));
    const key = randomUUID();
    const ask = () => holdfast.command(payment.id, 'invoices', {}, { key });
    const { body, status } = await ask();
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'cancelled',
      decline: { verb: 'invoice' },
      needsAttention: null,
      amounts: { voided: TOTAL },
    });
    // Who asks again with the same key reads the same.
    expect((await ask()).body).toMatchObject({ status: 'cancelled', decline: { verb: 'invoice' } });
    expect(await holdfast.facts(payment.id)).toEqual(
      expect.arrayContaining(['invoice.declined', 'cancellation.found']),
    );
  });

  it('because the goods came back there already is answered with that', async () => {
    const payment = await apruve.authorized();
    const { body: invoiced } = await holdfast.command(payment.id, 'invoices');
    await apruve.atDashboard('return', invoiceRef(invoiced), { amountMinor: 70_000 });
    const { body } = await holdfast.command(payment.id, 'refund', { amountMinor: 50_000 });
    expect(body).toMatchObject({
      status: 'invoiced',
      decline: { verb: 'return', code: 'amount_cents' },
      needsAttention: null,
      amounts: { voided: 70_000 },
    });
    expect(body.commands).toContainEqual({ verb: 'refund', maxMinor: 30_000 });
    const rest = await holdfast.command(payment.id, 'refund', { amountMinor: 30_000 });
    expect(rest.body).toMatchObject({ status: 'returned', decline: null });
    expect(await apruve.moved(rest.body)).toEqual([
      `order ${TOTAL}`,
      `invoice ${TOTAL}`,
      `ship ${TOTAL}`,
      'return 70000',
      'return 30000',
    ]);
  });

  it('because the invoice was cancelled there is answered with that', async () => {
    const payment = await apruve.authorized();
    const { body: invoiced } = await holdfast.command(payment.id, 'invoices');
    await apruve.atDashboard('cancel-invoice', invoiceRef(invoiced));
    const { body } = await holdfast.command(payment.id, 'refund', { amountMinor: 100 });
    expect(body).toMatchObject({ status: 'authorized', decline: { verb: 'return' } });
  });

  it('for no reason that can be seen is said, and nobody blames credentials', async () => {
    const payment = await apruve.authorized();
    await apruve.answer('POST', `${ORDERS}/*/invoices`, 404, said('Not today.'));
    const { body } = await holdfast.command(payment.id, 'invoices');
    expect(body).toMatchObject({ status: 'authorized', decline: { code: 'not_found' } });
    expect(body.needsAttention).toContain('then ask again');
    expect(body.needsAttention).not.toContain('credentials');
    expect(await holdfast.facts(payment.id)).toContain('picture.confirmed');
    const again = await holdfast.command(payment.id, 'invoices');
    expect(again.body).toMatchObject({ status: 'invoiced', needsAttention: null });
  });

  it('for its key is answered at once, and can be asked again', async () => {
    const payment = await apruve.authorized();
    await apruve.answer('POST', `${ORDERS}/*/invoices`, 401, said('Who are you?'));
    const { body } = await holdfast.command(payment.id, 'invoices');
    expect(body).toMatchObject({ status: 'authorized', decline: { code: 'provider_refused' } });
    expect(body.needsAttention).toContain('credentials');
    expect(await holdfast.facts(payment.id)).not.toContain('picture.confirmed');
  });
});
