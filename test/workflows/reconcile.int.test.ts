/** What happened at the provider and nobody told us: webhooks are off in all of these. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Books, createBooks } from '../support/reconcile.ts';

describe('the comparison of books', () => {
  let books: Books;
  beforeEach(async () => {
    books = await createBooks();
  });
  afterEach(() => books.close());

  const create = (terms: Record<string, unknown> = {}) =>
    books.simulate('dashboard/create', {
      amountMinor: 7_000,
      currency: 'EUR',
      ...terms,
    }) as Promise<{
      id: string;
    }>;

  it('finds a capture, a refund, a dispute and a payment that nobody told us of', async () => {
    const held = await books.pay();
    const sold = await books.pay({ capture: 'automatic' });
    const disputed = await books.pay({ capture: 'automatic' });
    await books.atDashboard('capture', held.id, { amountMinor: 6_000 });
    await books.atDashboard('refund', sold.id, { amountMinor: 2_500 });
    await books.atDashboard('dispute', disputed.id);
    const stranger = await create();

    expect(await books.reconcile()).toEqual({
      listed: 4,
      different: 4,
      moving: 0,
      unread: 0,
      resolved: 0,
    });
    expect(await books.kinds()).toEqual([
      'capture_differs',
      'dispute_differs',
      'refund_differs',
      'unknown_payment',
    ]);
    const byKind = new Map((await books.findings()).map((each) => [each.kind, each]));
    expect(byKind.get('capture_differs')).toMatchObject({
      integration: books.integration,
      paymentId: held.id,
      providerSays: { currency: 'EUR', capturedMinor: 6_000 },
      holdfastSays: { currency: 'EUR', capturedMinor: 0 },
      detail: expect.stringMatching(
        /^Stripe says that EUR 60\.00 is captured, Holdfast says EUR 0\.00 \(order 4711, pi_\w+\)\. /,
      ),
    });
    expect(byKind.get('refund_differs')).toMatchObject({
      paymentId: sold.id,
      detail: expect.stringContaining('EUR 25.00 is refunded, Holdfast says EUR 0.00'),
    });
    expect(byKind.get('dispute_differs')).toMatchObject({
      paymentId: disputed.id,
      detail: expect.stringMatching(/a dispute: EUR 105\.00 open \(dp_\w+\), Holdfast has no disp/),
    });
    expect(byKind.get('unknown_payment')).toMatchObject({
      providerRef: stranger.id,
      paymentId: null,
      detail: expect.stringContaining('EUR 70.00 captured'),
    });

    await books.until(held.id, ({ status }) => status === 'captured');
    await books.until(sold.id, ({ status }) => status === 'partially_refunded');
    await books.until(disputed.id, ({ status }) => status === 'disputed');
    expect((await books.get(held.id)).amounts).toMatchObject({ captured: 6_000, voided: 4_500 });
    expect((await books.get(sold.id)).amounts.refunded).toBe(2_500);
    expect(await books.facts(held.id)).toEqual([
      'payment.requested',
      'authorization.approved',
      'news.received',
      'capture.found',
    ]);

    expect(await books.reconcile()).toMatchObject({ different: 1, resolved: 3 });
    expect(await books.kinds()).toEqual(['unknown_payment']);
    const [resolved] = await books.findings('resolved');
    expect(resolved?.resolution).toBe('reconciliation: the payment and Stripe say the same.');
  });

  it('keeps what nobody knows open until a person resolves it, and does not bring it back', async () => {
    await create();
    await books.reconcile();
    await books.reconcile();
    const [finding, ...others] = await books.findings();
    expect(others).toEqual([]);
    const answer = await books.request('POST', `/v1/findings/${finding!.id}/resolve`, {
      key: books.keys.operator,
      body: { reason: 'taken by the till in the shop' },
    });
    expect(answer.status).toBe(200);
    expect(await books.reconcile()).toMatchObject({ different: 0 });
    expect(await books.findings()).toEqual([]);
    const [resolved] = await books.findings('resolved');
    expect(resolved?.resolution).toMatch(/^api:operator:hf_test_[\w-]+: taken by the till/);
  });

  it('lets go of what nobody knows once there is no money any more, also after the window', async () => {
    const { id: refunded } = await create();
    const { id: released } = await create({ capture: false });
    await books.reconcile();
    expect(await books.kinds()).toEqual(['unknown_payment', 'unknown_payment']);
    await books.simulate('dashboard/refund', { ref: refunded, amountMinor: 1_000 });
    expect(await books.reconcile({ windowMs: 0 })).toMatchObject({ listed: 0, resolved: 0 });
    await books.simulate('dashboard/refund', { ref: refunded });
    await books.simulate('dashboard/cancel', { ref: released });
    expect(await books.reconcile({ windowMs: 0 })).toMatchObject({ resolved: 2 });
    expect(await books.findings()).toEqual([]);
  });

  it('finds nothing in books that agree, however the payments ended', async () => {
    const parts = await books.pay();
    await books.command(parts.id, 'capture', { amountMinor: 3_000, final: false });
    await books.command(parts.id, 'refund', { amountMinor: 1_000 });
    const voided = await books.pay();
    await books.command(voided.id, 'void');
    const refunded = await books.pay({ capture: 'automatic' });
    await books.command(refunded.id, 'refund');
    await books.pay({ paymentToken: 'pm_card_visa_chargeDeclined' });
    await books.pay();
    expect(await books.reconcile()).toEqual({
      listed: 5,
      different: 0,
      moving: 0,
      unread: 0,
      resolved: 0,
    });
    expect(await books.findings()).toEqual([]);
    expect(await books.facts(voided.id)).not.toContain('news.received');
  });

  it('finds a hold that was released there', async () => {
    const held = await books.pay();
    await books.atDashboard('cancel', held.id);
    expect(await books.reconcile()).toMatchObject({ different: 1 });
    const [finding] = await books.findings();
    expect(finding).toMatchObject({
      kind: 'hold_differs',
      providerSays: { heldMinor: 0 },
      holdfastSays: { heldMinor: 10_500 },
    });
    await books.until(held.id, ({ status }) => status === 'voided');
    expect(await books.reconcile()).toMatchObject({ different: 0, resolved: 1 });
  });

  it('does not take a refund that is pending there for one that was made', async () => {
    const { id } = await books.pay({
      capture: 'automatic',
      paymentToken: 'pm_card_pendingRefund',
    });
    await books.atDashboard('refund', id);
    expect(await books.reconcile()).toMatchObject({ listed: 1, different: 0, unread: 0 });
    expect(await books.findings()).toEqual([]);
    expect((await books.get(id)).amounts.refunded).toBe(0);
  });

  it('sees how a dispute ended, which the list does not show', async () => {
    const { id } = await books.pay({ capture: 'automatic' });
    await books.atDashboard('dispute', id);
    await books.reconcile();
    await books.until(id, ({ status }) => status === 'disputed');
    expect(await books.reconcile()).toMatchObject({ different: 0, resolved: 1 });
    await books.atDashboard('dispute-lose', id);
    expect(await books.reconcile()).toMatchObject({ different: 1 });
    await books.until(id, ({ status }) => status === 'charged_back');
    expect(await books.reconcile()).toMatchObject({ different: 0, resolved: 1 });
    expect(await books.findings()).toEqual([]);
  });

  it('says so when the provider does not have a payment that took money', async () => {
    const { id } = await books.pay({ capture: 'automatic' });
    const voided = await books.pay();
    await books.command(voided.id, 'void');
    await books.simulate('reset', {});
    expect(await books.reconcile()).toMatchObject({ listed: 0, different: 1 });
    expect(await books.reconcile()).toMatchObject({ different: 1, resolved: 0 });
    const [finding, ...others] = await books.findings();
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      kind: 'missing_at_provider',
      paymentId: id,
      detail: expect.stringContaining('Stripe says that it does not have that payment'),
    });
    expect(await books.get(id)).toMatchObject({ status: 'captured' });
  });

  it('looks where a payment was started before it calls it missing', async () => {
    const { id } = await books.pay({ capture: 'automatic' });
    const other = await createBooks({ workerless: true });
    try {
      await books.deps.integrations.save({
        ...(await books.deps.integrations.newest(books.integration))!,
        baseUrl: other.stripe.url,
      });
      expect(await books.reconcile()).toMatchObject({ listed: 0, different: 0, unread: 0 });
      expect(await books.get(id)).toMatchObject({ status: 'captured' });
    } finally {
      await other.close();
    }
  });

  it('compares with the key in force, also what was paid with a former one', async () => {
    const { id } = await books.pay();
    await books.atDashboard('capture', id, { amountMinor: 10_500 });
    const newest = (await books.deps.integrations.newest(books.integration))!;
    const credentials = { secretKey: 'sk_test_second', webhookSecrets: [] };
    await books.deps.integrations.save({ ...newest, credentials });
    await books.simulate('keys/revoke', { key: 'sk_test_holdfast' });
    expect(await books.reconcile()).toMatchObject({ listed: 1, different: 1, unread: 0 });
    await books.until(id, ({ status }) => status === 'captured');
    expect(await books.reconcile()).toMatchObject({ different: 0, resolved: 1 });
  });

  it('leaves alone what has just changed, unless it is told not to', async () => {
    const quiet = await books.pay();
    await books.atDashboard('capture', quiet.id);
    await create();
    const moving = { different: 0, moving: 2 };
    expect(await books.reconcile({ quietMs: 60_000 })).toMatchObject(moving);
    expect(await books.findings()).toEqual([]);

    expect(await books.reconcile()).toMatchObject({ different: 2 });
  });

  it('does not touch what another integration took through the same account', async () => {
    const second = await books.addIntegration();
    const theirs = await books.pay({ method: `${second}.card` });
    await books.atDashboard('capture', theirs.id);
    expect(await books.reconcile()).toMatchObject({ listed: 1, different: 0, moving: 0 });
    expect(await books.facts(theirs.id)).not.toContain('news.received');
    expect(await books.reconcile({ integrationId: second })).toMatchObject({ different: 1 });
    await books.until(theirs.id, ({ status }) => status === 'captured');
  });
});

describe('the comparison of a hold that was renewed', () => {
  let books: Books;
  beforeEach(async () => {
    books = await createBooks({
      holdMs: 6_000,
      settings: {
        policy: { onHoldEnding: 'reauthorize', warnBeforeMs: 5_000, actBeforeMs: 4_000 },
      },
    });
  });
  afterEach(() => books.close());

  it('counts all its holds together, and finds what was captured of the new one', async () => {
    const { id } = await books.pay();
    await books.until(
      id,
      ({ status, amounts }) => status === 'authorized' && amounts.authorized > 10_500,
    );
    expect(await books.reconcile()).toMatchObject({ listed: 2, different: 0, moving: 0 });
    await books.atDashboard('capture', id, { amountMinor: 4_000 });
    expect(await books.reconcile()).toMatchObject({ listed: 2, different: 1 });
    const payment = await books.until(id, ({ status }) => status === 'captured');
    expect(payment.amounts.captured).toBe(4_000);
    expect(await books.reconcile()).toMatchObject({ different: 0, resolved: 1 });
  });
});
