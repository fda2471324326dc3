import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { simulatorClient, type Body } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const RETURN = { return_url: 'https://shop.example/back?order=7' };
const challenged = (form: Record<string, string> = {}) =>
  stripe.hold({ payment_method: 'pm_card_threeDSecure2Required', ...RETURN, ...form });
const click = async ({ id }: Body, outcome: string) => {
  const answer = await stripe.simulator.app.request(`/_pages/3ds/${id}`, {
    method: 'POST',
    body: new URLSearchParams({ outcome }),
  });
  return { status: answer.status, to: new URL(answer.headers.get('location') ?? 'none:') };
};
const intent = async ({ id }: Body) => (await stripe.get(`/v1/payment_intents/${id}`)).body;

describe('a payment that must be authenticated', () => {
  it('asks the customer to go to a page and moves nothing', async () => {
    const held = await challenged();
    expect(held).toMatchObject({
      status: 'requires_action',
      latest_charge: null,
      next_action: { type: 'redirect_to_url', redirect_to_url: RETURN },
    });
    const { url } = held['next_action'].redirect_to_url;
    expect(url).toMatch(new RegExp(`^http://[^/]+/_pages/3ds/${held['id']}$`));
    expect(await stripe.ledger()).toEqual([]);
    expect((await stripe.eventTypes()).at(-1)).toBe('payment_intent.requires_action');
  });

  it('shows amount, card and two buttons', async () => {
    const { id } = await challenged({ amount: '123456', currency: 'eur' });
    const answer = await stripe.simulator.app.request(`/_pages/3ds/${id}`);
    const page = await answer.text();
    expect(page).toContain('1234.56 EUR');
    expect(page).toContain('3220');
    expect(page).toContain('Complete authentication');
    expect(page).toContain('Fail authentication');
  });

  it('is held once the customer has completed it, and the browser goes back', async () => {
    const held = await challenged();
    const { status, to } = await click(held, 'complete');
    expect(status).toBe(303);
    expect(to.origin + to.pathname).toBe('https://shop.example/back');
    expect(Object.fromEntries(to.searchParams)).toEqual({
      order: '7',
      payment_intent: held['id'],
      payment_intent_client_secret: held['client_secret'],
      redirect_status: 'succeeded',
    });
    expect(await intent(held)).toMatchObject({ status: 'requires_capture', next_action: null });
    expect(await stripe.ledger()).toMatchObject([{ kind: 'authorize', key: null }]);
  });

  it('is paid with automatic capture', async () => {
    const held = await challenged({ capture_method: 'automatic' });
    await click(held, 'complete');
    expect((await intent(held))['status']).toBe('succeeded');
  });

  it('wants another payment method after a failure', async () => {
    const held = await challenged();
    const { to } = await click(held, 'fail');
    expect(to.searchParams.get('redirect_status')).toBe('failed');
    expect(await intent(held)).toMatchObject({
      status: 'requires_payment_method',
      payment_method: null,
      last_payment_error: { code: 'payment_intent_authentication_failure' },
    });
    expect(await stripe.ledger()).toEqual([]);
  });

  it('may be declined after the authentication', async () => {
    const held = await challenged({
      payment_method: 'pm_card_authenticationRequiredChargeDeclinedInsufficientFunds',
    });
    const { to } = await click(held, 'complete');
    expect(to.searchParams.get('redirect_status')).toBe('failed');
    expect((await intent(held))['last_payment_error']).toMatchObject({
      code: 'card_declined',
      decline_code: 'insufficient_funds',
    });
  });

  it('is decided once: a second click only goes back', async () => {
    const held = await challenged();
    await click(held, 'complete');
    const { status, to } = await click(held, 'fail');
    expect([status, to.searchParams.get('redirect_status')]).toEqual([303, 'succeeded']);
    expect(await stripe.ledger()).toHaveLength(1);
  });

  it('is declined when the customer is not there', async () => {
    const form = { payment_method: 'pm_card_authenticationRequired', off_session: 'true' };
    const { error } = await stripe.hold(form);
    expect(error).toMatchObject({
      type: 'card_error',
      code: 'authentication_required',
      payment_intent: { status: 'requires_payment_method' },
    });
  });

  it('leaves the redirect to Stripe.js without a return_url', async () => {
    const held = await stripe.hold({ payment_method: 'pm_card_authenticationRequired' });
    expect(held['next_action'].type).toBe('use_stripe_sdk');
  });

  it('can be cancelled instead', async () => {
    const { id } = await challenged();
    const { body } = await stripe.post(`/v1/payment_intents/${id}/cancel`);
    expect(body).toMatchObject({ status: 'canceled', next_action: null });
    expect(await stripe.ledger()).toEqual([]);
  });
});
