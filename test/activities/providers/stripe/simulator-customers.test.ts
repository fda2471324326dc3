import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, simulatorClient, type Body } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const customer = async (form = {}, key?: string): Promise<Body> =>
  (await stripe.post('/v1/customers', form, key === undefined ? {} : { key })).body;
const pay = (form: Record<string, unknown>) =>
  stripe.post('/v1/payment_intents', {
    ...CARD,
    amount: '1000',
    payment_method: 'pm_card_visa',
    ...(form as Record<string, string>),
  });
/** A buyer whose card was saved with a first payment. */
const saved = async (form = {}) => {
  const { id } = await customer();
  const { body } = await pay({ customer: id, setup_future_usage: 'off_session', ...form });
  return { customer: id as string, payment_method: body['payment_method'] as string };
};

describe('a customer', () => {
  it('is kept as given, and found by its id', async () => {
    const wish = { email: 'a@example.com', name: 'A', description: 'B2B', 'metadata[buyer]': 'b1' };
    const made = await customer(wish);
    expect(made).toMatchObject({
      object: 'customer',
      email: 'a@example.com',
      name: 'A',
      description: 'B2B',
      metadata: { buyer: 'b1' },
    });
    expect(made['id']).toMatch(/^cus_/);
    expect((await stripe.get(`/v1/customers/${made['id']}`)).body).toEqual(made);
    expect(await stripe.eventTypes()).toEqual(['customer.created']);
  });

  it('is made once under one key', async () => {
    const [first, again] = [await customer({ name: 'A' }, 'k'), await customer({ name: 'A' }, 'k')];
    expect(again['id']).toBe(first['id']);
    expect((await customer({ name: 'A' }))['id']).not.toBe(first['id']);
    expect((await customer({ name: 'B' }, 'k'))['error'].type).toBe('idempotency_error');
  });

  it('is not made of what Stripe does not know', async () => {
    expect((await customer({ nickname: 'A' }))['error'].code).toBe('parameter_unknown');
  });

  it('that nobody made is no one', async () => {
    const { status, body } = await stripe.get('/v1/customers/cus_none');
    expect([status, body['error'].code]).toEqual([404, 'resource_missing']);
    const payment = await pay({ customer: 'cus_none' });
    expect(payment.status).toBe(400);
    expect(payment.body['error']).toMatchObject({ code: 'resource_missing', param: 'customer' });
    expect(await stripe.ledger()).toEqual([]);
  });

  it('is shown where it is asked for', async () => {
    const { id } = await customer({ name: 'A' });
    const { body } = await pay({ customer: id, 'expand[]': 'customer' });
    expect(body['customer']).toMatchObject({ id, name: 'A' });
  });
});

describe('a saved payment method', () => {
  it.each(['off_session', 'on_session'])(
    'is saved by setup_future_usage=%s and pays again without the buyer',
    async (setup_future_usage) => {
      const card = await saved({ setup_future_usage });
      expect(await stripe.eventTypes()).toContain('payment_method.attached');
      const { body } = await pay({ ...card, off_session: 'true' });
      expect(body).toMatchObject({ status: 'succeeded', ...card });
    },
  );

  it('is not saved by a customer alone', async () => {
    const { id } = await customer();
    const { body } = await pay({ customer: id });
    const { payment_method } = body;
    const again = await pay({ customer: id, payment_method, off_session: 'true' });
    expect(again.status).toBe(400);
    expect(again.body['error'].message).toContain('without Customer attachment');
  });

  it('is not saved by an attempt that failed', async () => {
    const { id } = await customer();
    const { body } = await pay({
      customer: id,
      setup_future_usage: 'off_session',
      payment_method: 'pm_card_chargeDeclined',
    });
    const { payment_method: method } = body['error'];
    expect(method.customer).toBeNull();
    expect((await pay({ customer: id, payment_method: method.id })).status).toBe(400);
  });

  it('is saved only when the buyer has authenticated', async () => {
    const { id } = await customer();
    const { body } = await pay({
      customer: id,
      setup_future_usage: 'off_session',
      payment_method: 'pm_card_authenticationRequiredOnSetup',
    });
    expect(body['status']).toBe('requires_action');
    expect(await stripe.eventTypes()).not.toContain('payment_method.attached');
    await stripe.post('/_sim/dashboard/pay', JSON.stringify({ ref: body['id'] }));
    const { payment_method } = body;
    const again = await pay({ customer: id, payment_method, off_session: 'true' });
    expect(again.body['status']).toBe('succeeded');
  });

  it('is nobody else’s', async () => {
    const { payment_method } = await saved();
    const { id } = await customer();
    for (const form of [{ customer: id }, {}]) {
      const { status, body } = await pay({ ...form, payment_method });
      expect([status, body['error'].param]).toEqual([400, 'payment_method']);
    }
  });

  it('cannot be saved while the buyer is away', async () => {
    const { id } = await customer();
    const { status, body } = await pay({
      customer: id,
      setup_future_usage: 'off_session',
      off_session: 'true',
    });
    expect([status, body['error'].param]).toEqual([400, 'off_session']);
  });

  it('that asks for authentication again is declined without the buyer', async () => {
    const card = await saved({ payment_method: 'pm_card_authenticationRequired' });
    const [{ id }] = (await stripe.get('/v1/payment_intents')).body['data'] as [Body];
    await stripe.post('/_sim/dashboard/pay', JSON.stringify({ ref: id }));
    const { status, body } = await pay({ ...card, off_session: 'true' });
    expect([status, body['error'].code]).toEqual([402, 'authentication_required']);
  });
});
