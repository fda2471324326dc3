import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, DAY_MS, simulatorClient } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const SALE = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };
const post = (form: Record<string, string>, key: string) =>
  stripe.post('/v1/payment_intents', form, { key });
const captures = async () => (await stripe.ledger()).filter(({ kind }) => kind === 'capture');

describe('an idempotency key', () => {
  it('has one effect and one answer', async () => {
    const first = await post(SALE, 'k');
    const again = await post(SALE, 'k');
    expect(again.status).toBe(200);
    expect(again.body).toEqual(first.body);
    expect(first.headers.get('idempotent-replayed')).toBeNull();
    expect(again.headers.get('idempotent-replayed')).toBe('true');
    expect(again.headers.get('original-request')).toBe(first.headers.get('request-id'));
    expect(await captures()).toHaveLength(1);
  });

  it('replays the answer of then, not the state of now', async () => {
    const hold = { ...SALE, capture_method: 'manual' };
    const { body } = await post(hold, 'k');
    await stripe.post(`/v1/payment_intents/${body['id']}/cancel`);
    expect((await post(hold, 'k')).body['status']).toBe('requires_capture');
  });

  it('replays a decline', async () => {
    const form = { ...SALE, payment_method: 'pm_card_chargeDeclined' };
    const first = await post(form, 'k');
    const again = await post(form, 'k');
    expect(again.status).toBe(402);
    expect(again.body).toEqual(first.body);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('does not mind the order of the parameters', async () => {
    await post(SALE, 'k');
    const backwards = Object.fromEntries(Object.entries(SALE).toReversed());
    expect((await post(backwards, 'k')).headers.get('idempotent-replayed')).toBe('true');
  });

  it('is refused with other parameters or for another endpoint', async () => {
    await post(SALE, 'k');
    const other = await post({ ...SALE, amount: '1001' }, 'k');
    expect([other.status, other.body['error'].type]).toEqual([400, 'idempotency_error']);
    const elsewhere = await stripe.post('/v1/refunds', SALE, { key: 'k' });
    expect(elsewhere.body['error'].type).toBe('idempotency_error');
    expect(await captures()).toHaveLength(1);
  });

  it('is in use while its first request runs', async () => {
    const answers = await Promise.all([post(SALE, 'k'), post(SALE, 'k'), post(SALE, 'k')]);
    expect(answers.map(({ status }) => status)).toEqual([200, 409, 409]);
    expect(answers[1]?.body['error']).toMatchObject({
      type: 'idempotency_error',
      code: 'idempotency_key_in_use',
    });
    expect(await captures()).toHaveLength(1);
    expect((await post(SALE, 'k')).status).toBe(200);
  });

  it('does not remember malformed parameters or a missing API key', async () => {
    expect((await post({ ...SALE, amount: 'x' }, 'k')).status).toBe(400);
    const headers = { authorization: '' };
    const anonymous = await stripe.post('/v1/payment_intents', SALE, { key: 'k', headers });
    expect(anonymous.status).toBe(401);
    expect((await post(SALE, 'k')).status).toBe(200);
  });

  it('remembers a refusal for the state of the payment', async () => {
    const { id } = await stripe.hold();
    const path = `/v1/payment_intents/${id}/capture`;
    const form = { amount_to_capture: '1001' };
    await stripe.post(path, form, { key: 'k' });
    const again = await stripe.post(path, form, { key: 'k' });
    expect(again.status).toBe(400);
    expect(again.headers.get('idempotent-replayed')).toBe('true');
  });

  it('has at most 255 characters', async () => {
    expect((await post(SALE, 'x'.repeat(256))).status).toBe(400);
    expect((await post(SALE, 'x'.repeat(255))).status).toBe(200);
  });

  it('is forgotten after 24 hours, and then acts again', async () => {
    await post(SALE, 'k');
    await stripe.advance(DAY_MS - 1000);
    expect((await post(SALE, 'k')).headers.get('idempotent-replayed')).toBe('true');
    await stripe.advance(1000);
    expect((await post(SALE, 'k')).headers.get('idempotent-replayed')).toBeNull();
    expect(await captures()).toHaveLength(2);
  });
});
