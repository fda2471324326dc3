import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, simulatorClient } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const SALE = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };
const by = (key: string) => ({ headers: { authorization: `Bearer ${key}` } });
const admin = (path: string, body: object) =>
  stripe.simulator.app.request(`/_sim/keys/${path}`, {
    method: 'POST',
    body: JSON.stringify(body),
  });
const accountOf = async (key: string) =>
  (await stripe.send('GET', '/v1/account', '', by(key))).body['id'] as string;

describe('an API key of the simulated account', () => {
  it('is expired once it was revoked, and good again once it is accepted', async () => {
    await admin('revoke', { key: 'sk_test_old' });
    const { status, body } = await stripe.send(
      'POST',
      '/v1/payment_intents',
      SALE,
      by('sk_test_old'),
    );
    expect([status, body['error'].code]).toEqual([401, 'api_key_expired']);
    expect(stripe.simulator.state.intents.size).toBe(0);
    expect((await stripe.send('GET', '/v1/account', '', by('sk_test_new'))).status).toBe(200);
    await admin('accept', { key: 'sk_test_old' });
    expect((await stripe.send('GET', '/v1/events', '', by('sk_test_old'))).status).toBe(200);
  });

  it('tells its account, the same for every key of it', async () => {
    const account = await accountOf('sk_test_one');
    expect(account).toMatch(/^acct_\w{16}$/);
    expect(await accountOf('sk_test_two')).toBe(account);
  });

  it('is unknown when it is restricted and nobody made it, and may not read its account then', async () => {
    expect((await stripe.send('GET', '/v1/events', '', by('rk_test_one'))).status).toBe(401);
    await admin('accept', { key: 'rk_test_one' });
    expect((await stripe.send('GET', '/v1/events', '', by('rk_test_one'))).status).toBe(200);
    expect((await stripe.send('GET', '/v1/account', '', by('rk_test_one'))).status).toBe(403);
  });

  it.each([{}, { key: 'pk_test_public' }, { key: 'sk_test_one', account: 'mine' }])(
    'is not %j',
    async (body) => {
      expect((await admin('accept', body)).status).toBe(400);
    },
  );
});

describe('a key of another account', () => {
  beforeEach(() => admin('accept', { key: 'sk_test_other', account: 'acct_other' }));

  it('tells that account and finds nothing of this one', async () => {
    expect(await accountOf('sk_test_other')).toBe('acct_other');
    const made = await stripe.post('/v1/payment_intents', SALE);
    const path = `/v1/payment_intents/${made.body['id']}`;
    const { status, body } = await stripe.send('GET', path, '', by('sk_test_other'));
    expect([status, body['error'].code]).toEqual([404, 'resource_missing']);
    const listed = await stripe.send('GET', '/v1/payment_intents', '', by('sk_test_other'));
    expect(listed.body['data']).toEqual([]);
  });
});
