/** What an order is about: every method takes it, and adapters find it in the payment's request. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { orderRequestIn } from '../../activities/order-request.ts';
import { createCredits, type Credits } from '../support/credits.ts';
import { BUYER, createGuarantees, type Guarantees } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const DETAILS = {
  items: [
    { title: 'Desk', sku: 'D-1', quantity: 1, unitPriceMinor: 10_000, taxRateBasisPoints: 1900 },
  ],
  shippingAddress: {
    name: 'Sam Muster',
    company: 'Muster Lager GmbH',
    street: 'Kai',
    houseNumber: '7',
    postalCode: '20457',
    city: 'Hamburg',
    country: 'DE',
  },
  shipping: { amountMinor: 1_190, netMinor: 1_000, taxRateBasisPoints: 1900 },
  discounts: [{ title: 'Spring', amountMinor: 690 }],
  company: { owner: { firstName: 'Erika', lastName: 'Muster' } },
};

let holdfast: Holdfast;
let credits: Credits;
let guarantees: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  await holdfast.saveOffline('offline', {});
  credits = await createCredits(holdfast);
  guarantees = await createGuarantees(holdfast);
});
afterAll(async () => {
  await guarantees.close();
  await credits.close();
  await holdfast.close();
});

type Start = (body: Record<string, unknown>) => Promise<{ status: number; body: { id: string } }>;
const elsewhere = { capture: undefined, paymentToken: undefined };
const starts: Record<string, Start> = {
  'a card': (body) => holdfast.start(body),
  'a check': (body) => holdfast.start({ method: 'offline.check', ...elsewhere, ...body }),
  'a guaranteed invoice': (body) => guarantees.start({ buyer: BUYER, ...body }),
  credit: (body) => credits.start(body),
};

describe.each(Object.entries(starts))('a start by %s', (_method, start) => {
  it('takes all that the order is about, and keeps it for the provider', async () => {
    const { status, body } = await start(DETAILS);
    expect(status).toBe(201);
    const request = orderRequestIn(await holdfast.deps.payments.request(body.id));
    expect(request).toMatchObject(DETAILS);
  });

  it('names a part of it that cannot be', async () => {
    const refused = await start({
      shipping: { amountMinor: 1_000, netMinor: 1_001 },
      discounts: [{ title: 'Spring', amountMinor: 0 }],
      shippingAddress: { country: 'de' },
      company: { owner: { firstName: 'Erika' } },
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'invalid-request' } });
    const { errors } = refused.body as unknown as { errors: { path: string }[] };
    expect(errors.map(({ path }) => path).toSorted()).toEqual([
      'company.owner.lastName',
      'discounts.0.amountMinor',
      'shipping.netMinor',
      'shippingAddress.country',
    ]);
  });
});

it('finds nothing but a buyer’s name in a request of before', () => {
  expect(orderRequestIn({ buyer: { name: 'Sam' }, paymentToken: 'pm_card_visa' })).toEqual({
    buyer: { name: 'Sam' },
    items: [],
    discounts: [],
  });
});
