/** Stripe's own SDK against the simulator: a second understanding of the API that nobody here wrote. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Stripe } from 'stripe';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { served, type Served } from './stripe-simulator.client.ts';

let sim: Served;
let stripe: Stripe;
const connect = async (options: Parameters<typeof served>[0] = {}) => {
  sim = await served(options);
  stripe = new Stripe('sk_test_simulator', {
    host: '127.0.0.1',
    port: sim.port,
    protocol: 'http',
    maxNetworkRetries: 0,
    telemetry: false,
  });
};
beforeEach(() => connect());
afterEach(() => sim.close());

const HOLD: Stripe.PaymentIntentCreateParams = {
  amount: 1000,
  currency: 'eur',
  payment_method: 'pm_card_visa',
  allowed_payment_method_types: ['card'],
  capture_method: 'manual',
  confirm: true,
};

describe("Stripe's SDK", () => {
  it('authorizes, captures, refunds and reads', async () => {
    const held = await stripe.paymentIntents.create(
      { ...HOLD, metadata: { ref: 'txn_1' }, expand: ['latest_charge'] },
      { idempotencyKey: 'op-1' },
    );
    expect(held.status).toBe('requires_capture');
    expect((held.latest_charge as Stripe.Charge).payment_method_details?.type).toBe('card');

    const paid = await stripe.paymentIntents.capture(held.id, { amount_to_capture: 800 });
    expect([paid.status, paid.amount_received]).toEqual(['succeeded', 800]);

    const refund = await stripe.refunds.create({ payment_intent: held.id, amount: 300 });
    expect([refund.status, refund.amount]).toEqual(['succeeded', 300]);
    expect((await stripe.refunds.retrieve(refund.id)).id).toBe(refund.id);

    const read = await stripe.paymentIntents.retrieve(held.id, {
      expand: ['latest_charge.refunds'],
    });
    const charge = read.latest_charge as Stripe.Charge;
    expect([charge.amount_captured, charge.amount_refunded]).toEqual([800, 300]);
    expect(charge.refunds?.data.map(({ id }) => id)).toEqual([refund.id]);
    expect(read.lastResponse.requestId).toMatch(/^req_/);
  });

  it('voids', async () => {
    const { id } = await stripe.paymentIntents.create(HOLD);
    const gone = await stripe.paymentIntents.cancel(id, { cancellation_reason: 'abandoned' });
    expect([gone.status, gone.cancellation_reason]).toEqual(['canceled', 'abandoned']);
  });

  it('captures several times', async () => {
    const { id } = await stripe.paymentIntents.create({
      ...HOLD,
      payment_method_options: { card: { request_multicapture: 'if_available' } },
    });
    const part = { amount_to_capture: 300, final_capture: false };
    expect((await stripe.paymentIntents.capture(id, part)).amount_capturable).toBe(700);
    const end = await stripe.paymentIntents.capture(id, {
      amount_to_capture: 0,
      final_capture: true,
    });
    expect([end.status, end.amount_received]).toEqual(['succeeded', 300]);
  });

  it('walks lists by itself and searches', async () => {
    const made: string[] = [];
    for (let n = 0; n < 5; n++) {
      made.unshift((await stripe.paymentIntents.create({ ...HOLD, metadata: { n } })).id);
    }
    const walked = stripe.paymentIntents.list({ limit: 2 });
    expect((await walked.autoPagingToArray({ limit: 10 })).map(({ id }) => id)).toEqual(made);
    const found = await stripe.paymentIntents.search({ query: "metadata['n']:'3'" });
    expect(found.data.map(({ id }) => id)).toEqual([made[1]]);
  });

  it('saves a card for a customer and charges it without them', async () => {
    const customer = await stripe.customers.create({ name: 'A', metadata: { buyer: 'b1' } });
    const first = await stripe.paymentIntents.create({
      ...HOLD,
      customer: customer.id,
      setup_future_usage: 'off_session',
      expand: ['customer', 'payment_method'],
    });
    expect((first.customer as Stripe.Customer).metadata).toEqual({ buyer: 'b1' });
    const method = first.payment_method as Stripe.PaymentMethod;
    expect(method.customer).toBe(customer.id);
    const again = await stripe.paymentIntents.create({
      ...HOLD,
      customer: customer.id,
      payment_method: method.id,
      off_session: true,
    });
    expect(again.status).toBe('requires_capture');
  });

  it('reads disputes and walks the charges', async () => {
    const sale = { ...HOLD, capture_method: 'automatic' } as const;
    const { id } = await stripe.paymentIntents.create({
      ...sale,
      payment_method: 'pm_card_createDispute',
    });
    await stripe.paymentIntents.create(sale);
    const { data } = await stripe.disputes.list({ payment_intent: id, expand: ['data.charge'] });
    const [dispute] = data as [Stripe.Dispute];
    expect(dispute).toMatchObject({ status: 'needs_response', charge: { disputed: true } });
    expect((await stripe.disputes.retrieve(dispute.id)).amount).toBe(1000);
    const charges = await stripe.charges.list({ limit: 1 }).autoPagingToArray({ limit: 10 });
    expect(charges.map(({ disputed }) => disputed)).toEqual([false, true]);
    await expect(stripe.refunds.create({ payment_intent: id })).rejects.toMatchObject({
      code: 'charge_disputed',
    });
  });

  it('throws the errors it has classes for', async () => {
    const { errors } = Stripe;
    const declined = stripe.paymentIntents.create({
      ...HOLD,
      payment_method: 'pm_card_chargeDeclined',
    });
    await expect(declined).rejects.toBeInstanceOf(errors.StripeCardError);
    await expect(declined).rejects.toMatchObject({
      code: 'card_declined',
      decline_code: 'generic_decline',
      statusCode: 402,
      payment_intent: { status: 'requires_payment_method' },
    });
    const unknown = stripe.paymentIntents.retrieve('pi_none');
    await expect(unknown).rejects.toBeInstanceOf(errors.StripeInvalidRequestError);

    await stripe.paymentIntents.create(HOLD, { idempotencyKey: 'k' });
    const misused = stripe.paymentIntents.create({ ...HOLD, amount: 2 }, { idempotencyKey: 'k' });
    await expect(misused).rejects.toBeInstanceOf(errors.StripeIdempotencyError);

    const stranger = stripe.paymentIntents.list({}, { apiKey: 'sk_live_1' });
    await expect(stranger).rejects.toBeInstanceOf(errors.StripeAuthenticationError);

    await fetch(`${sim.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ operation: 'inquire', fault: 'rate-limited', times: 1 }),
    });
    const hurried = stripe.paymentIntents.list();
    await expect(hurried).rejects.toBeInstanceOf(errors.StripeRateLimitError);
  });

  it('sees one charge though it sends again after a reset connection', async () => {
    await fetch(`${sim.url}/_sim/faults`, {
      method: 'POST',
      body: JSON.stringify({ operation: 'authorize', fault: 'drop-after', times: 1 }),
    });
    const held = await stripe.paymentIntents.create(HOLD, { idempotencyKey: 'once' });
    expect(held.status).toBe('requires_capture');
    const ledger = (await (await fetch(`${sim.url}/_sim/ledger`)).json()) as unknown[];
    expect(ledger).toHaveLength(1);
  });
});

describe('webhooks', () => {
  type Delivery = { body: string; signature: string };

  /** A shop's endpoint that answers with `statuses` in turn, then 200. */
  async function shop(statuses: number[] = []) {
    const deliveries: Delivery[] = [];
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (chunk: Buffer) => (body += chunk.toString()));
      request.on('end', () => {
        deliveries.push({ body, signature: String(request.headers['stripe-signature']) });
        response.writeHead(statuses.shift() ?? 200).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/hooks`,
      deliveries,
      close: () => new Promise((resolve) => server.close(resolve)),
    };
  }

  it('are signed so that the SDK accepts them, and only with the right secret', async () => {
    const endpoint = await shop();
    await sim.close();
    await connect({ webhook: { url: endpoint.url, secret: 'whsec_right' } });
    const { id } = await stripe.paymentIntents.create(HOLD, { idempotencyKey: 'op-9' });
    await expect.poll(() => endpoint.deliveries.length).toBe(3);
    const events = endpoint.deliveries.map(({ body, signature }) =>
      stripe.webhooks.constructEvent(body, signature, 'whsec_right'),
    );
    const held = events.find(({ type }) => type === 'payment_intent.amount_capturable_updated');
    expect(held).toMatchObject({
      object: 'event',
      livemode: false,
      api_version: '2026-10-28.endive',
      pending_webhooks: 1,
      request: { idempotency_key: 'op-9' },
      data: { object: { id, status: 'requires_capture' } },
    });
    const [{ body, signature }] = endpoint.deliveries as [Delivery];
    expect(() => stripe.webhooks.constructEvent(body, signature, 'whsec_wrong')).toThrow(
      Stripe.errors.StripeSignatureVerificationError,
    );
    expect((await stripe.events.retrieve(held?.id ?? '')).data.object).toMatchObject({ id });
    await endpoint.close();
  });

  it('come again until the shop says 2xx', async () => {
    const endpoint = await shop([500, 503]);
    await sim.close();
    await connect({ webhook: { url: endpoint.url, secret: 'whsec_x', retryMs: [1, 1, 1] } });
    const { confirm: _, ...form } = HOLD;
    await stripe.paymentIntents.create(form);
    await expect.poll(() => endpoint.deliveries.length).toBe(3);
    const ids = endpoint.deliveries.map(({ body }) => (JSON.parse(body) as { id: string }).id);
    expect(new Set(ids).size).toBe(1);
    const pending = async () => (await stripe.events.list()).data[0]?.pending_webhooks;
    await expect.poll(pending).toBe(0);
    await endpoint.close();
  });
});
