/** Reviews, early fraud warnings, foreign disputes and billing details of Stripe's simulator. */
import { describe, expect, it } from 'vitest';
import { simulatorClient, type Body } from './stripe-simulator.client.ts';

function stage() {
  const client = simulatorClient();
  const dashboard = (action: string, wish: object) =>
    client.post(`/_sim/dashboard/${action}`, JSON.stringify(wish));
  return { ...client, dashboard };
}

describe('a review', () => {
  it('is on the payment and its charge, in the list while it is open, and ends approved', async () => {
    const { hold, get, post, eventTypes } = stage();
    const { id } = await hold({ payment_method: 'pm_card_riskLevelElevated' });
    const path = `/v1/payment_intents/${id}?expand[]=review&expand[]=latest_charge`;
    const { body: intent } = await get(path);
    expect(intent['review']).toMatchObject({ object: 'review', open: true, opened_reason: 'rule' });
    expect(intent['latest_charge'].review).toBe(intent['review'].id);
    expect((await get('/v1/reviews')).body['data']).toHaveLength(1);
    const closed = await post(`/v1/reviews/${intent['review'].id}/approve`);
    expect(closed.body).toMatchObject({ open: false, closed_reason: 'approved' });
    expect((await get('/v1/reviews')).body['data']).toEqual([]);
    expect(await eventTypes()).toEqual(expect.arrayContaining(['review.opened', 'review.closed']));
    expect((await post(`/v1/reviews/${intent['review'].id}/approve`)).status).toBe(400);
  });

  it.each([
    ['refund', 'refunded'],
    ['dispute', 'disputed'],
  ])('ends with a %s', async (action, reason) => {
    const { hold, get, dashboard } = stage();
    const method = { payment_method: 'pm_card_riskLevelElevated', capture_method: 'automatic' };
    const { id } = await hold(method);
    await dashboard(action, { ref: id });
    const { body } = await get(`/v1/payment_intents/${id}?expand[]=review`);
    expect(body['review']).toMatchObject({ open: false, reason });
  });
});

describe('an early fraud warning', () => {
  it('is listed by payment and by charge, and told', async () => {
    const { hold, get, eventTypes } = stage();
    const method = {
      payment_method: 'pm_card_createIssuerFraudRecord',
      capture_method: 'automatic',
    };
    const { id, latest_charge: charge } = await hold(method);
    const warnings = '/v1/radar/early_fraud_warnings';
    for (const query of [`payment_intent=${id}`, `charge=${charge}`]) {
      const { body } = await get(`${warnings}?${query}`);
      expect(body['data']).toMatchObject([{ fraud_type: 'made_with_stolen_card', charge }]);
    }
    expect((await get(`${warnings}?payment_intent=pi_other`)).body['data']).toEqual([]);
    expect(await eventTypes()).toContain('radar.early_fraud_warning.created');
  });

  it('is of a payment that was paid', async () => {
    const { post, dashboard } = stage();
    const { body } = await post('/v1/payment_intents', { amount: '1000', currency: 'usd' });
    expect((await dashboard('fraud-warning', { ref: body['id'] })).status).toBe(400);
  });
});

describe('a dispute', () => {
  it('may be in another currency than its charge', async () => {
    const { hold, dashboard, get } = stage();
    const { id } = await hold({ capture_method: 'automatic' });
    const wish = { ref: id, amountMinor: 1_700_000, currency: 'JPY' };
    expect((await dashboard('dispute', wish)).body).toMatchObject({
      amount: 1_700_000,
      currency: 'jpy',
    });
    expect((await dashboard('dispute-change', { ref: id, amountMinor: 1_600_000 })).status).toBe(
      200,
    );
    const { body } = await get('/v1/events?type=charge.dispute.updated');
    expect(body['data'][0].data).toMatchObject({
      object: { amount: 1_600_000 },
      previous_attributes: { amount: 1_700_000 },
    });
  });
});

describe('billing details', () => {
  const ADDRESS = { city: 'Berlin', country: 'DE', line1: 'Unter den Linden 1' };
  const form = (prefix: string, fields: Body) =>
    Object.fromEntries(
      Object.entries(fields).map(([name, value]) => [`${prefix}[${name}]`, value]),
    );

  it('are on every charge, empty where nobody gave any', async () => {
    const { hold, get } = stage();
    const { id } = await hold();
    const { body } = await get(`/v1/payment_intents/${id}?expand[]=latest_charge`);
    expect(body['latest_charge'].billing_details).toEqual({
      address: {
        city: null,
        country: null,
        line1: null,
        line2: null,
        postal_code: null,
        state: null,
      },
      email: null,
      name: null,
      phone: null,
      tax_id: null,
    });
  });

  it('of a kept card can be changed, and are on the charges that follow', async () => {
    const { hold, get, post } = stage();
    const { body: customer } = await post('/v1/customers', form('address', ADDRESS));
    expect(customer['address']).toMatchObject(ADDRESS);
    const kept = { customer: customer['id'], setup_future_usage: 'off_session' };
    const { payment_method: method } = await hold(kept);
    const address = form('billing_details[address]', ADDRESS);
    await post(`/v1/payment_methods/${method}`, { ...address, 'billing_details[name]': 'Erika' });
    const { id } = await hold({ customer: customer['id'], payment_method: method });
    const { body } = await get(`/v1/payment_intents/${id}?expand[]=latest_charge`);
    expect(body['latest_charge'].billing_details).toMatchObject({
      name: 'Erika',
      address: ADDRESS,
    });
  });

  it('of a card that no customer has cannot be changed', async () => {
    const { hold, post } = stage();
    const { payment_method: method } = await hold();
    const path = `/v1/payment_methods/${method}`;
    expect((await post(path, { 'billing_details[name]': 'Erika' })).status).toBe(400);
  });

  it.each(['receipt_email', 'email'])('have an address in %s', async (name) => {
    const { post } = stage();
    const path = name === 'email' ? '/v1/customers' : '/v1/payment_intents';
    const wish = name === 'email' ? {} : { amount: '1000', currency: 'usd' };
    const { status, body } = await post(path, { ...wish, [name]: 'nobody' });
    expect([status, body['error'].code]).toEqual([400, 'email_invalid']);
  });
});

describe('refunds that are pending', () => {
  it('are pending for as long as the admin plane says', async () => {
    const { hold, post, get, advance } = stage();
    await post('/_sim/refunds', JSON.stringify({ pendingMs: 5_000 }));
    const { id } = await hold({
      payment_method: 'pm_card_pendingRefund',
      capture_method: 'automatic',
    });
    const { body } = await post('/v1/refunds', { payment_intent: id });
    expect(body['status']).toBe('pending');
    await advance(6_000);
    expect((await get(`/v1/refunds/${body['id']}`)).body['status']).toBe('succeeded');
    expect((await post('/_sim/refunds', '{}')).status).toBe(400);
  });
});
