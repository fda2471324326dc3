import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { AUTOMATIC, DAY_MS, simulatorClient } from './infinitepay-simulator.client.ts';

let infinitepay: ReturnType<typeof simulatorClient>;
beforeEach(async () => {
  infinitepay = simulatorClient();
  const email = 'buyer+activation-denied@example.com';
  await infinitepay.reserve('A-1', { ...AUTOMATIC, email, amount: '1000' });
  await infinitepay.reserve('A-2', { ...AUTOMATIC, amount: '2000' });
});
afterEach(() => infinitepay.simulator.close());

const page = (path = '', action?: string) =>
  infinitepay.simulator.app.request(`/_pages/portal${path}`, {
    ...(action === undefined ? {} : { method: 'POST', body: new URLSearchParams({ action }) }),
  });

describe('the portal page', () => {
  it('lists the orders and says which one waits to be cancelled', async () => {
    const text = await (await page()).text();
    expect(text).toContain('EUR 10.00, Guarantee denied: cancel it here to free the limit');
    expect(text).toContain('EUR 20.00, Guaranteed (unpaid)');
  });

  it('cancels an order whose guarantee was denied, and frees the limit', async () => {
    expect(await infinitepay.blocked()).toBe(3000);
    const answer = await page('/orders/A-1', 'cancel');
    expect(answer.status).toBe(303);
    expect(await (await page('/orders/A-1')).text()).toContain('<strong>Cancelled</strong>');
    expect(await infinitepay.blocked()).toBe(2000);
    expect((await infinitepay.movements()).slice(-2)).toEqual(['cancel 1000', 'release 1000']);
  });

  it('does nothing twice, nothing unknown, and escapes what merchants send', async () => {
    await page('/orders/A-1', 'cancel');
    expect((await page('/orders/A-1', 'cancel')).status).toBe(409);
    expect((await page('/orders/A-2', 'explode')).status).toBe(400);
    expect((await page('/orders/A-3')).status).toBe(404);
    await infinitepay.reserve('<b>', { amount: '1' });
    expect(await (await page()).text()).not.toContain('<b>');
  });
});

describe('the portal over the admin plane', () => {
  it('takes the payment that InfinitePay saw on the bank account, whole or in part', async () => {
    const part = await infinitepay.portal('pay', { ref: 'A-2', amountMinor: 500 });
    expect(part.body).toMatchObject({ state: 'guaranteed', paidMinor: 500 });
    const whole = await infinitepay.portal('pay', { ref: part.body['refNo'] });
    expect(whole.body).toMatchObject({ state: 'paid', paidMinor: 2000 });
    expect(await infinitepay.blocked()).toBe(1000);
  });

  it('pays out a guarantee only when it is overdue', async () => {
    expect((await infinitepay.portal('claim', { ref: 'A-2' })).status).toBe(409);
    await infinitepay.advance(15 * DAY_MS);
    expect((await infinitepay.portal('claim', { ref: 'A-2' })).body['state']).toBe('claimed');
    expect((await infinitepay.movements()).at(-1)).toBe('claim 2000');
    expect((await infinitepay.portal('cancel', { ref: 'A-2' })).status).toBe(409);
  });

  it('cancels a guarantee as long as nothing was paid', async () => {
    await infinitepay.portal('pay', { ref: 'A-2', amountMinor: 500 });
    expect((await infinitepay.portal('cancel', { ref: 'A-2' })).status).toBe(409);
  });

  it('moves the limit of a debtor, also under what is blocked', async () => {
    const limit = { debtor: 'DE123456789', currency: 'EUR', limitMinor: 2500 };
    const { body } = await infinitepay.portal('limit', limit);
    expect(body['limits']).toEqual([{ currency: 'EUR', limitMinor: 2500, blockedMinor: 3000 }]);
    const refused = await infinitepay.reserve('A-3', { amount: '1' });
    expect(refused['ERROR_DATA'].ERROR.ERROR_CD).toBe('SIM_LIMIT');
    await infinitepay.portal('cancel', { ref: 'A-1' });
    expect((await infinitepay.reserve('A-4', { amount: '500' }))['RESPONSE_DATA'].STATUS).toBe('1');
    expect((await infinitepay.portal('limit', { ...limit, debtor: 'DE9' })).status).toBe(404);
  });

  it('says what it takes', async () => {
    expect((await infinitepay.portal('cancel', {})).status).toBe(400);
    expect((await infinitepay.portal('explode', { ref: 'A-1' })).body['error']).toContain('cancel');
    expect((await infinitepay.portal('cancel', { ref: 'A-9' })).status).toBe(409);
  });
});
