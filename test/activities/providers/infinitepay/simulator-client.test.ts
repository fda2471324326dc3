/** Requests as the only public client makes them: OroInfinitePayBundle (30039cb), Action/Mapper, read 2026-12-01. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  BLOCK_NAMES,
  OPERATIONS,
  sequenceOfBlock,
  sequenceOfRequest,
} from './field-order.oracle.ts';
import {
  client,
  day,
  envelope,
  reservation,
  securityCode,
  simulatorClient,
  type Body,
  type Fields,
} from './infinitepay-simulator.client.ts';

let infinitepay: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  infinitepay = simulatorClient();
});
afterEach(() => infinitepay.simulator.close());

const TOTAL = {
  PAY_TYPE: '1',
  RABATE_GROSS: '0',
  RABATE_NET: '0',
  SHIPPING_PRICE_GROSS: '0',
  SHIPPING_PRICE_NET: '0',
  TERMS_ACCEPTED: '1',
  TRS_AMT_GROSS: '119000',
  TRS_AMT_NET: '100000',
  TRS_CURRENCY: 'EUR',
  TRS_DT: '20261201 120000',
  TOTAL_GROSS_CALC_METHOD: '3',
};
const INVOICE_DATA = {
  DELAY_IN_DAYS: '0',
  DELIVERY_DATE: day(3),
  DUE_DATE: day(30),
  INVOICE_DATE: day(0),
  INVOICE_ID: 'A-1',
  PAYMENT_TERMS: '30',
};
const reserve = (orderId: string) =>
  infinitepay.call('reserveOrder', {
    ...reservation(orderId, {
      order: { ...TOTAL, AUTO_CAPTURE: '0', AUTO_ACTIVATE: '0' },
      debtor: { DB_NEW: '1', NEG_PAY_HIST: '0', BD_SALUT: 'na', IP_ADD: '192.0.2.1', ISP: '' },
    }),
    BANK_DATA: {},
  });
const capture = (orderId: string) =>
  infinitepay.call('captureOrder', {
    CLIENT_DATA: client(orderId),
    ORDER_DATA: { ORDER_ID: orderId, ...TOTAL },
  });
const activate = (orderId: string, order: Fields = {}, code = securityCode(orderId)) =>
  infinitepay.call('activateOrder', {
    CLIENT_DATA: { ...client(orderId), SECURITY_CD: code },
    INVOICE_DATA,
    ORDER_DATA: { ...TOTAL, ...order },
  });
const apply = (orderId: string, more: Fields = {}) =>
  infinitepay.call('applyTransactionOnActivatedOrder', {
    CLIENT_DATA: client(orderId),
    ORDER_DATA: { ORDER_ID: orderId },
    ...more,
  });
const data = (answer: Body) => answer['RESPONSE_DATA'] as Record<string, string>;
const codeOf = (answer: Body) => answer['ERROR_DATA']?.ERROR.ERROR_CD as string | undefined;

describe('an activation without an ORDER_ID', () => {
  beforeEach(async () => {
    for (const orderId of ['A-0', 'A-1', 'A-2']) {
      await reserve(orderId);
      await capture(orderId);
    }
  });

  it('is of the order that SECURITY_CD is made of', async () => {
    const answer = await activate('A-1');
    expect(data(answer)).toMatchObject({ STATUS: '1', ORDER_ID: 'A-1', GUAR_AMT: '119000' });
    const states = [...infinitepay.simulator.state.orders.values()].map(({ state }) => state);
    expect(states).toEqual(['captured', 'guaranteed', 'captured']);
  });

  it('may say the REF_NO of that order, and of no other', async () => {
    const refOf = async (orderId: string) => data(await infinitepay.check(orderId))['REF_NO'];
    const other = await activate('A-1', { REF_NO: await refOf('A-2') });
    expect(codeOf(other)).toBe('SIM_ORDER_UNKNOWN');
    expect(data(await activate('A-1', { REF_NO: await refOf('A-1') }))['STATUS']).toBe('1');
  });

  it('is denied when its SECURITY_CD is that of no order, or of another secret', async () => {
    expect(data(await activate('A-9'))['STATUS']).toBe('0');
    expect(data(await activate('A-1', {}, securityCode('A-1', 'other')))['STATUS']).toBe('0');
    expect(data(await activate('A-1', {}, ''))['STATUS']).toBe('0');
    expect(data(await infinitepay.check('A-1'))['ADD_INFO']).toBe('captured');
  });
});

it('a reservation without an ORDER_ID is denied, also with the SECURITY_CD of an order', async () => {
  await reserve('A-1');
  const { ORDER_DATA, ...rest } = reservation('A-1') as { ORDER_DATA: Fields };
  const { ORDER_ID: _orderId, ...order } = ORDER_DATA;
  const answer = await infinitepay.call('reserveOrder', { ...rest, ORDER_DATA: order });
  expect(codeOf(answer)).toBe('SIM_INVALID');
  expect(await infinitepay.movements()).toEqual(['reserve 119000']);
});

describe('an application without TRANSACTION_DATA', () => {
  beforeEach(async () => {
    await reserve('A-1');
    await capture('A-1');
  });

  it('says that all that is open was paid', async () => {
    await activate('A-1');
    await infinitepay.apply('A-1', '19000');
    const answer = await apply('A-1');
    expect(data(answer)).toMatchObject({ STATUS: '1', ADD_INFO: 'paid', GUAR_AMT: '0' });
    expect(await infinitepay.movements()).toEqual(
      expect.arrayContaining(['paid 19000', 'paid 100000']),
    );
    expect(codeOf(await apply('A-1'))).toBe('SIM_STATE');
  });

  it('or with nothing in it is the same, and needs an activated order', async () => {
    expect(codeOf(await apply('A-1', { TRANSACTION_DATA: {} }))).toBe('SIM_STATE');
    await activate('A-1');
    const answer = await apply('A-1', { TRANSACTION_DATA: {} });
    expect(data(answer)).toMatchObject({ STATUS: '1', ADD_INFO: 'paid' });
  });
});

describe('a message whose elements are in another order', () => {
  const element = (name: string, content = '') => `<${name}>${content}</${name}>`;
  const send = async (operation: string, request: string) => {
    const call = `<ip:${operation} xmlns:ip="urn:x"><REQUEST>${request}</REQUEST></ip:${operation}>`;
    const { status, body } = await infinitepay.send(envelope(call));
    return [status, body['Fault']?.faultcode as unknown];
  };
  const swaps = (names: readonly string[]) =>
    names
      .slice(1)
      .map((_, at) => [...names.slice(0, at), names[at + 1]!, names[at]!, ...names.slice(at + 2)]);

  it.each(OPERATIONS)('gets a fault when two blocks of %s are swapped', async (operation) => {
    const blocks = sequenceOfRequest(operation);
    const sent = (order: readonly string[]) =>
      send(operation, order.map((name) => element(name)).join(''));
    expect(await sent(blocks)).toEqual([200, undefined]);
    for (const order of swaps(blocks)) expect(await sent(order)).toEqual([500, 'soap:Client']);
  });

  it.each(BLOCK_NAMES)('gets a fault when two fields of %s are swapped', async (name) => {
    const operation = OPERATIONS.find((one) =>
      sequenceOfRequest(one).includes(OUTER[name] ?? name),
    );
    const sent = (order: readonly string[]) => {
      const block = element(name, order.map((field) => element(field)).join(''));
      const outer = OUTER[name];
      return send(operation!, outer === undefined ? block : element(outer, block));
    };
    const fields = sequenceOfBlock(name);
    expect(await sent(fields)).toEqual([200, undefined]);
    for (const order of swaps(fields)) expect(await sent(order)).toEqual([500, 'soap:Client']);
  });
});

const OUTER: Readonly<Record<string, string>> = {
  COMPANY_DATA: 'DEBTOR_DATA',
  ARTICLE: 'ARTICLES',
};
