/** What checkout says of the buyer, on its way to the provider. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('the buyer of a card payment', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  it('reaches Stripe, with a receipt, a billing address and where the goods go', async () => {
    const address = { street: 'Am Markt', houseNumber: '1', city: 'Ulm', country: 'DE' };
    const { body, status } = await holdfast.start({
      buyer: { name: 'Erika Mustermann', email: 'erika@example.com', billingAddress: address },
      shippingAddress: { ...address, name: 'Max Mustermann' },
    });
    expect([status, body.status]).toEqual([201, 'authorized']);
    const [held] = await holdfast.movements(body.id);
    const url = `${holdfast.stripe.url}/v1/payment_intents/${held?.ref}?expand[]=customer`;
    const response = await fetch(url, { headers: { authorization: 'Bearer sk_test_holdfast' } });
    expect(await response.json()).toMatchObject({
      receipt_email: 'erika@example.com',
      shipping: { name: 'Max Mustermann', address: { line1: 'Am Markt 1', city: 'Ulm' } },
      customer: { name: 'Erika Mustermann', address: { line1: 'Am Markt 1', country: 'DE' } },
    });
  });
});
