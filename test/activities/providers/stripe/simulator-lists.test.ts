import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CARD, DAY_MS, simulatorClient, type Body } from './stripe-simulator.client.ts';

let stripe: ReturnType<typeof simulatorClient>;
beforeEach(() => {
  stripe = simulatorClient();
});
afterEach(() => stripe.simulator.close());

const list = async (path: string): Promise<Body[]> =>
  (await stripe.get(`/v1/${path}`)).body['data'] as Body[];
const ids = async (path: string) => (await list(path)).map(({ id }) => id as string);

/** A refunded and disputed payment: one of each that can be listed. */
async function day(): Promise<Record<string, string>> {
  const form = { ...CARD, amount: '1000', payment_method: 'pm_card_visa' };
  const { body } = await stripe.post('/v1/payment_intents', form);
  const { id, latest_charge: charge } = body;
  const refund = await stripe.post('/v1/refunds', { payment_intent: id as string, amount: '300' });
  const dispute = await stripe.post('/_sim/dashboard/dispute', JSON.stringify({ ref: id }));
  return {
    payment_intents: id,
    charges: charge,
    refunds: refund.body['id'],
    disputes: dispute.body['id'],
  };
}

describe('the lists that a day is reconciled with', () => {
  it.each(['payment_intents', 'charges', 'refunds', 'disputes'])(
    '%s are of a span of time, newest first and paged',
    async (what) => {
      const days: string[] = [];
      const midnights: number[] = [];
      for (const _ of ['first', 'second', 'third']) {
        midnights.push(
          Math.floor(Date.parse((await stripe.get('/_sim/clock')).body['now']) / 1000),
        );
        days.unshift((await day())[what] ?? '');
        await stripe.advance(DAY_MS);
      }
      const [, second, third] = midnights as [number, number, number];
      expect(await ids(what)).toEqual(days);
      const span = `created[gte]=${second}&created[lt]=${third}`;
      expect(await ids(`${what}?${span}`)).toEqual([days[1]]);
      expect(await ids(`${what}?limit=2&starting_after=${days[0]}`)).toEqual(days.slice(1));
      const page = await stripe.get(`/v1/${what}?limit=1&created[gte]=${second}`);
      expect(page.body).toMatchObject({ url: `/v1/${what}`, has_more: true });
      const rest = `${what}?limit=1&created[gte]=${second}&starting_after=${days[0]}`;
      expect((await stripe.get(`/v1/${rest}`)).body).toMatchObject({
        has_more: false,
        data: [{ id: days[1] }],
      });
    },
  );

  it('show each payment with its charge, refunded and disputed', async () => {
    const { payment_intents: id } = await day();
    expect(await list('payment_intents?expand[]=data.latest_charge')).toMatchObject([
      { id, latest_charge: { amount_captured: 1000, amount_refunded: 300, disputed: true } },
    ]);
    const charge = { payment_intent: id, amount_refunded: 300, disputed: true };
    expect(await list('refunds?expand[]=data.charge')).toMatchObject([{ charge }]);
    expect(await list('disputes?expand[]=data.charge')).toMatchObject([{ charge }]);
  });

  it('show charges of one payment or one customer, failed ones too', async () => {
    const { body: customer } = await stripe.post('/v1/customers');
    const form = { ...CARD, amount: '1000', payment_method: 'pm_card_chargeDeclined' };
    const { body } = await stripe.post('/v1/payment_intents', {
      ...form,
      customer: customer['id'],
    });
    const { id } = body['error'].payment_intent;
    await day();
    const failed = [{ status: 'failed', payment_intent: id, customer: customer['id'] }];
    expect(await list(`charges?payment_intent=${id}`)).toMatchObject(failed);
    expect(await list(`charges?customer=${customer['id']}`)).toMatchObject(failed);
    expect(await ids('charges?customer=cus_none')).toEqual([]);
  });
});
