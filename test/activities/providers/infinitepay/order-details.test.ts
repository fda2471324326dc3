/** What checkout told of an order beyond its amount, as InfinitePay is told it. */
import { XMLParser } from 'fast-xml-parser';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { totalsOf } from '../../../../activities/providers/infinitepay/totals.ts';
import type { OrderRequest } from '../../../../activities/providers/order-details.ts';
import { AMOUNT_MINOR, effectOf, openStage, type Stage, termsOf } from './adapter.stage.ts';

type Body = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- XML is asserted on
const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false });

const DESK = { title: 'Desk', quantity: 2, unitPriceMinor: 59_500, taxRateBasisPoints: 1900 };
const BOOK = { title: 'Book', quantity: 3, unitPriceMinor: 1_070, unitNetMinor: 1_000 };
const totals = (order: Partial<OrderRequest>, amountMinor: number, currency = 'EUR') =>
  totalsOf({ items: [], discounts: [], ...order }, amountMinor, currency);
const off = (...amounts: number[]) =>
  amounts.map((amountMinor) => ({ title: 'Discount', amountMinor }));

describe('the sums of an order', () => {
  it('are those of its lines and its shipping, with taxes and before them', () => {
    const shipping = { amountMinor: 1_190, netMinor: 1_000 };
    expect(totals({ items: [DESK, BOOK], shipping }, 119_000 + 3_210 + 1_190)).toEqual({
      RABATE_GROSS: '0',
      RABATE_NET: '0',
      SHIPPING_PRICE_GROSS: '1190',
      SHIPPING_PRICE_NET: '1000',
      TRS_AMT_NET: String(100_000 + 3_000 + 1_000),
    });
  });

  it('take the net of shipping from its tax where that is what is known, and nothing without', () => {
    const shipped = (shipping: OrderRequest['shipping']) => totals({ shipping }, 119_000);
    expect(shipped({ amountMinor: 1_190, taxRateBasisPoints: 1900 })).toMatchObject({
      SHIPPING_PRICE_GROSS: '1190',
      SHIPPING_PRICE_NET: '1000',
    });
    expect(shipped({ amountMinor: 0, taxRateBasisPoints: 0 })).toMatchObject({
      SHIPPING_PRICE_GROSS: '0',
      SHIPPING_PRICE_NET: '0',
    });
    expect(shipped({ amountMinor: 1_190 })).toMatchObject({
      SHIPPING_PRICE_GROSS: '1190',
      SHIPPING_PRICE_NET: undefined,
    });
    expect(shipped(undefined)).toMatchObject({
      SHIPPING_PRICE_GROSS: undefined,
      SHIPPING_PRICE_NET: undefined,
    });
  });

  it('share a discount between all that is bought', () => {
    const discounts = off(10_000, 1_900);
    expect(totals({ items: [DESK], discounts }, 107_100)).toMatchObject({
      RABATE_GROSS: '11900',
      RABATE_NET: '10000',
      TRS_AMT_NET: '90000',
    });
    const mixed = { items: [DESK, BOOK], discounts: off(12_221) };
    expect(totals(mixed, 109_989)).toMatchObject({ RABATE_NET: '10300', TRS_AMT_NET: '92700' });
  });

  it('tax the cents by which lines that were rounded differ from the amount', () => {
    const third = { title: 'Third', quantity: 3, unitPriceMinor: 397, taxRateBasisPoints: 1900 };
    expect(totals({ items: [third] }, 1_190)).toMatchObject({ TRS_AMT_NET: '1000' });
  });

  it.each<[string, Partial<OrderRequest>]>([
    ['a line', { items: [DESK, { title: 'Pen', quantity: 1, unitPriceMinor: 100 }] }],
    ['the shipping', { items: [DESK], shipping: { amountMinor: 500 } }],
    ['anything', {}],
  ])('have no net when that of %s is not known', (_what, order) => {
    const told = totals({ ...order, discounts: off(100) }, 119_000);
    expect(told).toMatchObject({
      RABATE_GROSS: '100',
      RABATE_NET: undefined,
      TRS_AMT_NET: undefined,
    });
  });

  it('are hundredths in every currency, and left out where they would be rounded', () => {
    const item = { title: 'Desk', quantity: 1, unitPriceMinor: 1_190, unitNetMinor: 1_000 };
    expect(totals({ items: [item] }, 1_190, 'JPY')).toMatchObject({ TRS_AMT_NET: '100000' });
    expect(totals({ items: [item] }, 1_190, 'KWD')).toMatchObject({ TRS_AMT_NET: '100' });
    const odd = { ...item, unitNetMinor: 1_001 };
    const shipping = { amountMinor: 1_195, netMinor: 1_000 };
    expect(totals({ items: [odd], shipping }, 2_390, 'KWD')).toEqual({
      RABATE_GROSS: '0',
      RABATE_NET: '0',
      SHIPPING_PRICE_GROSS: undefined,
      SHIPPING_PRICE_NET: '100',
      TRS_AMT_NET: undefined,
    });
  });

  it('never lose a cent between the net, the discount’s net and the lines’ net', () => {
    const line = fc.record({
      title: fc.constant('Line'),
      quantity: fc.integer({ min: 1, max: 1_000_000 }),
      unitPriceMinor: fc.integer({ min: 1, max: 999_999_999_999 }),
      taxRateBasisPoints: fc.integer({ min: 0, max: 10_000 }),
    });
    fc.assert(
      fc.property(fc.array(line, { minLength: 1, maxLength: 5 }), fc.nat(1_000), (items, less) => {
        const gross = items.reduce((sum, one) => sum + one.quantity * one.unitPriceMinor, 0);
        fc.pre(Number.isSafeInteger(gross) && gross > less);
        const whole = totals({ items }, gross);
        const reduced = totals({ items, discounts: off(less) }, gross - less);
        const [net, rest, share] = [
          whole['TRS_AMT_NET'],
          reduced['TRS_AMT_NET'],
          reduced['RABATE_NET'],
        ];
        expect(BigInt(rest as string) + BigInt(share as string)).toBe(BigInt(net as string));
      }),
    );
  });
});

describe('a reservation', () => {
  let stage: Stage;
  beforeEach(async () => {
    stage = await openStage();
  });
  afterEach(() => stage.close());

  async function reserved(order: Partial<OrderRequest>): Promise<Body> {
    const terms = { reserve: { ...termsOf().reserve, ...order }, invoice: null };
    const outcome = await stage.provider.perform(effectOf('reserve'), terms, stage.call());
    expect(outcome).toMatchObject({ kind: 'approved' });
    const { Envelope } = parser.parse((await stage.bodies()).at(-1)!) as Body;
    return Envelope.Body.reserveOrder.REQUEST as Body;
  }

  it('says what checkout knows of shipping, discounts and the net', async () => {
    const request = await reserved({
      items: [DESK],
      shipping: { amountMinor: 1_190, taxRateBasisPoints: 1900 },
      discounts: off(1_190),
    });
    expect(request['ORDER_DATA']).toMatchObject({
      TRS_AMT_GROSS: String(AMOUNT_MINOR),
      TRS_AMT_NET: '100000',
      SHIPPING_PRICE_GROSS: '1190',
      SHIPPING_PRICE_NET: '1000',
      RABATE_GROSS: '1190',
      RABATE_NET: '1000',
    });
  });

  it('says who owns the company', async () => {
    const owned = async (owner: { firstName?: string; lastName: string }) =>
      (await reserved({ company: { owner } }))['DEBTOR_DATA'].COMPANY_DATA as Body;
    const erika = { OWNER_FS_NAME: 'Erika', OWNER_LS_NAME: 'Muster' };
    expect(await owned({ firstName: 'Erika', lastName: 'Muster' })).toMatchObject(erika);
  });

  it('goes to the billing address where no other is known', async () => {
    const request = await reserved({});
    expect(request['SHIPPING_DATA']).toEqual({ USE_BILL_DATA: '1' });
    expect(request['DEBTOR_DATA'].COMPANY_DATA).not.toHaveProperty('OWNER_LS_NAME');
  });

  it.each([
    [{ name: 'Max M. Muster' }, { DD_NAME_FS: 'Max M.', DD_NAME_LS: 'Muster' }],
    [{ name: 'Max', company: 'Lager GmbH' }, { DD_NAME_LS: 'Max' }],
    [{ company: 'Lager GmbH' }, { DD_NAME_LS: 'Lager GmbH' }],
    [{}, {}],
  ])('goes to another address and %j', async (name, names) => {
    const shippingAddress = {
      ...name,
      street: 'Weg',
      houseNumber: '1 b',
      postalCode: '1010',
      city: 'Wien',
      country: 'AT',
    };
    expect((await reserved({ shippingAddress }))['SHIPPING_DATA']).toEqual({
      ...names,
      DD_SALUT: 'na',
      DD_STREET: 'Weg',
      DD_STREET_NR: '1 b',
      DD_ZIP: '1010',
      DD_CITY: 'Wien',
      DD_COUNTRY: 'AUT',
      USE_BILL_DATA: '0',
    });
  });
});
