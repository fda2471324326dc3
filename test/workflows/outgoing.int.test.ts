/** Merchants hear of what happened: signed, in order, until they have it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { endpointsOf, startReceiver, verified } from '../support/receiver.ts';

const SOON = { timeout: 20_000, interval: 25 };

let holdfast: Holdfast;
let endpoints: ReturnType<typeof endpointsOf>;
beforeAll(async () => {
  holdfast = await createHoldfast({ events: { intervalMs: () => 50 } });
  endpoints = endpointsOf(holdfast);
});
afterAll(() => holdfast.close());

describe('an event', () => {
  it('comes signed as Standard Webhooks says, with what the journal holds', async () => {
    const shop = await startReceiver();
    const { secret } = await endpoints.create(shop.url);
    const { body: payment } = await holdfast.start();
    await expect.poll(() => shop.of(payment.id).length, SOON).toBe(1);
    const [event] = shop.of(payment.id);
    expect(verified(event!, secret)).toEqual({
      type: 'payment.authorized',
      timestamp: expect.stringMatching(/^\d{4}-.+Z$/) as string,
      data: {
        paymentId: payment.id,
        status: 'authorized',
        amounts: payment.amounts,
        sequence: 2,
        links: { payment: `http://127.0.0.1:8080/v1/payments/${payment.id}` },
      },
    });
    await shop.stop();
  });
});
