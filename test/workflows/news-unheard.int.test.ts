import { randomUUID } from 'node:crypto';
import { Client } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createApp } from '../../api/app.ts';
import { paymentIdOf } from '../../api/payments/digest.ts';
import { connectTemporal } from '../../api/temporal.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { newsOf } from '../support/news.ts';

describe('news that its payment has not heard', () => {
  let holdfast: Holdfast;
  let news: ReturnType<typeof newsOf>;
  let deaf: ReturnType<typeof createApp>;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    news = newsOf(holdfast);
    // Nothing listens there: what this app keeps, it cannot tell.
    const temporal = new Client({
      connection: connectTemporal({ TEMPORAL_ADDRESS: '127.0.0.1:9', TEMPORAL_TLS: false }),
    });
    deaf = createApp({ ...holdfast.deps, temporal });
  });
  afterAll(() => holdfast.close());

  it('stays waiting when the signal was lost, and is told by the sweep', async () => {
    const { body } = await holdfast.start();
    await holdfast.atDashboard('cancel', body.id);
    const [canceled] = (await news.eventsOf(await news.refOf(body.id))).slice(-1);
    expect(await news.deliver(canceled ?? '', { app: deaf })).toBe(200);
    const [kept] = await news.kept(`&payment=${body.id}`);
    expect(kept).toMatchObject({ state: 'waiting', told: 0 });
    expect((await holdfast.get(body.id)).status).toBe('authorized');
    await news.sweep();
    await holdfast.until(body.id, ({ status }) => status === 'voided');
    const state = async () => (await news.kept(`&payment=${body.id}`))[0]?.state;
    await expect.poll(state, { timeout: 10_000 }).toBe('settled');
  });

  it('waits for a payment that is not known yet, and matches only what the provider has of it', async () => {
    // What was said of another payment, as if of one whose request is on its way.
    const { body: other } = await holdfast.start();
    const [event] = await news.eventsOf(await news.refOf(other.id));
    const key = randomUUID();
    const caller = { accountId: 'main', mode: 'test', role: 'checkout', keyPrefix: '' } as const;
    const id = paymentIdOf(caller, key);
    const object = { ...event?.data.object, id: 'pi_early', metadata: { holdfast_payment: id } };
    const early = {
      ...event,
      id: `evt_${randomUUID().slice(0, 8)}`,
      type: 'payment_intent.amount_capturable_updated',
      data: { object },
    };
    expect(await news.deliver(early)).toBe(200);
    const row = async () =>
      (await news.kept()).find(({ providerEventId }) => providerEventId === early.id);
    await expect
      .poll(async () => (await row())?.reason)
      .toContain('No payment of this integration');
    await news.sweep();
    expect(await row()).toMatchObject({ state: 'waiting', paymentId: id, providerRef: 'pi_early' });

    const { body } = await holdfast.start({}, { key });
    expect(body.id).toBe(id);
    await holdfast.pool.query('update notifications set due_at = now() where id = $1', [
      (await row())?.id,
    ]);
    await news.sweep();
    // The payment is known now, and has another reference: whose hold this is, a person has to say.
    await expect
      .poll(async () => (await row())?.reason, { timeout: 10_000 })
      .toContain('and not pi_early');
    expect(await row()).toMatchObject({ state: 'waiting', paymentId: id });
    expect((await holdfast.get(id)).status).toBe('authorized');
  });

  it('is unmatched after an hour without a payment, with its reason, and moves nothing', async () => {
    await holdfast.simulate('webhooks/target', {
      url: 'http://127.0.0.1:9/',
      secret: 'whsec_none',
    });
    const made = await holdfast.simulate('dashboard/create', { amountMinor: 900, currency: 'eur' });
    const { id: ref } = made as { id: string };
    const paid = (await news.eventsOf(ref)).find(({ type }) => type.endsWith('.succeeded'));
    expect(await news.deliver(paid ?? '')).toBe(200);
    const row = async () => (await news.kept()).find(({ providerRef }) => providerRef === ref);
    await expect.poll(async () => (await row())?.nextAt, { timeout: 5_000 }).not.toBeNull();
    await news.sweep();
    expect(await row()).toMatchObject({ state: 'waiting', paymentId: null });
    await holdfast.pool.query(
      `update notifications set received_at = received_at - interval '61 minutes'
       where provider_ref = $1`,
      [ref],
    );
    await news.sweep();
    expect(await row()).toMatchObject({
      state: 'unmatched',
      nextAt: null,
      reason: `No payment of this integration has the reference ${ref}.`,
    });
  });

  it('is given up after three days of telling, and says so', async () => {
    const { body } = await holdfast.start();
    const ref = await news.refOf(body.id);
    // Its payment can never come to say this: Stripe has no such refund.
    const [event] = await news.eventsOf(ref);
    const refund = { object: 'refund', id: 're_nobody', payment_intent: ref, status: 'succeeded' };
    const wrong = { ...event, id: `evt_${ref}`, type: 'refund.created', data: { object: refund } };
    expect(await news.deliver(wrong, { app: deaf })).toBe(200);
    await holdfast.pool.query(
      `update notifications set received_at = received_at - interval '73 hours', told = 9
       where provider_ref = $1`,
      [ref],
    );
    await news.sweep();
    const [row] = await news.kept(`&payment=${body.id}`);
    const [byRef] = (await news.kept()).filter(({ providerRef }) => providerRef === ref);
    expect(row ?? byRef).toMatchObject({ state: 'unmatched', nextAt: null });
    expect((row ?? byRef)?.reason).toContain(body.id);
  });
});

describe('news of a hold that has replaced another', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({
      webhooks: true,
      holdMs: 8_000,
      settings: { policy: { onHoldEnding: 'reauthorize', warnBeforeMs: 0, actBeforeMs: 5_000 } },
    });
  });
  afterAll(() => holdfast.close());

  it('is not taken for what was captured and refunded of the old one', async () => {
    const news = newsOf(holdfast);
    const { body } = await holdfast.start();
    await holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    await holdfast.command(body.id, 'refund', { amountMinor: 1_000 });
    await holdfast.until(body.id, ({ amounts }) => amounts.authorized === 17_000);
    await holdfast.until(body.id, ({ status }) => status === 'partially_captured');
    await holdfast.atDashboard('capture', body.id, { amountMinor: 3_000 });
    await holdfast.atDashboard('refund', body.id, { amountMinor: 500 });
    const payment = await holdfast.until(body.id, ({ amounts }) => amounts.refunded === 1_500);
    expect(payment).toMatchObject({
      status: 'partially_refunded',
      amounts: { authorized: 17_000, captured: 7_000, voided: 10_000 },
    });
    expect(await news.ledger(body.id)).toEqual({
      order_receivable: -5_500,
      provider_balance: 5_500,
    });
  });

  it('moves the payment also when it says less than was captured before', async () => {
    const { body } = await holdfast.start();
    await holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    await holdfast.until(body.id, ({ amounts }) => amounts.authorized === 17_000);
    await holdfast.until(body.id, ({ status }) => status === 'partially_captured');
    await holdfast.atDashboard('capture', body.id, { amountMinor: 3_000 });
    const payment = await holdfast.until(body.id, ({ status }) => status === 'captured');
    expect(payment.amounts).toMatchObject({ captured: 7_000, voided: 10_000, refunded: 0 });
  });
});
