/** What the adapter makes of Stripe's refusals, over HTTP. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { TOTAL } from '../../../contract/provider.stage.ts';
import { stripeStage, type StripeStage } from './adapter.stage.ts';

let on: StripeStage;
beforeEach(async () => {
  on = await stripeStage();
});
afterEach(() => on.stop());

const INTENTS = '/v1/payment_intents';

describe('an authorization', () => {
  it('with a token that was used before is declined, and never parked as a fault of settings', async () => {
    const message = 'This PaymentMethod was previously used and may not be used again.';
    await on.refuseNext('POST', INTENTS, 400, { message });
    expect(await on.start()).toEqual({
      kind: 'declined',
      providerRef: null,
      decline: { code: 'invalid_payment_token', message, advice: null },
    });
  });

  it.each([401, 403])(
    'that meets HTTP %d is refused because of the credentials',
    async (status) => {
      await on.refuseNext('POST', INTENTS, status, {});
      expect(await on.start()).toMatchObject({ kind: 'refused', fault: 'credentials' });
    },
  );

  it.each(['<html>401 Authorization Required</html>', '', undefined])(
    'that meets HTTP 401 is refused whatever the body is: %j',
    async (body) => {
      await on.answerNext('POST', INTENTS, 401, body);
      expect(await on.start()).toMatchObject({ kind: 'refused', fault: 'credentials' });
    },
  );

  it('is in doubt when it was refused and the PaymentIntent shows money', async () => {
    const payment_intent = { id: 'pi_1', status: 'requires_capture' };
    await on.refuseNext('POST', INTENTS, 400, { code: 'parameter_unknown', payment_intent });
    expect(await on.start()).toMatchObject({ kind: 'unknown' });
  });

  it.each([
    [429, {}],
    [503, { type: 'rate_limit_error' }],
  ])('is not sent when Stripe asks to come later with HTTP %d', async (status, error) => {
    await on.refuseNext('POST', INTENTS, status, error);
    await expect(on.start()).rejects.toMatchObject({ name: 'ProviderNotReached' });
  });

  it.each([408, 424, 500, 502, 503])('is in doubt after HTTP %d', async (status) => {
    await on.refuseNext('POST', INTENTS, status, { type: 'api_error' });
    expect(await on.start()).toMatchObject({ kind: 'unknown' });
  });

  it('that keeps the card is refused as the customer was', async () => {
    await on.refuseNext('POST', '/v1/customers', 401, {});
    const effect = { ...on.authorization(), keepsMethod: true };
    const outcome = on.provider.authorize(effect, on.terms('pm_card_visa'), on.callFor(effect));
    expect(await outcome).toMatchObject({ kind: 'refused', fault: 'credentials' });
    expect(await on.moved()).toEqual([]);
  });
});

describe('a capture', () => {
  it.each([
    ['canceled', { kind: 'hold_released' }],
    ['expired', { kind: 'hold_expired' }],
    ['captured', { kind: 'overtaken' }],
  ])('of a hold that was %s elsewhere is answered with that', async (how, expected) => {
    const ref = await on.hold();
    if (how === 'expired') await on.admin('clock', { advanceMs: 60 * 86_400_000 });
    if (how === 'canceled') await on.dashboard('cancel', { ref });
    if (how === 'captured') await on.dashboard('capture', { ref, amountMinor: TOTAL });
    expect(await on.capture(on.captureOf(ref, TOTAL))).toMatchObject(expected);
  });

  it('that Stripe refuses for the payment’s state has not acted', async () => {
    const ref = await on.hold();
    const error = { code: 'payment_intent_unexpected_state' };
    await on.refuseNext('POST', `${INTENTS}/*/capture`, 400, error);
    const outcome = await on.capture(on.captureOf(ref, TOTAL));
    expect(outcome).toEqual({ kind: 'refused', reason: expect.any(String), ...error });
  });
});

describe('a void', () => {
  it.each([
    ['canceled', { kind: 'approved' }],
    ['captured', { kind: 'overtaken' }],
  ])('of a hold that was %s elsewhere is answered with that', async (how, expected) => {
    const ref = await on.hold();
    await on.dashboard(how === 'canceled' ? 'cancel' : 'capture', { ref });
    expect(await on.release(on.voidOf(ref))).toMatchObject(expected);
  });
});

describe('a refund', () => {
  it('of money that was given back in the dashboard is refused with Stripe’s code', async () => {
    const ref = await on.sale();
    await on.dashboard('refund', { ref });
    expect(await on.refund(on.refundOf(ref, TOTAL))).toEqual({
      kind: 'refused',
      code: 'charge_already_refunded',
      reason: expect.stringContaining('charge_already_refunded'),
    });
  });

  it('is pending under its own reference', async () => {
    const ref = await on.sale('pm_card_pendingRefund');
    const effect = on.refundOf(ref, 1_000);
    const pending = { kind: 'pending', providerRef: expect.stringMatching(/^re_/) };
    expect(await on.refund(effect)).toEqual(pending);
    expect(await on.inquire(effect)).toEqual(pending);
  });
});

describe('a question', () => {
  it('that meets HTTP 401 finds nothing out, and says that it is the credentials', async () => {
    const ref = await on.hold();
    await on.refuseNext('GET', `${INTENTS}/${ref}`, 401, {});
    expect(await on.inquire(on.captureOf(ref, TOTAL))).toEqual({
      kind: 'inconclusive',
      reason: expect.stringContaining('credentials'),
    });
    await on.refuseNext('GET', `${INTENTS}/${ref}`, 401, {});
    expect(await on.look(ref)).toMatchObject({
      kind: 'inconclusive',
      reason: expect.stringContaining('credentials'),
    });
  });

  it('that sends again and is refused says so with the code', async () => {
    const ref = await on.sale();
    await on.refuseNext('POST', '/v1/refunds', 400, { code: 'charge_not_refundable' });
    expect(await on.inquire(on.refundOf(ref, 1_000))).toMatchObject({
      kind: 'refused',
      code: 'charge_not_refundable',
    });
  });

  it('about an authorization that nobody made is refused as sending it is', async () => {
    await on.refuseNext('POST', INTENTS, 401, {});
    expect(await on.inquireStart()).toMatchObject({ kind: 'refused', fault: 'credentials' });
    expect(await on.moved()).toEqual([]);
  });
});
