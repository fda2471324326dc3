/** What an order has to bring along before InfinitePay is asked about it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BUYER, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const { billingAddress, ...somebody } = BUYER;
const without = (name: keyof typeof somebody) => ({ ...BUYER, [name]: undefined });

describe('a guaranteed payment', () => {
  let holdfast: Holdfast;
  let infinitepay: Guarantees;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    infinitepay = await createGuarantees(holdfast, { countries: ['DE', 'AT'] });
  });
  afterAll(async () => {
    await holdfast.close();
    await infinitepay.close();
  });

  it.each([
    ['an e-mail address', 'buyer.email', without('email'), /e-mail/],
    ['a company', 'buyer.company', without('company'), /company/],
    ['a VAT id', 'buyer.vatId', without('vatId'), /VAT id/],
    ['a VAT id that can exist', 'buyer.vatId', { ...BUYER, vatId: 'DE136695977' }, /VAT id/],
    ['a legal form', 'buyer.legalForm', without('legalForm'), /gmbh.*einzel/],
    ['a known legal form', 'buyer.legalForm', { ...BUYER, legalForm: 'inc' }, /gmbh.*einzel/],
    ['a billing country', 'buyer.billingAddress.country', somebody, /DE, AT/],
    [
      'a billing country that is covered',
      'buyer.billingAddress.country',
      { ...BUYER, billingAddress: { ...billingAddress, country: 'FR' } },
      /covers here: DE, AT/,
    ],
  ])('is not opened without %s', async (_what, path, buyer, says) => {
    const { status, body } = await infinitepay.start({ buyer });
    expect([status, body.code]).toEqual([422, 'invalid-request']);
    expect(body.errors).toEqual([{ path, message: expect.stringMatching(says) as string }]);
  });

  it('is told all that is missing at once', async () => {
    const { body } = await infinitepay.start({ buyer: undefined });
    expect(body.errors.map(({ path }) => path)).toEqual([
      'buyer.email',
      'buyer.company',
      'buyer.vatId',
      'buyer.legalForm',
      'buyer.billingAddress.country',
    ]);
  });

  it.each([
    ['the buyer', { ...BUYER, customerNumber: 'C9' }, undefined],
    ['the order', BUYER, 'net90'],
  ])('is not opened without a payment term of %s', async (_whose, buyer, term) => {
    const { status, body } = await infinitepay.start({ buyer, term });
    expect([status, body.code]).toEqual([422, 'no-payment-term']);
  });

  it.each([
    ['a card’s token', { paymentToken: 'pm_card_visa' }],
    ['a capture', { capture: 'automatic' }],
    ['a due date', { dueOn: '2030-01-31' }],
    ['a fraction of the smallest coin', { amount: { amountMinor: 10.5, currency: 'EUR' } }],
  ])('is not opened with %s', async (_what, terms) => {
    const { status, body } = await infinitepay.start(terms);
    expect([status, body.code]).toEqual([422, 'invalid-request']);
  });

  it('leaves nothing behind where it is refused', async () => {
    const { rows: before } = await holdfast.pool.query('select id from payments');
    await infinitepay.start({ buyer: without('vatId') });
    const { rows: after } = await holdfast.pool.query('select id from payments');
    expect(after).toEqual(before);
  });

  it.each([
    ['EUR', 105_000, 105_000],
    ['JPY', 1_050, 105_000],
    ['KWD', 10_500, 1_050],
  ])('reserves %s %d in hundredths, whatever its coins are', async (currency, minor, sent) => {
    const { body } = await infinitepay.start({ amount: { amountMinor: minor, currency } });
    expect(body.status).toBe('reserved');
    expect(await infinitepay.moved(body)).toEqual([`reserve ${sent}`]);
    expect(body.amounts).toMatchObject({ currency, authorized: minor });
  });

  it('tells InfinitePay of the shipping, the discounts, the net sum and the company’s owner', async () => {
    const { body } = await infinitepay.start({
      items: [{ title: 'Desk', quantity: 2, unitPriceMinor: 52_500, unitNetMinor: 44_118 }],
      shipping: { amountMinor: 1_190, netMinor: 1_000 },
      discounts: [{ title: 'Spring', amountMinor: 1_190 }],
      shippingAddress: { name: 'Max Muster', city: 'Wien', country: 'AT' },
      company: { owner: { firstName: 'Erika', lastName: 'Muster' } },
    });
    expect(body.status).toBe('reserved');
    const requests = (await infinitepay.simulate('requests')) as { body: string }[];
    const orderId = String(body.details?.['orderId']);
    const sent = requests.find((one) => one.body.includes(`<ORDER_ID>${orderId}<`))?.body ?? '';
    const told = (name: string) => new RegExp(`<${name}>([^<]*)<`).exec(sent)?.[1];
    expect(['TRS_AMT_GROSS', 'SHIPPING_PRICE_GROSS', 'SHIPPING_PRICE_NET'].map(told)).toEqual([
      String(TOTAL),
      '1190',
      '1000',
    ]);
    expect([told('RABATE_GROSS'), told('RABATE_NET')]).toEqual(['1190', '1000']);
    expect(told('TRS_AMT_NET')).toBe(String(2 * 44_118));
    expect(['OWNER_FS_NAME', 'OWNER_LS_NAME', 'DD_NAME_FS', 'DD_COUNTRY'].map(told)).toEqual([
      'Erika',
      'Muster',
      'Max',
      'AUT',
    ]);
  });

  it('is parked, and not declined, where an amount cannot be told in hundredths', async () => {
    const { body } = await infinitepay.start({ amount: { amountMinor: 10_501, currency: 'KWD' } });
    expect([body.code ?? body.status, body.decline ?? null]).not.toContain('declined');
    expect(body.amounts?.authorized ?? 0).toBe(0);
  });

  it('is the same payment however often it is asked for under one key', async () => {
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => infinitepay.start({ source: SOURCE }, key)),
    );
    const [first] = answers;
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    const again = await infinitepay.start({ source: SOURCE }, key);
    expect(again.body).toEqual(await holdfast.get(first!.body.id));
    expect(await infinitepay.moved(again.body)).toEqual([`reserve ${TOTAL}`]);
  });

  it('a second payment for the same order number is possible', async () => {
    const [one, two] = await Promise.all([
      infinitepay.start({ source: SOURCE }),
      infinitepay.start({ source: SOURCE }),
    ]);
    expect([one.body.status, two.body.status]).toEqual(['reserved', 'reserved']);
    expect(one.body.details?.['orderId']).not.toBe(two.body.details?.['orderId']);
    expect(one.body.details?.['orderId']).toMatch(/^S-17-/);
  });
});

const SOURCE = { kind: 'order', number: 'S-17' };
