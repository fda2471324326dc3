import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTOMATIC, DAY_MS, simulatorClient, type Body } from './infinitepay-simulator.client.ts';

let infinitepay: ReturnType<typeof simulatorClient>;
beforeEach(async () => {
  infinitepay = simulatorClient({ claimAfterDays: 30 });
  await infinitepay.reserve('A-1', { ...AUTOMATIC, amount: '1000' });
});
afterEach(() => infinitepay.simulator.close());

const state = async () => (await infinitepay.check('A-1'))['RESPONSE_DATA'].ADD_INFO as string;
const codeOf = (answer: Body) => answer['ERROR_DATA']?.ERROR.ERROR_CD as string | undefined;
/** What came after the reservation with both flags. */
const later = async () => (await infinitepay.movements()).slice(3);

describe('a guarantee', () => {
  it('is overdue when the due day is over, and is paid by InfinitePay thirty days later', async () => {
    await infinitepay.advance(14 * DAY_MS);
    expect(await state()).toBe('guaranteed');
    await infinitepay.advance(DAY_MS);
    expect(await state()).toBe('overdue');
    await infinitepay.advance(30 * DAY_MS);
    expect(await state()).toBe('claimed');
    expect(await later()).toEqual(['claim 1000']);
    expect(await infinitepay.blocked()).toBe(1000);
  });

  it('takes both steps at once when nobody looked meanwhile', async () => {
    await infinitepay.advance(400 * DAY_MS);
    expect(await state()).toBe('claimed');
    expect(await later()).toEqual(['claim 1000']);
  });

  it('is overdue only after the days of grace', async () => {
    await infinitepay.reserve('A-2', { order: { AUTO_CAPTURE: '1' } });
    await infinitepay.activate('A-2', { DELAY_IN_DAYS: '7' });
    await infinitepay.advance(21 * DAY_MS);
    expect(infinitepay.simulator.state.orders.get('A-2')?.state).toBe('guaranteed');
    await infinitepay.advance(DAY_MS);
    expect(infinitepay.simulator.state.orders.get('A-2')?.state).toBe('overdue');
  });

  it('of half the amount pays that half', async () => {
    const email = 'buyer+half-guaranteed@example.com';
    const answer = await infinitepay.reserve('A-2', { ...AUTOMATIC, email, amount: '333' });
    expect(answer['RESPONSE_DATA'].GUAR_AMT).toBe('166');
    await infinitepay.apply('A-2', '200');
    await infinitepay.advance(400 * DAY_MS);
    expect((await infinitepay.movements()).filter((one) => one.startsWith('claim'))).toEqual([
      'claim 1000',
      'claim 133',
    ]);
  });
});

describe('applyTransactionOnActivatedOrder', () => {
  it('tells of the money in parts, frees the limit, and answers with the transaction', async () => {
    const part = await infinitepay.apply('A-1', '400', {
      TRS_TYPE: 'T',
      ACCOUNTING_DT: '20261121',
    });
    expect(part).toMatchObject({
      RESPONSE_DATA: { STATUS: '1', GUAR_AMT: '600', ADD_INFO: 'guaranteed' },
      TRS_AMT: '400',
      TRS_CURRENCY: 'EUR',
      TRS_TYPE: 'T',
      ACCOUNTING_DT: '20261121',
    });
    expect(await infinitepay.blocked()).toBe(600);
    await infinitepay.apply('A-1', '600');
    expect(await state()).toBe('paid');
    expect(await infinitepay.blocked()).toBe(0);
    await infinitepay.advance(400 * DAY_MS);
    expect(await state()).toBe('paid');
    expect(await later()).toEqual(['paid 400', 'release 400', 'paid 600', 'release 600']);
  });

  it('also ends an order that is overdue', async () => {
    await infinitepay.advance(15 * DAY_MS);
    await infinitepay.apply('A-1', '1000');
    expect(await state()).toBe('paid');
  });

  it('counts a transaction that is told twice twice, but never more than is open', async () => {
    const twice = { DOC_ID: 'bank-1' };
    await infinitepay.apply('A-1', '400', twice);
    await infinitepay.apply('A-1', '400', twice);
    expect(codeOf(await infinitepay.apply('A-1', '400', twice))).toBe('SIM_AMOUNT');
    expect(await infinitepay.blocked()).toBe(200);
  });

  it('refuses other currencies, malformed amounts and orders without a guarantee', async () => {
    expect(codeOf(await infinitepay.apply('A-1', '1', { TRS_CURRENCY: 'USD' }))).toBe(
      'SIM_CURRENCY',
    );
    expect(codeOf(await infinitepay.apply('A-1', '4.00'))).toBe('SIM_INVALID');
    await infinitepay.reserve('A-2', { amount: '1000' });
    expect(codeOf(await infinitepay.apply('A-2', '1'))).toBe('SIM_STATE');
    expect(await later()).toEqual(['reserve 1000']);
  });
});

describe('what a buyer’s e-mail asks for', () => {
  const wish = (words: string, more = {}) => ({ email: `buyer+${words}@example.com`, ...more });
  const data = (answer: Body) => answer['RESPONSE_DATA'] as Record<string, string>;

  it('denies a reservation without blocking anything', async () => {
    const answer = await infinitepay.reserve('B', wish('reserve-denied', { vatId: 'DE2' }));
    expect(data(answer)).toMatchObject({ STATUS: '0', ADD_INFO: 'denied' });
    expect(await later()).toEqual([]);
  });

  it('denies the first activation only, and blocks the limit until the second', async () => {
    await infinitepay.reserve('B', wish('activation-denied-once', AUTOMATIC));
    expect(data(await infinitepay.check('B'))).toMatchObject({ ADD_INFO: 'guarantee_denied' });
    expect(data(await infinitepay.activate('B'))).toMatchObject({ STATUS: '1' });
  });

  it('denies a capture and leaves the order reserved', async () => {
    await infinitepay.reserve('B', wish('capture-denied'));
    expect(data(await infinitepay.capture('B'))).toMatchObject({
      STATUS: '0',
      ADD_INFO: 'reserved',
    });
    expect(data(await infinitepay.cancel('B'))).toMatchObject({ STATUS: '1' });
    const both = await infinitepay.reserve('C', wish('capture-denied', AUTOMATIC));
    expect(data(both)).toMatchObject({ STATUS: '1', ADD_INFO: 'reserved' });
    expect(codeOf(both)).toBe('SIM_DENIED');
  });

  it('denies cancelOrder and leaves it to the portal', async () => {
    await infinitepay.reserve('B', wish('cancel-denied'));
    expect(data(await infinitepay.cancel('B'))).toMatchObject({
      STATUS: '0',
      ADD_INFO: 'reserved',
    });
    expect((await infinitepay.portal('cancel', { ref: 'B' })).body['state']).toBe('cancelled');
  });

  it.each(['reserve', 'modify', 'capture', 'activate', 'cancel', 'inquire', 'apply'] as const)(
    'answers %s with a SOAP fault and does nothing',
    async (operation) => {
      const before = infinitepay.reserve('B', wish(`fault-${operation}`));
      if (operation === 'reserve') {
        await expect(before).rejects.toThrow('soap:Server');
        expect(await later()).toEqual([]);
        return;
      }
      await before;
      const calls = {
        modify: () => infinitepay.modify('B', { TRS_AMT_GROSS: '1' }),
        capture: () => infinitepay.capture('B'),
        activate: () => infinitepay.activate('B'),
        cancel: () => infinitepay.cancel('B'),
        inquire: () => infinitepay.check('B'),
        apply: () => infinitepay.apply('B', '1'),
      };
      await expect(calls[operation]()).rejects.toThrow('soap:Server');
      expect(await later()).toEqual(['reserve 119000']);
    },
  );

  it('makes answers late though all is done at once', async () => {
    let isAnswered = false;
    void infinitepay.reserve('B', wish('slow')).then(() => (isAnswered = true));
    await expect.poll(later).toEqual(['reserve 119000']);
    expect(isAnswered).toBe(false);
  });
});
