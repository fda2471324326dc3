/** A key is replaced and revoked: payments that were begun with the former one go on with the new one. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits, type Credits, MERCHANT, TOTAL } from '../support/credits.ts';
import { createGuarantees, type Guarantees } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { signed, newsOf } from '../support/news.ts';

type Saved = {
  version: number;
  credentialsGeneration: number;
  credentialsUpdatedAt: string;
  code: string;
};

const operate = (holdfast: Holdfast, id: string, verb: string) =>
  holdfast.request<PaymentResource>('POST', `/v1/payments/${id}/${verb}`, {
    key: holdfast.keys.operator,
    body: {},
    headers: { 'idempotency-key': randomUUID() },
  });

describe('a Stripe key that is replaced', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: { policy: { inquireWithinMs: 1_000 } } });
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(() => holdfast.close());

  let inForce = 'sk_test_holdfast';
  const save = (secretKey: string, webhookSecrets: string[] = []) =>
    holdfast.request<Saved>('PUT', '/v1/integrations/stripe_test', {
      body: {
        provider: 'stripe',
        mode: 'test',
        baseUrl: holdfast.stripe.url,
        settings: { multicapture: true, policy: { inquireWithinMs: 1_000 } },
        credentials: { secretKey, webhookSecrets },
      },
    });
  /** As an operator does it: the new key is saved, then the old one revoked. */
  async function rotate(webhookSecrets: string[] = []): Promise<void> {
    const former = inForce;
    inForce = `sk_test_${randomUUID().replaceAll('-', '')}`;
    const { status, body } = await save(inForce, webhookSecrets);
    expect([status, body.version]).toEqual([200, 1]);
    await holdfast.simulate('keys/revoke', { key: former });
  }
  /** Authorized a moment ago, so that the worker still knows the key that is revoked now. */
  async function begun(body: Record<string, unknown> = {}): Promise<PaymentResource> {
    const started = await holdfast.start(body);
    expect(started.status).toBe(201);
    await rotate();
    return started.body;
  }

  it('is used for the capture of an older payment, and leaves no refusal', async () => {
    const { id } = await begun();
    const captured = await holdfast.command(id, 'capture', { amountMinor: 4_000, final: false });
    expect([captured.status, captured.body.amounts.captured]).toEqual([200, 4_000]);
    expect(captured.body.needsAttention).toBeNull();
    const rest = await holdfast.command(id, 'capture');
    expect([rest.body.status, rest.body.amounts.captured]).toEqual(['captured', 10_500]);
    expect(await holdfast.facts(id)).not.toContain('capture.refused');
    const kinds = (await holdfast.movements(id)).map(({ kind }) => kind);
    expect(kinds).toEqual(['authorize', 'capture', 'capture']);
  });

  it('shows both calls as evidence: the one that was not taken, and the one that acted', async () => {
    const { id } = await begun();
    await holdfast.command(id, 'capture');
    type Evidence = { data: { verb: string; exchanges: { status: number }[] }[] };
    const path = `/v1/payments/${id}/operations`;
    const { body } = await holdfast.request<Evidence>('GET', path);
    const capture = body.data.find(({ verb }) => verb === 'capture');
    expect(capture?.exchanges.map(({ status }) => status)).toEqual([401, 200]);
  });

  it('is used for a void, a refund, and a new payment', async () => {
    const held = await begun();
    expect((await holdfast.command(held.id, 'void')).body.status).toBe('voided');
    const sold = await begun({ capture: 'automatic' });
    const refunded = await holdfast.command(sold.id, 'refund', { amountMinor: 500 });
    expect(refunded.body.amounts.refunded).toBe(500);
    await rotate();
    expect((await holdfast.command(sold.id, 'refund')).body.status).toBe('refunded');
    await rotate();
    expect((await holdfast.start()).body.status).toBe('authorized');
  });

  it('is used when a payment in doubt is asked about', async () => {
    const { body } = await holdfast.start();
    await holdfast.fault({ operation: 'capture', fault: 'drop-after', times: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 100 });
    await holdfast.command(body.id, 'capture', {}, { prefer: 'wait=1' });
    await holdfast.until(body.id, ({ status }) => status === 'parked');
    await holdfast.clearFaults();
    await rotate();
    expect((await operate(holdfast, body.id, 'recheck')).body.status).toBe('captured');
  });

  it('is used when a payment looks at the whole', async () => {
    const { id } = await begun();
    await holdfast.atDashboard('capture', id, { amountMinor: 10_500 });
    expect((await operate(holdfast, id, 'recheck')).status).toBe(200);
    await holdfast.until(id, ({ status }) => status === 'captured');
    const facts = await holdfast.facts(id);
    expect(facts).not.toContain('inquiry.inconclusive');
  });

  it('proves messages about older payments with its new secret', async () => {
    const news = newsOf(holdfast);
    const { body } = await holdfast.start();
    await rotate(['whsec_rolled']);
    await holdfast.atDashboard('cancel', body.id);
    const [event] = (await news.eventsOf(await news.refOf(body.id))).filter(
      ({ type }) => type === 'payment_intent.canceled',
    );
    const text = JSON.stringify(event, null, 2);
    await news.deliver(event!, { signature: signed(text, 'whsec_rolled') });
    await holdfast.until(body.id, ({ status }) => status === 'voided');
    const kept = (await news.kept()).filter(({ paymentId }) => paymentId === body.id);
    expect(kept.map(({ verified }) => verified)).toEqual([true]);
  });

  it('refuses what is asked for while no newer one is saved, and not any more after that', async () => {
    const { body } = await holdfast.start();
    await holdfast.simulate('keys/revoke', { key: inForce });
    const refused = await holdfast.command(body.id, 'capture');
    expect([refused.status, refused.body.status]).toEqual([200, 'authorized']);
    expect(refused.body.needsAttention).toContain('does not accept the integration');
    await rotate();
    expect((await holdfast.command(body.id, 'capture')).body.status).toBe('captured');
  });

  it('can be saved again after a newer one: that is a generation of its own', async () => {
    const first = inForce;
    const { id } = await begun();
    await holdfast.simulate('keys/accept', { key: first });
    await holdfast.simulate('keys/revoke', { key: inForce });
    const { body } = await save(first);
    inForce = first;
    const { rows } = await holdfast.pool.query<{ newest: number }>(
      'select max(generation) as newest from integration_credentials',
    );
    expect(body.credentialsGeneration).toBe(rows[0]?.newest);
    expect((await holdfast.command(id, 'capture')).body.status).toBe('captured');
  });
});

describe('InfinitePay’s credentials that are replaced', () => {
  let holdfast: Holdfast;
  let infinitepay: Guarantees;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    infinitepay = await createGuarantees(holdfast);
  });
  afterAll(async () => {
    await holdfast.close();
    await infinitepay.close();
  });

  let inForce = {
    username: 'simulator',
    password: 'simulator-password',
    secret: 'simulator-secret',
  };
  async function rotate(): Promise<void> {
    const former = inForce;
    inForce = { username: former.username, password: randomUUID(), secret: randomUUID() };
    await infinitepay.simulate('credentials/accept', inForce);
    const { id, accountId, provider, mode, baseUrl, enabled, settings } =
      (await holdfast.deps.integrations.newest('infinitepay'))!;
    expect([accountId, enabled]).toEqual(['main', true]);
    const credentials = { clientRef: 'HOLDFAST-SIM', ...inForce };
    const { status, body } = await holdfast.request<Saved>('PUT', `/v1/integrations/${id}`, {
      body: { provider, mode, baseUrl, settings, credentials },
    });
    expect([status, body.version]).toEqual([200, 1]);
    await infinitepay.simulate('credentials/revoke', former);
  }

  it('are used for each step of an older order, and for its looks', async () => {
    const { body } = await infinitepay.start();
    expect(body.status).toBe('reserved');
    await rotate();
    expect((await operate(holdfast, body.id, 'recheck')).status).toBe(200);
    await rotate();
    const modified = await holdfast.command(body.id, 'modify', { amountMinor: 90_000 });
    expect(modified.body.amounts.authorized).toBe(90_000);
    await rotate();
    expect((await holdfast.command(body.id, 'capture')).body.status).toBe('captured');
    await rotate();
    expect((await holdfast.command(body.id, 'activate')).body.status).toBe('guaranteed');
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => /refused|unknown|inconclusive/.test(type))).toEqual([]);
  });

  it('are used for the cancellation of an older order', async () => {
    const { body } = await infinitepay.start();
    await rotate();
    expect((await holdfast.command(body.id, 'cancel')).body.status).toBe('cancelled');
  });
});

describe('an Apruve key that is replaced', () => {
  let holdfast: Holdfast;
  let apruve: Credits;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    apruve = await createCredits(holdfast);
  });
  afterAll(async () => {
    await holdfast.close();
    await apruve.close();
  });

  let inForce = MERCHANT.apiKey;
  const TOKENS = ['token-of-another-test-0123'];
  async function rotate(): Promise<void> {
    const former = inForce;
    inForce = randomUUID().replaceAll('-', '');
    await apruve.simulate('keys/accept', { key: inForce });
    const { provider, mode, baseUrl, settings } =
      (await holdfast.deps.integrations.newest('apruve'))!;
    const credentials = { ...MERCHANT, apiKey: inForce, webhookTokens: TOKENS };
    const { status, body } = await holdfast.request<Saved>('PUT', '/v1/integrations/apruve', {
      body: { provider, mode, baseUrl, settings, credentials },
    });
    expect([status, body.version]).toEqual([200, 1]);
    await apruve.simulate('keys/revoke', { key: former });
  }

  it('is used for each step of an older order, its looks, and its messages', async () => {
    const { id } = await apruve.authorized();
    await rotate();
    expect((await operate(holdfast, id, 'recheck')).status).toBe(200);
    await rotate();
    const wish = { invoiceNumber: 'R-1', amountMinor: 40_000 };
    const invoiced = await holdfast.command(id, 'invoices', wish);
    expect(invoiced.body.details).toMatchObject({ invoicedMinor: 40_000 });
    await rotate();
    const cancelled = await holdfast.command(id, 'cancel-invoice', { invoiceNumber: 'R-1' });
    expect(cancelled.body.details).toMatchObject({ invoicedMinor: 0 });
    await rotate();
    const again = await holdfast.command(id, 'invoices', { invoiceNumber: 'R-2' });
    expect(again.body.status).toBe('invoiced');
    const order = apruve.ordersOf(again.body)[0]?.id ?? '';
    await apruve.atDashboard('fund', order);
    const [message] = apruve.saidOf(again.body, 'invoice.funded');
    await rotate();
    expect(await apruve.deliver(message, TOKENS[0] ?? null)).toBe(200);
    await holdfast.until(id, ({ status }) => status === 'funded');
    await rotate();
    const refunded = await holdfast.command(id, 'refund', {
      invoiceNumber: 'R-2',
      amountMinor: 5_000,
      reason: 'DAMAGED',
    });
    expect(refunded.body.amounts).toMatchObject({ captured: TOTAL, refunded: 5_000 });
    const facts = await holdfast.facts(id);
    expect(facts.filter((type) => /refused|unknown|inconclusive/.test(type))).toEqual([]);
  });
});
