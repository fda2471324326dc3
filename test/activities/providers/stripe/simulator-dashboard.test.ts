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

  it('is refused what Stripe refuses, what is unknown, and what is malformed', async () => {
    const { id } = await stripe.hold();
    expect((await act('refund', { ref: id })).status).toBe(400);
    expect((await act('cancel', { ref: 'pi_none' })).status).toBe(404);
    expect((await act('explode', { ref: id })).status).toBe(400);
    expect((await act('cancel', {})).body['error']).toContain('capture, cancel, refund, pay');
  });
});
