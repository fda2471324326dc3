/** Amounts reach Stripe in Stripe's units, whatever ISO 4217 says of the currency. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

type Received = { method: string; path: string; body: string };

describe('an amount', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  /** What Stripe was asked to move, oldest first. */
  async function sent(since: number): Promise<string[]> {
    const response = await fetch(`${holdfast.stripe.url}/_sim/requests`);
    const all = (await response.json()) as Received[];
    return all
      .slice(since)
      .filter(({ method }) => method === 'POST')
      .map(({ path, body }) => {
        const form = new URLSearchParams(body);
        const amount = form.get('amount') ?? form.get('amount_to_capture');
        return [path.split('/').at(-1), amount, form.get('currency')].filter(Boolean).join(' ');
      });
  }
  const received = async () =>
    ((await (await fetch(`${holdfast.stripe.url}/_sim/requests`)).json()) as Received[]).length;

  /** Source: https://docs.stripe.com/currencies#zero-decimal, #special-cases and #three-decimal. */
  it.each([
    {
      currency: 'EUR',
      amountMinor: 10_500,
      capture: 6_000,
      refund: 1_000,
      atStripe: [10_500, 6_000, 1_000],
    },
    { currency: 'JPY', amountMinor: 1_050, capture: 600, refund: 100, atStripe: [1_050, 600, 100] },
    {
      currency: 'KWD',
      amountMinor: 10_500,
      capture: 6_000,
      refund: 10,
      atStripe: [10_500, 6_000, 10],
    },
    {
      currency: 'ISK',
      amountMinor: 1_050,
      capture: 600,
      refund: 1,
      atStripe: [105_000, 60_000, 100],
    },
    {
      currency: 'UGX',
      amountMinor: 1_050,
      capture: 600,
      refund: 1,
      atStripe: [105_000, 60_000, 100],
    },
    { currency: 'MGA', amountMinor: 10_500, capture: 600, refund: 100, atStripe: [105, 6, 1] },
  ])('of $amountMinor in $currency is held, captured and refunded as asked', async (each) => {
    const { currency, amountMinor, atStripe } = each;
    const since = await received();
    const { body } = await holdfast.start({ amount: { amountMinor, currency } });
    expect(body).toMatchObject({
      status: 'authorized',
      amounts: { currency, authorized: amountMinor },
    });
    await holdfast.command(body.id, 'capture', { amountMinor: each.capture, final: true });
    const { body: last } = await holdfast.command(body.id, 'refund', { amountMinor: each.refund });
    expect(last).toMatchObject({
      status: 'partially_refunded',
      amounts: {
        captured: each.capture,
        voided: amountMinor - each.capture,
        refunded: each.refund,
      },
    });
    const [hold, capture, refund] = atStripe;
    expect(await sent(since)).toEqual([
      `payment_intents ${hold} ${currency.toLowerCase()}`,
      `capture ${capture}`,
      `refunds ${refund}`,
    ]);
  });
});
