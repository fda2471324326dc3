/** What a provider refuses, on the whole stack: answers are put before the simulator, as by a gateway. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const refusal = (code: string | null, message = 'No.', param: string | null = null) => ({
  error: {
    type: 'invalid_request_error',
    message,
    ...(code === null ? {} : { code }),
    ...(param === null ? {} : { param }),
  },
});

describe('a request that Stripe refuses', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterEach(() => fetch(`${holdfast.stripe.url}/_sim/answers`, { method: 'DELETE' }));
  afterAll(() => holdfast.close());

  const answer = (path: string, status: number, body: unknown, times = 1) =>
    holdfast.simulate('answers', { method: 'POST', path, status, body, times });
  const operate = (id: string, verb: string) =>
    holdfast.request<PaymentResource>('POST', `/v1/payments/${id}/${verb}`, {
      key: holdfast.keys.operator,
      body: {},
      headers: { 'idempotency-key': randomUUID() },
    });

  it('is declined where it is the authorization, and moves no money by a recheck or the return page', async () => {
    await answer('/v1/payment_intents', 401, refusal(null, 'Invalid API Key provided'), 2);
    const { status, body } = await holdfast.start();
    expect([status, body.status]).toEqual([201, 'declined']);
    expect(body.decline?.code).toMatch(/^[a-z_]+$/);
    expect(body.needsAttention).toContain('credentials');
    await operate(body.id, 'recheck');
    await holdfast.request('GET', `/return/${body.id}`);
    expect((await holdfast.get(body.id)).status).toBe('declined');
    expect(await holdfast.movements(body.id)).toEqual([]);
  });

  it.each([
    ['a used token', null, 'This PaymentMethod was previously used without being attached'],
    ['an amount that is too small', 'amount_too_small', 'Amount must be at least 50 cents'],
  ])('has a final state and a code for %s, and asks no operator', async (_what, code, message) => {
    await answer('/v1/payment_intents', 400, refusal(code, message));
    const { status, body } = await holdfast.start();
    expect([status, body.status, body.needsAttention]).toEqual([201, 'declined', null]);
    expect(body.decline?.code).toMatch(/^[a-z_]+$/);
  });

  it('is looked into where it is a refund: what is true is answered, also to a repeat', async () => {
    const { body } = await holdfast.start({ capture: 'automatic' });
    await holdfast.atDashboard('refund', body.id);
    const refund = () => holdfast.command(body.id, 'refund', {}, { key: `refund-${body.id}` });
    const told = await refund();
    expect([told.status, told.body.status]).toEqual([200, 'refunded']);
    expect(told.body).toMatchObject({ needsAttention: null, decline: { verb: 'refund' } });
    expect(told.body.commands).toEqual([]);
    expect((await refund()).body).toEqual(told.body);
  });

  it('blames no credentials where Stripe did not', async () => {
    const { body } = await holdfast.start();
    await answer(`/v1/payment_intents/*/capture`, 400, refusal('parameter_invalid_integer'));
    const { body: told } = await holdfast.command(body.id, 'capture');
    expect(told).toMatchObject({ status: 'authorized', decline: { verb: 'capture' } });
    expect(told.needsAttention).not.toMatch(/credential|setting/);
    const again = await holdfast.command(body.id, 'capture');
    expect(again.body).toMatchObject({ status: 'captured', needsAttention: null });
  });
});

describe('a capture in parts', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { multicapture: true } });
  });
  afterAll(() => holdfast.close());

  it('leaves the rest where the hold allows several, and nobody said that it is the last', async () => {
    const { body } = await holdfast.start();
    expect(body.commands).toContainEqual(
      expect.objectContaining({ verb: 'capture', multiple: true }),
    );
    const { body: told } = await holdfast.command(body.id, 'capture', { amountMinor: 100 });
    expect(told).toMatchObject({ status: 'partially_captured', amounts: { voided: 0 } });
    expect(told.details).toMatchObject({ lastCapture: { amountMinor: 100, releasedMinor: 0 } });
  });

  it('releases the rest where the hold allows one, and says how much', async () => {
    const { body } = await holdfast.start({
      paymentToken: 'pm_card_credit_disableEnterpriseCardFeatures',
    });
    const { body: told } = await holdfast.command(body.id, 'capture', { amountMinor: 100 });
    const releasedMinor = told.amounts.authorized - 100;
    expect(told).toMatchObject({ status: 'captured', amounts: { voided: releasedMinor } });
    expect(told.details).toMatchObject({ lastCapture: { amountMinor: 100, releasedMinor } });
  });
});
