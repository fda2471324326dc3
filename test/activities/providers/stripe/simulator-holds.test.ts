import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DAY_MS, simulatorClient, type Body } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => {
  vi.useRealTimers();
  stripe.simulator.close();
});

const withOptions = (options: Parameters<typeof simulatorClient>[0]) => {
  stripe.simulator.close();
  stripe = simulatorClient(options);
};
const chargeOf = async ({ id }: Body): Promise<Body> =>
  (await stripe.get(`/v1/payment_intents/${id}?expand[]=latest_charge`)).body[
    'latest_charge'
  ] as Body;
const windowOf = async (held: Body): Promise<number> => {
  const charge = await chargeOf(held);
  return charge['payment_method_details'].card.capture_before - charge['created'];
};
const moveEnd = ({ id }: Body, endsInMs: number) =>
  stripe.post('/_sim/dashboard/hold', JSON.stringify({ ref: id, endsInMs }));
const statusOf = async ({ id }: Body) =>
  (await stripe.get(`/v1/payment_intents/${id}`)).body['status'] as string;

describe('the length of a hold', () => {
  it.each([
    ['pm_card_visa', 'jpy', 30],
    ['pm_card_mastercard', 'jpy', 30],
    ['pm_card_amex', 'jpy', 7],
    ['pm_card_visa', 'usd', 7],
  ])('in Japan, with %s in %s, is %d days', async (payment_method, currency, days) => {
    withOptions({ accountCountry: 'JP' });
    expect(await windowOf(await stripe.hold({ payment_method, currency }))).toBe(days * 86_400);
  });

  it('in JPY is the usual one for an account elsewhere', async () => {
    expect(await windowOf(await stripe.hold({ currency: 'jpy' }))).toBe(7 * 86_400);
  });

  it.each([
    [60_000, 60],
    [1_500, 2],
  ])('is what was asked for: %d ms are %d whole seconds', async (holdMs, seconds) => {
    withOptions({ holdMs });
    expect(await windowOf(await stripe.hold())).toBe(seconds);
    expect(await windowOf(await stripe.hold({ off_session: 'true' }))).toBe(seconds);
  });
});

it('a hold lasts as long as was said last, until it is said that it lasts as at Stripe', async () => {
  const say = (holdMs: unknown) => stripe.post('/_sim/holds', JSON.stringify({ holdMs }));
  await say(9_000);
  expect(await windowOf(await stripe.hold())).toBe(9);
  await say(null);
  expect(await windowOf(await stripe.hold())).toBe(7 * 86_400);
  expect((await say('long')).status).toBe(400);
});

describe('the end of a hold', () => {
  it('is the instant that capture_before names, for a capture too', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 21, 12, 0, 0, 400), toFake: ['Date'] });
    withOptions({ holdMs: 5_000 });
    const [early, late] = [await stripe.hold(), await stripe.hold()];
    const { payment_method_details: details } = await chargeOf(early);
    const endsAt = details.card.capture_before * 1000;
    vi.setSystemTime(endsAt - 1);
    const capture = (one: Body) => stripe.post(`/v1/payment_intents/${one['id']}/capture`);
    expect((await capture(early)).body['status']).toBe('succeeded');
    vi.setSystemTime(endsAt);
    expect((await capture(late)).body['error']).toMatchObject({
      code: 'payment_intent_unexpected_state',
      payment_intent: { status: 'canceled', cancellation_reason: 'expired' },
    });
    const kinds = (await stripe.ledger()).map(({ kind }) => kind);
    expect(kinds).toEqual(['authorize', 'authorize', 'capture', 'void']);
  });

  it('can be moved, and the charge tells', async () => {
    const held = await stripe.hold();
    const { status, body } = await moveEnd(held, 60_000);
    expect([status, body['object']]).toEqual([200, 'charge']);
    expect(await windowOf(held)).toBeLessThanOrEqual(61);
    expect((await stripe.eventTypes()).at(-1)).toBe('charge.updated');
    await stripe.advance(58_000);
    expect(await statusOf(held)).toBe('requires_capture');
    await stripe.advance(2_000);
    expect(await statusOf(held)).toBe('canceled');
  });

  it('can be put off, too', async () => {
    const held = await stripe.hold();
    await moveEnd(held, 20 * DAY_MS);
    await stripe.advance(10 * DAY_MS);
    expect(await statusOf(held)).toBe('requires_capture');
  });

  it('is over at once when it is moved to now', async () => {
    const held = await stripe.hold();
    await moveEnd(held, 0);
    expect((await stripe.ledger()).at(-1)).toMatchObject({ kind: 'void', amountMinor: 1000 });
  });

  it('cannot be moved where nothing is held', async () => {
    const paid = await stripe.hold({ capture_method: 'automatic' });
    expect((await moveEnd(paid, 60_000)).status).toBe(400);
    const { body } = await stripe.post('/_sim/dashboard/hold', JSON.stringify({ ref: paid['id'] }));
    expect(body['error']).toContain('POST { ref, endsInMs } to hold');
  });
});
