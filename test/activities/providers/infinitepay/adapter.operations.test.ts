import { XMLParser } from 'fast-xml-parser';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { effectOf, INVOICE, openStage, ORDER_ID, type Stage, termsOf } from './adapter.stage.ts';

let stage: Stage;
beforeEach(async () => {
  stage = await openStage();
});
afterEach(() => stage.close());

type Body = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- XML is asserted on
const parser = new XMLParser({
  ignoreAttributes: false,
  parseTagValue: false,
  processEntities: true,
});
/** REQUEST of the last call, as any XML parser reads it. */
async function lastRequest(operation: string): Promise<Body> {
  const envelope = parser.parse((await stage.bodies()).at(-1)!)['soap:Envelope'] as Body;
  return envelope['soap:Body'][`ip:${operation}`].REQUEST as Body;
}
const compact = (date: string) => date.replaceAll('-', '');

describe('an order that goes well', () => {
  it('is reserved, changed, captured, activated and paid, each by its own call', async () => {
    const outcomes = [
      await stage.perform('reserve'),
      await stage.perform('modify'),
      await stage.perform('capture', { amountMinor: 100_000 }),
      await stage.perform('activate', { amountMinor: 100_000 }),
      await stage.perform('apply', { amountMinor: 40_000 }),
      await stage.perform('apply', { amountMinor: 60_000 }),
    ];
    expect(outcomes).toMatchObject([
      { kind: 'approved', guaranteedMinor: 0, providerRef: expect.stringMatching(/./) },
      { kind: 'approved', guaranteedMinor: 0 },
      { kind: 'approved', guaranteedMinor: 0 },
      { kind: 'approved', guaranteedMinor: 100_000 },
      { kind: 'approved', guaranteedMinor: 60_000 },
      { kind: 'approved', guaranteedMinor: 0 },
    ]);
    expect(await stage.look()).toMatchObject({ kind: 'seen', picture: { stage: 'paid' } });
    expect((await stage.bodies()).join(' ')).not.toMatch(/AUTO_\w+>1</);
  });

  it('is cancelled, and then stands no more', async () => {
    await stage.perform('reserve');
    expect(await stage.look()).toMatchObject({ picture: { stands: true, stage: 'reserved' } });
    expect(await stage.perform('cancel')).toMatchObject({ kind: 'approved' });
    expect(await stage.look()).toMatchObject({
      kind: 'seen',
      picture: { stands: false, stage: 'cancelled', guaranteedMinor: 0 },
    });
  });

  it('is absent before it is reserved', async () => {
    expect(await stage.look()).toEqual({
      kind: 'absent',
      reason: expect.stringContaining('ord_1'),
    });
  });

  it('is found by its reference and its id together', async () => {
    const reserved = await stage.perform('reserve');
    const providerRef = reserved.kind === 'approved' ? reserved.providerRef : '';
    expect(await stage.perform('capture', { providerRef })).toMatchObject({ kind: 'approved' });
    expect(await lastRequest('captureOrder')).toMatchObject({
      ORDER_DATA: { ORDER_ID, REF_NO: providerRef, TRS_AMT_GROSS: '119000', TRS_CURRENCY: 'EUR' },
    });
  });

  it('is not captured over another amount than it has there', async () => {
    await stage.perform('reserve');
    expect(await stage.perform('capture', { amountMinor: 118_999 })).toMatchObject({
      kind: 'declined',
    });
  });
});

describe('a request', () => {
  it('says who buys, what and how, by InfinitePay’s names', async () => {
    await stage.perform('reserve');
    const request = await lastRequest('reserveOrder');
    expect(request.ORDER_DATA.TRS_DT).toMatch(/^\d{8} \d{6}$/);
    expect({ ...request, ORDER_DATA: { ...request.ORDER_DATA, TRS_DT: '' } }).toEqual({
      CLIENT_DATA: { CLIENT_REF: 'HOLDFAST-SIM', SECURITY_CD: expect.any(String) },
      ORDER_DATA: {
        ORDER_ID,
        TRS_AMT_GROSS: '119000',
        TRS_AMT_NET: '100000',
        TRS_CURRENCY: 'EUR',
        PAY_TYPE: '1',
        TRS_DT: '',
        TERMS_ACCEPTED: '1',
        TOTAL_GROSS_CALC_METHOD: '3',
        RABATE_GROSS: '0',
        RABATE_NET: '0',
        AUTO_CAPTURE: '0',
        AUTO_ACTIVATE: '0',
      },
      DEBTOR_DATA: {
        COMPANY_DATA: { COMPANY_NAME: 'Muster & Söhne <GmbH>', COM_ID_VAT: 'DE136695976' },
        COM_OR_PER: 'gmbh',
        BD_EMAIL: 'buyer@example.com',
        BD_SALUT: 'na',
        BD_NAME_FS: 'Erika Maria',
        BD_NAME_LS: 'Muster',
        BD_STREET: 'Alte Straße',
        BD_STREET_NR: '7',
        BD_ZIP: '10115',
        BD_CITY: 'Berlin',
        BD_COUNTRY: 'DEU',
        BD_TEL: '+49 30 123',
        DB_NEW: '1',
        NEG_PAY_HIST: '0',
      },
      ARTICLES: {
        ARTICLE: {
          ARTICLE_ID: 'D-1',
          ARTICLE_NAME: 'Desk',
          ARTICLE_QUANTITY: '2',
          ARTICLE_PRICE_NET: '50000',
          ARTICLE_PRICE_GROSS: '59500',
          ARTICLE_VAT_PERC: '1900',
        },
      },
      SHIPPING_DATA: { USE_BILL_DATA: '1' },
    });
  });

  it('gives each article what is known of it, and no price that would have to be rounded', async () => {
    const desk = { title: 'Desk', quantity: 1, unitPriceMinor: 10_005 };
    const items = [
      desk,
      { ...desk, unitNetMinor: 8_000 },
      { ...desk, taxRateBasisPoints: 700 },
      { ...desk, taxRateBasisPoints: 0 },
    ];
    const reserve = { ...termsOf().reserve, items };
    const pricesIn = async (currency: string): Promise<unknown[]> => {
      const effect = effectOf('reserve', { currency, orderId: currency });
      await stage.provider.perform(effect, { reserve, invoice: null }, stage.call());
      const { ARTICLE } = (await lastRequest('reserveOrder')).ARTICLES;
      return (ARTICLE as Body[]).map((one): unknown[] => [
        one['ARTICLE_PRICE_GROSS'],
        one['ARTICLE_PRICE_NET'],
      ]);
    };
    expect(await pricesIn('EUR')).toEqual([
      ['10005', undefined],
      ['10005', '8000'],
      ['10005', '9350'],
      ['10005', '10005'],
    ]);
    expect(await pricesIn('KWD')).toEqual([
      [undefined, undefined],
      [undefined, '800'],
      [undefined, undefined],
      [undefined, undefined],
    ]);
    expect(await pricesIn('JPY')).toContainEqual(['1000500', '935047']);
  });

  it('gives an activation its invoice, with the days between its dates', async () => {
    await stage.prepare('activate');
    await stage.perform('activate');
    expect((await lastRequest('activateOrder')).INVOICE_DATA).toEqual({
      INVOICE_ID: 'INV-1',
      INVOICE_DATE: compact(INVOICE.invoicedOn),
      DUE_DATE: compact(INVOICE.dueOn),
      PAYMENT_TERMS: '30',
      DELAY_IN_DAYS: '0',
      DELIVERY_DATE: compact(INVOICE.deliveryOn),
    });
  });

  it('gives an application its receipt, and nothing that is not known', async () => {
    await stage.prepare('apply');
    await stage.perform('apply');
    const day = compact(INVOICE.invoicedOn);
    const known = { TRS_AMT: '19000', TRS_CURRENCY: 'EUR', DOC_ID: 'INV-1' };
    const operation = 'applyTransactionOnActivatedOrder';
    expect((await lastRequest(operation)).TRANSACTION_DATA).toEqual({
      ...known,
      ACCOUNTING_DT: day,
      VALUE_DT: day,
      COMMENT: 'RF18',
    });
    await stage.perform('apply', { reference: null, receivedOn: null });
    expect((await lastRequest(operation)).TRANSACTION_DATA).toEqual(known);
  });

  it('stays one line of XML whatever a buyer is called', async () => {
    const company = 'A\n\u0000"B"\u2028\uD800 & <ORDER_DATA>';
    const effect = effectOf('reserve');
    const terms = termsOf('buyer@example.com', { company });
    const outcome = await stage.provider.perform(effect, terms, stage.call());
    expect(outcome).toMatchObject({ kind: 'approved' });
    expect((await stage.bodies()).at(-1)).not.toMatch(/\n/);
    const { COMPANY_NAME } = (await lastRequest('reserveOrder')).DEBTOR_DATA.COMPANY_DATA;
    expect(COMPANY_NAME).toBe('A "B"  & <ORDER_DATA>');
  });

  it('is refused here, and nothing sent, when its amount would have to be rounded', async () => {
    const outcome = await stage.perform('reserve', { amountMinor: 10_001, currency: 'KWD' });
    expect(outcome).toMatchObject({ kind: 'refused', reason: expect.stringContaining('steps') });
    expect(stage.kept).toEqual([]);
  });

  it('is refused here when an activation has no invoice', async () => {
    const effect = effectOf('activate');
    const terms = { ...termsOf(), invoice: null };
    const outcome = await stage.provider.perform(effect, terms, stage.call());
    expect(outcome).toMatchObject({ kind: 'refused' });
    expect(await stage.bodies()).toEqual([]);
  });
});
