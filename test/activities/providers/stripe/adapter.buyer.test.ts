/** What Stripe is told of the buyer, and that it costs no payment. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { AuthorizeTerms } from '../../../../activities/providers/provider.ts';
import { stripeStage, type StripeStage } from './adapter.stage.ts';
import type { Body } from './stripe-simulator.client.ts';

let on: StripeStage;
beforeEach(async () => {
  on = await stripeStage();
});
afterEach(() => on.stop());

const BUYER = {
  name: 'Erika Mustermann',
  email: 'erika@example.com',
  phone: '+49 30 1234567',
  billingAddress: {
    street: 'Unter den Linden',
    houseNumber: '1',
    postalCode: '10117',
    city: 'Berlin',
    country: 'DE',
  },
};
const SHIPPING = { company: 'Muster GmbH', street: 'Am Lager 2', city: 'Ulm', country: 'DE' };
const DETAILS = { buyer: BUYER, shippingAddress: SHIPPING };

const authorize = (details: Partial<AuthorizeTerms> = DETAILS, keepsMethod = false) => {
  const effect = { ...on.authorization(), keepsMethod };
  const terms = { ...on.terms('pm_card_visa'), ...details };
  return on.provider.authorize(effect, terms, on.callFor(effect));
};
async function objectAt(path: string): Promise<Body> {
  const headers = { authorization: 'Bearer sk_test_contract' };
  return (await (await fetch(on.url + path, { headers })).json()) as Body;
}
async function paymentOf(outcome: Awaited<ReturnType<typeof authorize>>): Promise<Body> {
  if (outcome.kind !== 'approved') throw new Error(`not approved: ${JSON.stringify(outcome)}`);
  const expand = 'expand[]=customer&expand[]=latest_charge';
  return objectAt(`/v1/payment_intents/${outcome.providerRef}?${expand}`);
}
type Received = { path: string; body: string; headers: Body };
const sent = async (path: string) =>
  ((await on.admin('requests')) as Received[]).filter((one) => one.path === path);

describe('the buyer', () => {
  it('reaches Stripe: receipt, billing address and where the goods go', async () => {
    const payment = await paymentOf(await authorize());
    expect(payment['receipt_email']).toBe(BUYER.email);
    expect(payment['latest_charge'].receipt_email).toBe(BUYER.email);
    expect(payment['customer']).toMatchObject({
      name: BUYER.name,
      email: BUYER.email,
      phone: BUYER.phone,
      address: {
        line1: 'Unter den Linden 1',
        postal_code: '10117',
        city: 'Berlin',
        country: 'DE',
      },
    });
    expect(payment['shipping']).toMatchObject({
      name: 'Muster GmbH',
      address: { line1: 'Am Lager 2', city: 'Ulm', country: 'DE' },
    });
    expect(payment['setup_future_usage']).toBeNull();
  });

  it('is the one whose card is kept', async () => {
    const payment = await paymentOf(await authorize(DETAILS, true));
    expect(payment['customer'].name).toBe(BUYER.name);
    expect(payment['setup_future_usage']).toBe('off_session');
  });

  it('is not made a customer of when nothing is known', async () => {
    expect((await paymentOf(await authorize({ buyer: {} })))['customer']).toBeNull();
    expect(await sent('/v1/customers')).toEqual([]);
  });

  it('has a phone number only where Stripe takes it', async () => {
    const buyer = { name: BUYER.name, phone: '+49 30 1234567 ext. 89 (ask for Erika)' };
    expect((await paymentOf(await authorize({ buyer })))['customer']).toMatchObject({
      name: BUYER.name,
      phone: null,
    });
  });

  it('is no part of the evidence', async () => {
    await authorize();
    expect(on.kept).toHaveLength(2);
    expect(JSON.stringify(on.kept)).not.toMatch(/erika|muster|linden|lager|1234567/i);
  });
});

describe('details that Stripe refuses', () => {
  it.each([false, true])('cost no payment (the card is kept: %s)', async (keepsMethod) => {
    const buyer = { ...BUYER, email: 'nobody' };
    const payment = await paymentOf(await authorize({ ...DETAILS, buyer }, keepsMethod));
    expect([payment['receipt_email'], payment['shipping']]).toEqual([null, null]);
    expect(payment['customer'] === null).toBe(!keepsMethod);
  });

  it('cost no payment when the key may make no customers', async () => {
    await on.refuseNext('POST', '/v1/customers', 403, {});
    expect((await paymentOf(await authorize()))['customer']).toBeNull();
  });

  it('do not hide that the key is revoked', async () => {
    await on.refuseNext('POST', '/v1/customers', 401, {});
    await on.refuseNext('POST', '/v1/payment_intents', 401, {});
    expect(await authorize()).toMatchObject({ kind: 'refused', fault: 'credentials' });
  });
});

describe('an authorization that is sent again', () => {
  it('has the same form and the same customer under its key', async () => {
    await on.breakNext('authorize', 'drop-before');
    expect(await authorize()).toMatchObject({ kind: 'unknown' });
    expect(await authorize()).toMatchObject({ kind: 'approved' });
    const [first, second, ...more] = await sent('/v1/payment_intents');
    expect(more).toEqual([]);
    expect(second?.body).toBe(first?.body);
    expect(second?.body).toContain('customer=cus_');
  });

  it('is not sent at all while nobody knows whether the customer was made', async () => {
    await on.answerNext('POST', '/v1/customers', 500);
    await expect(authorize()).rejects.toMatchObject({ name: 'ProviderNotReached' });
    expect(await sent('/v1/payment_intents')).toEqual([]);
  });
});

it('a renewal sends its receipt to the same address', async () => {
  const first = await authorize(DETAILS, true);
  if (first.kind !== 'approved') throw new Error(first.kind);
  const { operationId, amountMinor, currency, startBy } = on.authorization();
  const { providerRef } = first;
  const effect = {
    type: 'reauthorize',
    ...{ operationId: `${operationId}_again`, providerRef, amountMinor, currency, startBy },
  } as const;
  const terms = on.terms('pm_card_visa');
  const renewed = await on.provider.reauthorize(effect, terms, on.callFor(effect));
  expect((await paymentOf(renewed))['receipt_email']).toBe(BUYER.email);
});
