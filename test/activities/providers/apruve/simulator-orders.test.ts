import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  API_KEY,
  DAY_MS,
  MERCHANT,
  ORDER,
  simulatorClient,
  type Body,
} from './apruve-simulator.client.ts';

let apruve: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  apruve = simulatorClient();
});
afterEach(() => apruve.simulator.close());

const look = async ({ id }: Body) => (await apruve.get(`orders/${id}`)).body;

describe('an order placed server to server', () => {
  it('is pending in the answer and accepted when looked at again', async () => {
    const { status, body } = await apruve.order();
    expect([status, body['status']]).toEqual([201, 'pending']);
    expect(await look(body)).toMatchObject({
      status: 'accepted',
      amount_cents: 10_000,
      currency: 'USD',
      merchant_order_id: 'order-1',
      secure_hash: null,
      payment_terms: { type: 'CorporateAccount', status: 'accepted' },
      links: { self: `http://localhost/api/v4/orders/${body['id']}.json` },
    });
    expect(await apruve.ledger()).toEqual(['order 10000']);
    expect(await apruve.events()).toEqual(['payment_term.accepted', 'order.accepted']);
  });

  it('is found by its link with .json and by the merchant’s number, newest first', async () => {
    const first = (await apruve.order()).body;
    const second = (await apruve.order()).body;
    expect((await apruve.get(`orders/${first['id']}.json`)).body['id']).toBe(first['id']);
    const { body } = await apruve.get('orders?merchant_order_id=order-1');
    expect((body as unknown as Body[]).map(({ id }) => id as string)).toEqual([
      second['id'],
      first['id'],
    ]);
    expect((await apruve.get('orders?merchant_order_id=other')).body).toEqual([]);
  });

  it('holds its amount of the buyer’s credit until it is canceled', async () => {
    const { body } = await apruve.order();
    await look(body);
    expect((await apruve.account('buyer'))['credit_available_cents']).toBe(9_990_000);
    const canceled = await apruve.post(`orders/${body['id']}/cancel`);
    expect([canceled.status, canceled.body['status']]).toEqual([200, 'canceled']);
    expect((await apruve.account('buyer'))['credit_available_cents']).toBe(10_000_000);
    expect(await apruve.ledger()).toEqual(['order 10000', 'cancel 10000']);
    expect((await apruve.post(`orders/${body['id']}/cancel`)).status).toBe(409);
  });

  it('is canceled if the buyer’s credit does not cover it', async () => {
    await look((await apruve.order({ amount_cents: 6000 }, 'small')).body);
    const second = (await apruve.order({ amount_cents: 6000 }, 'small')).body;
    expect((await look(second))['status']).toBe('canceled');
    expect(await apruve.ledger()).toEqual(['order 6000']);
    expect(await apruve.events()).toContain('order.canceled');
  });

  it('waits for a person if its account is under review', async () => {
    const { body } = await apruve.order({}, 'review');
    expect((await look(body))['status']).toBe('pending');
    const { body: accepted } = await apruve.admin('dashboard/accept', { ref: body['id'] });
    expect(accepted['status']).toBe('accepted');
  });

  it('changes while it is new and not after it is finalized', async () => {
    const { body } = await apruve.order({ finalize_on_create: false });
    expect(body['status']).toBe('new');
    const change = { order: { amount_cents: 8000, po_number: 'PO-1' } };
    const changed = await apruve.patch(`orders/${body['id']}`, change);
    const terms = { po_number: 'PO-1' };
    expect(changed.body).toMatchObject({ amount_cents: 8000, payment_terms: terms });
    expect((await apruve.post(`orders/${body['id']}/finalize`)).body['status']).toBe('pending');
    expect((await apruve.put(`orders/${body['id']}`, change)).status).toBe(409);
    expect((await apruve.post(`orders/${body['id']}/finalize`)).status).toBe(409);
    expect(await apruve.ledger()).toEqual(['order 8000']);
  });

  it('expires at the end of the 45th day and frees the credit', async () => {
    const { body } = await apruve.order();
    await apruve.advance(45 * DAY_MS);
    expect((await look(body))['status']).toBe('accepted');
    await apruve.advance(DAY_MS);
    expect((await look(body))['status']).toBe('canceled');
    expect(await apruve.ledger()).toEqual(['order 10000', 'expire 10000']);
  });

  it('is invoiced at once if it says so', async () => {
    const { body } = await apruve.order({ invoice_on_create: true });
    const invoices = (await apruve.get(`orders/${body['id']}/invoices`)).body;
    expect(invoices).toMatchObject([{ status: 'open', amount_cents: 10_000 }]);
    expect(await apruve.ledger()).toEqual(['order 10000', 'invoice 10000']);
  });
});

describe('a refused order', () => {
  it.each([
    ['amount_cents', { amount_cents: 0 }, 400],
    ['amount_cents', { amount_cents: 10.5 }, 400],
    ['currency', { currency: 'EUR' }, 400],
    ['shopper_id', { shopper_id: 'nobody' }, 400],
    ['expire_at', { expire_at: '2014-07-15T10:12:27-05:00' }, 400],
    ['payment_term.corporate_account_id', { payment_term: null }, 400],
    [undefined, { merchant_id: 'another' }, 403],
  ])('names %s for %j', async (parameter, change, status) => {
    const answer = await apruve.order(change);
    expect(answer.status).toBe(status);
    expect(answer.body['errors'][0].source?.parameter).toBe(parameter);
    expect(await apruve.ledger()).toEqual([]);
  });

  it('has no key, or a wrong one', async () => {
    const wrong = await apruve.send('POST', '/api/v4/orders', ORDER, { 'apruve-api-key': 'x' });
    expect([wrong.status, wrong.body['errors'][0].title]).toEqual([401, 'Unauthorized']);
  });

  it('is no JSON, or belongs to nobody', async () => {
    expect((await apruve.get('orders/none')).status).toBe(404);
    expect((await apruve.get('other')).status).toBe(404);
    const response = await apruve.simulator.app.request('/api/v4/orders', {
      method: 'POST',
      body: '{',
      headers: { 'apruve-api-key': API_KEY },
    });
    expect(response.status).toBe(400);
  });
});

describe('a corporate account', () => {
  it('is found by the address of one of its buyers, or not at all', async () => {
    expect(await apruve.account('buyer')).toMatchObject({
      type: 'CorporateAccount',
      merchant_uuid: MERCHANT,
      payment_term_strategy_name: 'Net30',
      credit_amount_cents: 10_000_000,
      credit_balance_cents: 0,
    });
    expect(await apruve.account('nobody')).toBeUndefined();
    const { id } = await apruve.account('small');
    const path = `merchants/${MERCHANT}/corporate_accounts`;
    expect((await apruve.get(`${path}/${id}`)).body['name']).toBe('Small Credit Co');
    expect((await apruve.get(`${path}/none`)).status).toBe(404);
    expect((await apruve.get(`merchants/${MERCHANT}`)).body['id']).toBe(MERCHANT);
    expect((await apruve.get('merchants/other')).status).toBe(404);
  });
});
