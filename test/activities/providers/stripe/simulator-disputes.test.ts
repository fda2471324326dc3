import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, DAY_MS, simulatorClient, type Body } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const paid = async (payment_method = 'pm_card_visa'): Promise<Body> =>
  (await stripe.post('/v1/payment_intents', { ...CARD, amount: '1000', payment_method })).body;
const act = (action: string, { id }: Body, more = {}) =>
  stripe.post(`/_sim/dashboard/${action}`, JSON.stringify({ ref: id, ...more }));
const moved = async () =>
  (await stripe.ledger()).slice(2).map(({ kind, amountMinor }) => [kind, amountMinor]);
const told = async () => (await stripe.eventTypes()).filter((type) => type.includes('dispute'));
const refund = ({ id }: Body) =>
  stripe.post('/v1/refunds', { payment_intent: id as string, amount: '100' });

describe('a dispute', () => {
  it('withdraws all that was captured and marks the charge', async () => {
    const payment = await paid();
    const { body } = await act('dispute', payment);
    expect(body).toMatchObject({
      object: 'dispute',
      amount: 1000,
      currency: 'usd',
      charge: payment['latest_charge'],
      payment_intent: payment['id'],
      reason: 'fraudulent',
      status: 'needs_response',
      is_charge_refundable: false,
      balance_transactions: [{ amount: -1000, source: body['id'] }],
    });
    expect(body['id']).toMatch(/^dp_/);
    const { due_by: dueBy } = body['evidence_details'];
    expect(dueBy - body['created']).toBeGreaterThanOrEqual((7 * DAY_MS) / 1000);
    const charge = await stripe.get(`/v1/charges/${payment['latest_charge']}`);
    expect(charge.body).toMatchObject({ disputed: true, amount_captured: 1000 });
    expect(await moved()).toEqual([['dispute', 1000]]);
    expect(await told()).toEqual(['charge.dispute.created', 'charge.dispute.funds_withdrawn']);
  });

  it('that is won brings the money back', async () => {
    const payment = await paid();
    await act('dispute', payment);
    const { body } = await act('dispute-win', payment);
    expect(body).toMatchObject({
      status: 'won',
      evidence_details: { has_evidence: true },
      balance_transactions: [{ amount: -1000 }, { amount: 1000 }],
    });
    expect(await moved()).toEqual([
      ['dispute', 1000],
      ['dispute-won', 1000],
    ]);
    expect((await told()).slice(2)).toEqual([
      'charge.dispute.updated',
      'charge.dispute.closed',
      'charge.dispute.funds_reinstated',
    ]);
  });

  it('that is lost moves nothing more', async () => {
    const payment = await paid();
    await act('dispute', payment);
    const { body } = await act('dispute-lose', payment);
    expect(body).toMatchObject({ status: 'lost', balance_transactions: [{ amount: -1000 }] });
    expect((await stripe.ledger()).at(-1)).toMatchObject({ kind: 'dispute-lost', key: null });
    expect((await told()).slice(2)).toEqual(['charge.dispute.closed']);
  });

  it('may be of a part, of what was captured, and of no more than that', async () => {
    const { id } = await stripe.hold();
    expect((await act('dispute', { id })).status).toBe(400);
    await stripe.post(`/v1/payment_intents/${id}/capture`, { amount_to_capture: '700' });
    expect((await act('dispute', { id }, { amountMinor: 701 })).status).toBe(400);
    expect((await act('dispute', { id }, { amountMinor: 300 })).body['amount']).toBe(300);
    expect((await act('dispute', { id })).status).toBe(400);
    await act('dispute-lose', { id });
    expect((await act('dispute', { id }, { amountMinor: 401 })).status).toBe(400);
    expect((await act('dispute', { id }, { amountMinor: 400 })).status).toBe(200);
  });

  it('is closed once', async () => {
    const payment = await paid();
    expect((await act('dispute-win', payment)).status).toBe(400);
    await act('dispute', payment);
    await act('dispute-lose', payment);
    expect((await act('dispute-win', payment)).status).toBe(400);
  });

  it('lets no refund pass until it is won', async () => {
    const [won, lost] = [await paid(), await paid()];
    for (const payment of [won, lost]) {
      await act('dispute', payment);
      const { status, body } = await refund(payment);
      expect([status, body['error'].code]).toEqual([400, 'charge_disputed']);
    }
    await act('dispute-win', won);
    await act('dispute-lose', lost);
    expect((await refund(won)).status).toBe(200);
    expect((await refund(lost)).body['error'].code).toBe('charge_disputed');
  });

  it.each([
    ['pm_card_createDispute', 'fraudulent'],
    ['pm_card_createDisputeProductNotReceived', 'product_not_received'],
  ])('comes with %s as soon as the money is captured', async (payment_method, reason) => {
    await paid(payment_method);
    const { id } = await stripe.hold({ payment_method });
    expect((await stripe.get(`/v1/disputes?payment_intent=${id}`)).body['data']).toEqual([]);
    await stripe.post(`/v1/payment_intents/${id}/capture`);
    const { body } = await stripe.get('/v1/disputes');
    expect(body['data']).toMatchObject([{ reason, payment_intent: id }, { reason }]);
    expect((await stripe.eventTypes()).at(-1)).toBe('charge.dispute.funds_withdrawn');
  });
});

describe('a disputing card', () => {
  it('lets a capture pass though a part was disputed before', async () => {
    const { id } = await stripe.hold({
      payment_method: 'pm_card_createDispute',
      'payment_method_options[card][request_multicapture]': 'if_available',
    });
    const capture = (form: Record<string, string>) =>
      stripe.post(`/v1/payment_intents/${id}/capture`, form);
    await capture({ amount_to_capture: '400', final_capture: 'false' });
    await act('dispute', { id });
    expect((await capture({})).body['status']).toBe('succeeded');
    expect((await stripe.get('/v1/disputes')).body['data']).toHaveLength(1);
  });
});

describe('the list of disputes', () => {
  it('is narrowed by charge, payment and time, and paged', async () => {
    const [first, second] = [await paid('pm_card_createDispute'), await paid()];
    await stripe.advance(DAY_MS);
    const { body: later } = await act('dispute', second);
    const ids = async (query: string) => {
      const { body } = await stripe.get(`/v1/disputes?${query}`);
      return (body['data'] as Body[]).map((dispute) => dispute['payment_intent'] as string);
    };
    expect(await ids('')).toEqual([second['id'], first['id']]);
    expect(await ids(`charge=${first['latest_charge']}`)).toEqual([first['id']]);
    expect(await ids(`payment_intent=${second['id']}`)).toEqual([second['id']]);
    expect(await ids(`created[gte]=${later['created']}`)).toEqual([second['id']]);
    expect(await ids(`created[lt]=${later['created']}`)).toEqual([first['id']]);
    expect(await ids(`limit=1&starting_after=${later['id']}`)).toEqual([first['id']]);
  });

  it('shows the charge where it is asked for', async () => {
    await paid('pm_card_createDispute');
    const { body } = await stripe.get('/v1/disputes?expand[]=data.charge');
    expect(body['data'][0].charge).toMatchObject({ object: 'charge', disputed: true });
  });

  it('knows each by its id, and no other', async () => {
    const { body } = await act('dispute', await paid());
    expect((await stripe.get(`/v1/disputes/${body['id']}`)).body).toEqual(body);
    const unknown = await stripe.get('/v1/disputes/dp_none');
    expect([unknown.status, unknown.body['error'].code]).toEqual([404, 'resource_missing']);
  });
});
