import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTOMATIC, day, simulatorClient } from './infinitepay-simulator.client.ts';

let infinitepay: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  infinitepay = simulatorClient({ limitMinor: 200_000 });
});
afterEach(() => infinitepay.simulator.close());

const yes = (state: string, more = {}) => ({
  RESPONSE_DATA: { STATUS: '1', ADD_INFO: state, ...more },
});
const no = (code: string, state: string) => ({
  RESPONSE_DATA: { STATUS: '0', ADD_INFO: state },
  ERROR_DATA: { ERROR: { ERROR_CD: code, ERROR_MSG: expect.any(String) } },
});

describe('reserveOrder', () => {
  it('blocks the limit and answers with the references of the order and the debtor', async () => {
    const answer = await infinitepay.reserve('A-1');
    expect(answer).toEqual({
      REQUEST_ID: expect.stringMatching(/^\d+$/),
      RESPONSE_DATA: {
        STATUS: '1',
        REF_NO: expect.stringMatching(/^\d+$/),
        ORDER_ID: 'A-1',
        GUAR_AMT: '0',
        DB_ID: expect.stringMatching(/^\d+$/),
        ADD_INFO: 'reserved',
      },
    });
    expect(await infinitepay.blocked()).toBe(119_000);
    const { REF_NO: ref } = answer['RESPONSE_DATA'];
    expect(await infinitepay.ledger()).toMatchObject([
      { kind: 'reserve', ref, amountMinor: 119_000, currency: 'EUR', key: null },
    ]);
  });

  it('is denied beyond the limit, blocks nothing then, and may be tried again for less', async () => {
    await infinitepay.reserve('A-1');
    expect(await infinitepay.reserve('A-2')).toMatchObject(no('SIM_LIMIT', 'denied'));
    expect(await infinitepay.blocked()).toBe(119_000);
    const less = await infinitepay.reserve('A-2', { amount: '81000' });
    expect(less).toMatchObject(yes('reserved'));
    expect(await infinitepay.blocked()).toBe(200_000);
  });

  it('keeps one limit for one VAT id, however it is written', async () => {
    await infinitepay.reserve('A-1');
    const again = await infinitepay.reserve('A-2', { vatId: 'de 123.456.789' });
    expect(again).toMatchObject(no('SIM_LIMIT', 'denied'));
    expect(await infinitepay.reserve('A-3', { vatId: 'DE2' })).toMatchObject(yes('reserved'));
  });

  it('refuses an ORDER_ID that is in use, and blocks nothing more', async () => {
    await infinitepay.reserve('A-1', { amount: '1000' });
    const again = await infinitepay.reserve('A-1', { amount: '1000' });
    expect(again).toMatchObject(no('SIM_ORDER_EXISTS', 'reserved'));
    await infinitepay.cancel('A-1');
    const late = await infinitepay.reserve('A-1', { amount: '1000' });
    expect(late).toMatchObject(no('SIM_ORDER_EXISTS', 'cancelled'));
    expect(await infinitepay.movements()).toEqual(['reserve 1000', 'cancel 1000', 'release 1000']);
  });

  it('captures in the same call with AUTO_CAPTURE', async () => {
    const answer = await infinitepay.reserve('A-1', { order: { AUTO_CAPTURE: '1' } });
    expect(answer).toMatchObject(yes('captured', { GUAR_AMT: '0' }));
    expect(await infinitepay.movements()).toEqual(['reserve 119000', 'capture 119000']);
  });

  it('guarantees in the same call with both flags', async () => {
    const answer = await infinitepay.reserve('A-1', AUTOMATIC);
    expect(answer).toMatchObject(yes('guaranteed', { GUAR_AMT: '119000' }));
    expect(await infinitepay.movements()).toEqual([
      'reserve 119000',
      'capture 119000',
      'activate 119000',
    ]);
  });

  it('hides a denied activation behind STATUS 1 when all three steps are one call', async () => {
    const email = 'buyer+activation-denied@example.com';
    const answer = await infinitepay.reserve('A-1', { ...AUTOMATIC, email });
    expect(answer).toMatchObject({
      RESPONSE_DATA: { STATUS: '1', GUAR_AMT: '0', ADD_INFO: 'guarantee_denied' },
      ERROR_DATA: { ERROR: { ERROR_CD: 'SIM_DENIED' } },
    });
    expect(await infinitepay.blocked()).toBe(119_000);
  });

  it('tells all that is wrong at once and keeps no order', async () => {
    const answer = await infinitepay.reserve('A-1', {
      amount: '11.90',
      company: { COM_ID_VAT: '' },
      debtor: { BD_COUNTRY: 'DE', COM_OR_PER: 'GmbH' },
      order: { TERMS_ACCEPTED: '0', AUTO_ACTIVATE: '1', PAY_TYPE: '2' },
    });
    const errors = answer['ERROR_DATA'].ERROR as { ERROR_MSG: string }[];
    const messages = errors.map(({ ERROR_MSG: message }) => message);
    expect(messages).toMatchInlineSnapshot(`
      [
        "ORDER_DATA/PAY_TYPE has to be 1 (invoice).",
        "ORDER_DATA/TRS_AMT_GROSS has to be an amount in hundredths.",
        "ORDER_DATA/TERMS_ACCEPTED has to be 1: the buyer accepts the terms.",
        "DEBTOR_DATA/BD_COUNTRY has to be a country of ISO 3166-1 with three letters.",
        "DEBTOR_DATA/COM_OR_PER has to be one of the legal forms.",
        "COMPANY_DATA/COM_ID_VAT has to be the VAT id of the buyer.",
        "AUTO_ACTIVATE needs AUTO_CAPTURE.",
        "INVOICE_DATA/INVOICE_ID has to be the number of the invoice.",
        "INVOICE_DATA/INVOICE_DATE has to be a date like 20261120.",
        "INVOICE_DATA/DUE_DATE has to be a date like 20261120.",
        "INVOICE_DATA/DELIVERY_DATE has to be a date like 20261120.",
      ]
    `);
    expect(await infinitepay.check('A-1')).toMatchObject(no('SIM_ORDER_UNKNOWN', ''));
  });
});

describe('captureOrder', () => {
  it('deducts what was reserved, once', async () => {
    await infinitepay.reserve('A-1');
    const answer = await infinitepay.capture('A-1');
    expect(answer).toMatchObject({ ...yes('captured'), STATUS: '1', ORDER_ID: 'A-1' });
    expect(answer['REF_NO']).toBe(answer['RESPONSE_DATA'].REF_NO);
    expect(await infinitepay.capture('A-1')).toMatchObject(no('SIM_STATE', 'captured'));
    expect(await infinitepay.movements()).toEqual(['reserve 119000', 'capture 119000']);
    expect(await infinitepay.blocked()).toBe(119_000);
  });

  it('refuses another amount, another currency and the REF_NO of another order', async () => {
    await infinitepay.reserve('A-1');
    const refused = [{ TRS_AMT_GROSS: '1000' }, { TRS_CURRENCY: 'USD' }, { REF_NO: '1' }];
    const codes = [];
    for (const wish of refused) {
      codes.push((await infinitepay.capture('A-1', wish))['ERROR_DATA'].ERROR.ERROR_CD);
    }
    expect(codes).toEqual(['SIM_AMOUNT', 'SIM_CURRENCY', 'SIM_ORDER_UNKNOWN']);
    expect(await infinitepay.movements()).toEqual(['reserve 119000']);
  });
});

describe('activateOrder', () => {
  it('guarantees the amount and keeps the dates of invoice and delivery', async () => {
    await infinitepay.reserve('A-1');
    await infinitepay.capture('A-1');
    expect(await infinitepay.activate('A-1')).toMatchObject({
      ...yes('guaranteed', { GUAR_AMT: '119000' }),
      GUAR_AMT: '119000',
    });
    expect(infinitepay.simulator.state.orders.get('A-1')?.invoice).toEqual({
      invoiceId: 'INV-1',
      invoiceDate: day(0),
      dueDate: day(14),
      deliveryDate: day(3),
      delayInDays: 0,
    });
  });

  it('needs a captured order', async () => {
    await infinitepay.reserve('A-1');
    expect(await infinitepay.activate('A-1')).toMatchObject(no('SIM_STATE', 'reserved'));
  });

  it.each([
    ['a due date that is over', { DUE_DATE: day(-1), INVOICE_DATE: day(-9) }],
    ['an invoice due before it is issued', { DUE_DATE: day(4), INVOICE_DATE: day(5) }],
    ['a delivery after the due date', { DELIVERY_DATE: day(15) }],
    ['a day that does not exist', { DUE_DATE: '20270230' }],
  ])('denies the guarantee for %s, and the limit stays blocked', async (_what, invoice) => {
    await infinitepay.reserve('A-1', { order: { AUTO_CAPTURE: '1' } });
    const answer = await infinitepay.activate('A-1', invoice);
    expect(answer).toMatchObject(no('SIM_DENIED', 'guarantee_denied'));
    expect(await infinitepay.blocked()).toBe(119_000);
    expect(await infinitepay.activate('A-1')).toMatchObject(yes('guaranteed'));
  });

  it('changes nothing when the invoice is not complete', async () => {
    await infinitepay.reserve('A-1', { order: { AUTO_CAPTURE: '1' } });
    const answer = await infinitepay.activate('A-1', { DELIVERY_DATE: undefined });
    expect(answer).toMatchObject(no('SIM_INVALID', 'captured'));
  });
});

describe('modifyReservedOrder', () => {
  it('moves the difference, and only while the order is reserved', async () => {
    await infinitepay.reserve('A-1', { amount: '1000' });
    await infinitepay.modify('A-1', { TRS_AMT_GROSS: '1500' });
    await infinitepay.modify('A-1', { TRS_AMT_GROSS: '400' });
    await infinitepay.modify('A-1', { TRS_AMT_GROSS: '400' });
    expect(await infinitepay.movements()).toEqual(['reserve 1000', 'reserve 500', 'release 1100']);
    const tooMuch = await infinitepay.modify('A-1', { TRS_AMT_GROSS: '200001' });
    expect(tooMuch).toMatchObject(no('SIM_LIMIT', 'reserved'));
    await infinitepay.capture('A-1');
    const late = await infinitepay.modify('A-1', { TRS_AMT_GROSS: '500' });
    expect(late).toMatchObject(no('SIM_STATE', 'captured'));
    expect(await infinitepay.blocked()).toBe(400);
  });
});

describe('cancelOrder', () => {
  it('frees the limit of a reserved and of a captured order, once', async () => {
    await infinitepay.reserve('A-1');
    expect(await infinitepay.cancel('A-1')).toMatchObject(yes('cancelled'));
    expect(await infinitepay.cancel('A-1')).toMatchObject(no('SIM_STATE', 'cancelled'));
    await infinitepay.reserve('A-2', { order: { AUTO_CAPTURE: '1' } });
    expect(await infinitepay.cancel('A-2')).toMatchObject(yes('cancelled'));
    expect(await infinitepay.blocked()).toBe(0);
  });

  it('does not free the limit after a denied activation: that is for the portal', async () => {
    const email = 'buyer+activation-denied@example.com';
    await infinitepay.reserve('A-1', { ...AUTOMATIC, email });
    expect(await infinitepay.cancel('A-1')).toMatchObject(no('SIM_PORTAL', 'guarantee_denied'));
    expect(await infinitepay.blocked()).toBe(119_000);
    expect((await infinitepay.portal('cancel', { ref: 'A-1' })).status).toBe(200);
    expect(await infinitepay.blocked()).toBe(0);
    expect(await infinitepay.check('A-1')).toMatchObject(no('SIM_STATE', 'cancelled'));
  });

  it('does not take back a guarantee', async () => {
    await infinitepay.reserve('A-1', AUTOMATIC);
    expect(await infinitepay.cancel('A-1')).toMatchObject(no('SIM_STATE', 'guaranteed'));
  });
});

describe('checkStatusOrder', () => {
  it('tells by ORDER_ID alone whether an order stands, and changes nothing', async () => {
    expect(await infinitepay.check('A-1')).toMatchObject(no('SIM_ORDER_UNKNOWN', ''));
    const reserved = await infinitepay.reserve('A-1');
    const seen = await infinitepay.check('A-1');
    expect(seen['RESPONSE_DATA']).toEqual(reserved['RESPONSE_DATA']);
    await infinitepay.capture('A-1');
    await infinitepay.activate('A-1');
    expect(await infinitepay.check('A-1')).toMatchObject({
      ...yes('guaranteed'),
      GUAR_AMT: '119000',
    });
    expect(await infinitepay.movements()).toHaveLength(3);
  });

  it('tells a denied reservation from an order that never was', async () => {
    await infinitepay.reserve('A-1', { email: 'buyer+reserve-denied@example.com' });
    expect(await infinitepay.check('A-1')).toMatchObject(no('SIM_STATE', 'denied'));
  });
});
