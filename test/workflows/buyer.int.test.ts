import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pageOf } from '../support/buyer.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const CHALLENGED = {
  paymentToken: 'pm_card_authenticationRequired',
  returnUrl: 'https://shop.example/back',
};

/** What the buyer does at the issuer's page, as a browser does it. */
async function answerAtIssuer(url: string, outcome: 'complete' | 'fail'): Promise<Response> {
  return fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/x-www-form-urlencoded' },
    body: `outcome=${outcome}`,
    redirect: 'manual',
  });
}

describe('a payment that waits for its buyer', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    await holdfast.saveIntegration('stripe_hasty', 'test', { policy: { buyerWithinMs: 1_500 } });
  });
  afterAll(() => holdfast.close());

  it('shows where to send the buyer, and until when', async () => {
    const { status, body } = await holdfast.start(CHALLENGED);
    expect([status, body.status]).toEqual([201, 'awaiting_buyer']);
    expect(body.nextAction).toEqual({
      type: 'redirect',
      url: expect.stringContaining(`${holdfast.stripe.url}/_pages/3ds/`) as string,
    });
    expect(body.deadline?.event).toBe('buyer.timed_out');
    expect(body.commands).toEqual([{ verb: 'void' }]);
  });

  it('is authorized by itself once the buyer has confirmed', async () => {
    const { body } = await holdfast.start(CHALLENGED);
    await answerAtIssuer(pageOf(body), 'complete');
    const payment = await holdfast.until(body.id, ({ status }) => status === 'authorized');
    expect(payment.nextAction).toBeNull();
    expect(await holdfast.movements(body.id)).toHaveLength(1);
  });

  it('is declined when the buyer fails, with the provider’s reason', async () => {
    const { body } = await holdfast.start(CHALLENGED);
    await answerAtIssuer(pageOf(body), 'fail');
    const payment = await holdfast.until(body.id, ({ status }) => status === 'declined');
    expect(payment.decline).toMatchObject({
      verb: 'authorize',
      code: 'payment_intent_authentication_failure',
    });
  });

  it('is given up at the provider when the buyer does not come back, and ends expired', async () => {
    const { body } = await holdfast.start({ ...CHALLENGED, method: 'stripe_hasty.card' });
    await holdfast.until(body.id, ({ status }) => status === 'expired');
    expect(await holdfast.facts(body.id)).toEqual(
      expect.arrayContaining(['buyer.timed_out', 'void.succeeded']) as string[],
    );
    await answerAtIssuer(pageOf(body), 'complete');
    expect(await holdfast.movements(body.id)).toEqual([]);
  });

  it('can be voided by staff meanwhile', async () => {
    const { body } = await holdfast.start(CHALLENGED);
    const voided = await holdfast.command(body.id, 'void');
    expect([voided.status, voided.body.status]).toEqual([200, 'voided']);
  });
});
