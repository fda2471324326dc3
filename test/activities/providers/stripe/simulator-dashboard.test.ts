import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorClient } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const act = (action: string, wish: object) =>
  stripe.post(`/_sim/dashboard/${action}`, JSON.stringify(wish));
const last = async () => (await stripe.ledger()).at(-1);

describe('a person in the dashboard', () => {
  it('captures and refunds without a key, and Stripe tells in events', async () => {
    const { id } = await stripe.hold();
    const captured = await act('capture', { ref: id, amountMinor: 1000 });
    expect(captured.body['status']).toBe('succeeded');
    expect(await last()).toMatchObject({ kind: 'capture', amountMinor: 1000, key: null });
    await act('refund', { ref: id, amountMinor: 250 });
    expect(await last()).toMatchObject({ kind: 'refund', amountMinor: 250, key: null });
    expect((await stripe.eventTypes()).slice(-2)).toEqual(['refund.created', 'charge.refunded']);
  });

  it('cancels', async () => {
    const { id } = await stripe.hold();
    expect((await act('cancel', { ref: id })).body['status']).toBe('canceled');
    expect(await last()).toMatchObject({ kind: 'void', key: null });
  });

  it('lets the customer pay what waits for authentication', async () => {
    const { id } = await stripe.hold({ payment_method: 'pm_card_authenticationRequired' });
    expect((await act('pay', { ref: id })).body['status']).toBe('requires_capture');
    expect((await act('pay', { ref: id })).status).toBe(400);
  });

  it('lets the newest refund come back from the bank', async () => {
    const { id, latest_charge: charge } = await stripe.hold({ capture_method: 'automatic' });
    expect((await act('refund-fail', { ref: id })).status).toBe(400);
    await act('refund', { ref: id, amountMinor: 300 });
    await act('refund', { ref: id, amountMinor: 200 });
    const { body } = await act('refund-fail', { ref: id });
    expect(body).toMatchObject({ object: 'refund', amount: 200, status: 'failed' });
    expect(await last()).toMatchObject({ kind: 'refund-failed', amountMinor: 200, key: null });
    expect((await stripe.eventTypes()).slice(-2)).toEqual(['refund.updated', 'refund.failed']);
    expect((await stripe.get(`/v1/charges/${charge}`)).body['amount_refunded']).toBe(300);
    expect((await act('refund-fail', { ref: id })).body['amount']).toBe(300);
    expect((await act('refund-fail', { ref: id })).status).toBe(400);
  });

  it('takes a payment that no system knows', async () => {
    const sale = await act('create', { amountMinor: 700, currency: 'EUR' });
    expect(sale.body).toMatchObject({ status: 'succeeded', amount: 700, currency: 'eur' });
    expect(sale.body['metadata']).toEqual({});
    const hold = await act('create', { amountMinor: 900, currency: 'usd', capture: false });
    expect(hold.body).toMatchObject({ status: 'requires_capture', amount_capturable: 900 });
    expect((await stripe.ledger()).map(({ kind, key }) => [kind, key])).toEqual([
      ['authorize', null],
      ['capture', null],
      ['authorize', null],
    ]);
    expect(await stripe.eventTypes()).toContain('payment_intent.succeeded');
  });

  it.each([
    [{ currency: 'usd' }, 400],
    [{ amountMinor: 0, currency: 'usd' }, 400],
    [{ amountMinor: 100, currency: 'xxx' }, 400],
    [{ amountMinor: 100, currency: 'usd', paymentMethod: 'pm_card_gold' }, 400],
    [{ amountMinor: 100, currency: 'usd', paymentMethod: 'pm_card_chargeDeclined' }, 402],
  ])('takes no payment by hand of %j: %d', async (wish, status) => {
    const answer = await act('create', wish);
    expect([answer.status, answer.body['error'] === undefined]).toEqual([status, false]);
    expect(await stripe.ledger()).toEqual([]);
  });

  it('is told what an action takes', async () => {
    const { body } = await act('create', { ref: 'pi_1' });
    expect(body['error']).toContain('POST { amountMinor, currency, capture?, paymentMethod? }');
    expect((await act('constructor', { ref: 'pi_1' })).body['error']).toContain('refund-fail');
  });

  it('is refused what Stripe refuses, what is unknown, and what is malformed', async () => {
    const { id } = await stripe.hold();
    expect((await act('refund', { ref: id })).status).toBe(400);
    expect((await act('cancel', { ref: 'pi_none' })).status).toBe(404);
    expect((await act('explode', { ref: id })).status).toBe(400);
    expect((await act('cancel', {})).body['error']).toContain('capture, cancel, refund, pay');
  });
});
