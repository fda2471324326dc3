/** Apruve's messages: proven by the secret at the end of their address, and looked up all the same. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits, type Credits, TOKEN, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { type Kept, newsOf } from '../support/news.ts';

describe('a message of Apruve’s', () => {
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
  const refOf = (payment: PaymentResource): string => apruve.ordersOf(payment)[0]?.id ?? '';
  const keptOf = async (uuid: string): Promise<Kept[]> =>
    (await newsOf(holdfast).kept()).filter(({ providerEventId }) => providerEventId === uuid);

  async function invoiced(): Promise<PaymentResource> {
    const { id } = await apruve.authorized();
    return (await holdfast.command(id, 'invoices', { invoiceNumber: 'R-1' })).body;
  }
  async function fundingOf(payment: PaymentResource) {
    await apruve.atDashboard('fund', refOf(payment));
    const [message] = apruve.saidOf(payment, 'invoice.funded');
    if (message === undefined) throw new Error('nothing was said');
    return message;
  }

  it('without its token is never believed, and makes the payment look', async () => {
    for (const token of [null, `${TOKEN}x`]) {
      const payment = await invoiced();
      const message = await fundingOf(payment);
      const asked = await apruve.asked(refOf(payment));
      expect(await apruve.deliver(message, token)).toBe(200);
      await expect.poll(() => apruve.asked(refOf(payment))).toBeGreaterThan(asked);
      expect(await keptOf(message.uuid)).toMatchObject([{ verified: false, state: 'unverified' }]);
      expect(await holdfast.get(payment.id)).toMatchObject({
        status: 'invoiced',
        amounts: { captured: 0 },
      });
      expect(await apruve.deliver(message)).toBe(200);
      await holdfast.until(payment.id, ({ status }) => status === 'funded');
    }
  });

  it('that is forged brings the truth and nothing else', async () => {
    const { body } = await apruve.place('review@example.com');
    const id = apruve.ordersOf(body)[0]?.id;
    const forged = {
      uuid: randomUUID(),
      event: 'order.accepted',
      entity: { id, merchant_order_id: apruve.orderIdIn(body) },
    };
    expect(await apruve.deliver(forged, null)).toBe(200);
    expect(await apruve.deliver({ ...forged, uuid: randomUUID() })).toBe(200);
    await expect.poll(() => apruve.asked(String(id))).toBeGreaterThan(0);
    expect(await holdfast.get(body.id)).toMatchObject({
      status: 'in_review',
      amounts: { authorized: 0 },
    });
  });

  it('that is a duplicate is answered 200 and changes nothing', async () => {
    const payment = await invoiced();
    const message = await fundingOf(payment);
    expect(await apruve.deliver(message)).toBe(200);
    await holdfast.until(payment.id, ({ status }) => status === 'funded');
    const facts = await holdfast.facts(payment.id);
    for (let time = 0; time < 3; time += 1) expect(await apruve.deliver(message)).toBe(200);
    expect(await keptOf(message.uuid)).toMatchObject([{ received: 4, verified: true }]);
    expect(await holdfast.facts(payment.id)).toEqual(facts);
    expect((await holdfast.get(payment.id)).amounts.captured).toBe(TOTAL);
    const ledger = await newsOf(holdfast).ledger(payment.id);
    expect(ledger).toEqual({ order_receivable: -TOTAL, provider_balance: TOTAL });
  });

  it('that comes again with another id says nothing new', async () => {
    const payment = await invoiced();
    const message = await fundingOf(payment);
    await apruve.deliver(message);
    await holdfast.until(payment.id, ({ status }) => status === 'funded');
    const again = { ...message, uuid: randomUUID() };
    expect(await apruve.deliver(again)).toBe(200);
    const state = async () => (await keptOf(again.uuid))[0]?.state;
    await expect.poll(state, { timeout: 15_000 }).toBe('settled');
    expect((await holdfast.get(payment.id)).amounts.captured).toBe(TOTAL);
  });

  it('that comes before the invoice is known is told later', async () => {
    const accepted = await apruve.authorized();
    await apruve.fault({ operation: 'capture', fault: 'delay', times: 1, delayMs: 1_500 });
    const asked = holdfast.command(accepted.id, 'invoices', { invoiceNumber: 'R-1' });
    const isIssued = async () => (await apruve.moved(accepted)).length;
    await expect.poll(isIssued).toBe(2);
    const message = await fundingOf(accepted);
    expect(await apruve.deliver(message)).toBe(200);
    expect((await holdfast.get(accepted.id)).status).toBe('invoicing');
    expect((await asked).body.status).toBe('invoiced');
    const isFunded = async () => {
      await newsOf(holdfast).sweep();
      return (await holdfast.get(accepted.id)).status;
    };
    await expect.poll(isFunded, { timeout: 20_000 }).toBe('funded');
  });

  it('about an order of another system is kept and waits', async () => {
    const entity = { id: randomUUID(), order_id: randomUUID() };
    const message = { uuid: randomUUID(), event: 'invoice.funded', entity };
    expect(await apruve.deliver(message)).toBe(200);
    const kept = async () => (await keptOf(message.uuid))[0]?.reason;
    await expect.poll(kept).toContain('No payment of this integration');
    expect(await keptOf(message.uuid)).toMatchObject([{ state: 'waiting', paymentId: null }]);
  });

  it('is still heard by a switched-off integration, for its running invoices', async () => {
    await apruve.save('apruve_old');
    const { id } = await apruve.authorized({ method: 'apruve_old.credit' });
    const { body } = await holdfast.command(id, 'invoices', { amountMinor: 40_000 });
    await apruve.save('apruve_old', {}, false);
    expect((await apruve.start({ method: 'apruve_old.credit' })).status).toBeGreaterThanOrEqual(
      400,
    );
    expect(await apruve.deliver(await fundingOf(body), TOKEN, 'apruve_old')).toBe(200);
    await holdfast.until(id, ({ status }) => status === 'partially_funded');
    const rest = await holdfast.command(id, 'invoices');
    expect(rest.body.status).toBe('invoiced');
    expect(
      (await holdfast.command(id, 'refund', { amountMinor: 1_000, invoiceNumber: 'R-9' })).status,
    ).not.toBe(404);
  });

  it('is not kept under the name of another provider or of no integration', async () => {
    for (const path of ['/webhooks/stripe/apruve', '/webhooks/apruve/nobody']) {
      const { status } = await holdfast.app.request(path, { method: 'POST', body: '{}' });
      expect(status).toBe(404);
    }
  });
});
