import { randomUUID } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardProvider } from '../../activities/providers/provider.ts';
import { cardProviderOf } from '../../activities/providers/registry.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const HOUR_MS = 3_600_000;

describe('a money operation that is attempted again', () => {
  let holdfast: Holdfast;
  /** What stands between the activities and Stripe in this test. */
  let altered: (real: CardProvider) => Partial<CardProvider>;
  let skewMs: number;
  beforeEach(async () => {
    altered = () => ({});
    skewMs = 0;
    holdfast = await createHoldfast({
      instead: {
        now: () => Date.now() + skewMs,
        providerOf: (integration) => {
          const real = cardProviderOf(integration);
          return { ...real, ...altered(real) };
        },
      },
    });
  });
  afterEach(() => holdfast.close());

  const refunds = async (id: string): Promise<number> =>
    (await holdfast.movements(id)).filter(({ kind }) => kind === 'refund').length;

  it('is not called refused when an attempt before may have acted', async () => {
    const { body } = await holdfast.start({ capture: 'automatic' });
    let attempts = 0;
    altered = (real) => ({
      refund: async (effect, call) => {
        attempts += 1;
        if (attempts > 1) return { kind: 'refused', reason: 'HTTP 401' };
        await real.refund(effect, call);
        throw new Error('the worker died here');
      },
    });
    await holdfast.command(body.id, 'refund', { amountMinor: 1_000 });
    const payment = await holdfast.until(body.id, ({ status }) => status === 'partially_refunded');
    expect(payment.amounts.refunded).toBe(1_000);
    expect(await holdfast.facts(body.id)).toContain('refund.unknown');
    expect(await refunds(body.id)).toBe(1);
  });

  it('is only asked about once the provider may have forgotten its key', async () => {
    const { body } = await holdfast.start({ capture: 'automatic' });
    let isLost = true;
    altered = (real) => ({
      refund: async (effect, call) => {
        await real.refund(effect, call);
        if (isLost) throw new Error('the worker died here');
        return { kind: 'approved' };
      },
    });
    const asked = holdfast.command(body.id, 'refund', { amountMinor: 1_000 }, { prefer: 'wait=0' });
    await asked;
    await holdfast.temporal.workflow.getHandle(body.id).terminate('lost');
    isLost = false;
    skewMs = 25 * HOUR_MS;
    await fetch(`${holdfast.stripe.url}/_sim/clock`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ advanceMs: skewMs }),
    });
    await holdfast.temporal.workflow.execute('sweepPayments', {
      taskQueue: holdfast.taskQueue,
      workflowId: `sweep-${randomUUID()}`,
    });
    await holdfast.until(body.id, ({ status }) => status === 'partially_refunded');
    expect(await refunds(body.id)).toBe(1);
  });

  it('never sends an authorization after its time to start, however often it was not sent', async () => {
    await holdfast.saveIntegration('stripe_hasty', 'test', { policy: { startWithinMs: 1_500 } });
    await holdfast.fault({ operation: 'authorize', fault: 'rate-limited', times: 3 });
    const { body } = await holdfast.start({ method: 'stripe_hasty.card' }, { prefer: 'wait=0' });
    const facts = async () => holdfast.facts(body.id);
    // What was surely not sent is no doubt: it is over, and was never begun.
    await expect.poll(facts, { timeout: 20_000 }).toContain('payment.abandoned');
    expect(await facts()).not.toContain('authorization.unknown');
    expect(await holdfast.movements(body.id)).toEqual([]);
    expect(await facts()).not.toContain('authorization.approved');
  });

  it('is refused by us, definitely and once, when it throws before anything was sent', async () => {
    let attempts = 0;
    altered = () => ({
      authorize: async () => {
        attempts += 1;
        await Promise.resolve();
        throw new TypeError('a bug of ours');
      },
    });
    const { status, body } = await holdfast.start();
    expect([status, body.status, body.decline?.code]).toEqual([
      201,
      'declined',
      'provider_refused',
    ]);
    expect(body.needsAttention).toContain('whoever runs Holdfast');
    expect([attempts, await holdfast.movements(body.id)]).toEqual([1, []]);
  });

  it('keeps an unreadable answer as evidence, whatever bytes it has', async () => {
    const { body } = await holdfast.start();
    let isFirst = true;
    altered = (real) => ({
      capture: async (effect, call) => {
        if (!isFirst) return real.capture(effect, call);
        isFirst = false;
        const answer = '<html>\0 half \ud83d';
        const at = new Date().toISOString();
        call.keep({ at, request: 'POST', status: 502, requestId: null, answer, durationMs: 1 });
        return { kind: 'unknown', reason: answer };
      },
    });
    const captured = await holdfast.command(body.id, 'capture');
    expect(captured.body.status).toBe('captured');
    const { body: evidence } = await holdfast.request<{ data: unknown[] }>(
      'GET',
      `/v1/payments/${body.id}/operations`,
    );
    expect(JSON.stringify(evidence)).toContain('<html>');
  });

  it('asks by itself about a refund that stays pending, and lets everything else go on', async () => {
    await holdfast.saveIntegration('stripe_parts', 'test', { multicapture: true });
    const { body } = await holdfast.start({
      method: 'stripe_parts.card',
      paymentToken: 'pm_card_pendingRefund',
    });
    await holdfast.simulate('refunds', { pendingMs: 3_000 });
    await holdfast.command(body.id, 'capture', { amountMinor: 6_000, final: false });
    const at = new Date(Date.now() + 1_500).toISOString();
    await holdfast.command(body.id, 'capture', { at });
    const refund = await holdfast.command(body.id, 'refund', { amountMinor: 1_000 });
    expect(refund).toMatchObject({
      status: 200,
      body: { amounts: { refunded: 0, refundPending: 1_000 } },
    });
    expect(await holdfast.facts(body.id)).toContain('refund.pending');
    await holdfast.until(body.id, ({ amounts }) => amounts.captured === 10_500);
    const done = await holdfast.until(body.id, ({ amounts }) => amounts.refunded === 1_000);
    expect(done.amounts.refundPending).toBe(0);
    expect(await refunds(body.id)).toBe(1);
  });
});

describe('an Update that is not the API’s', () => {
  it('is refused and leaves the payment as it was', async () => {
    const holdfast = await createHoldfast();
    const { body } = await holdfast.start();
    const handle = holdfast.temporal.workflow.getHandle(body.id);
    for (const message of [null, { amountMinor: 100 }, { verb: 'void' }]) {
      const update = handle.executeUpdate<unknown, [unknown]>('capture', { args: [message] });
      await expect(update).rejects.toThrow();
    }
    const captured = await holdfast.command(body.id, 'capture');
    expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
    await holdfast.close();
  });
});

describe('a command while another one runs', () => {
  it('is refused with 409 when the other takes longer than the caller waits', async () => {
    const holdfast = await createHoldfast();
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'delay', times: 1, delayMs: 8_000 });
    const first = holdfast.command(body.id, 'capture');
    await holdfast.until(body.id, ({ status }) => status === 'capturing');
    const second = await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=1' });
    expect(second.status).toBe(409);
    expect(second.body).toMatchObject({ code: 'illegal-transition', allowed: [] });
    expect((await first).status).toBe(200);
    await holdfast.close();
  });
});
