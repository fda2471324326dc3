/** What a look at Stripe sees beside the money: reviews, warnings, disputes and refunds. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CardPicture } from '../../../../machines/card/card.types.ts';
import { stripeStage, type StripeStage } from './adapter.stage.ts';

let on: StripeStage;
beforeEach(async () => {
  on = await stripeStage();
});
afterEach(() => on.stop());

async function seen(ref: string): Promise<CardPicture> {
  const look = await on.look(ref);
  if (look.kind !== 'seen') throw new Error(look.reason);
  const [picture] = look.pictures;
  if (picture === undefined) throw new Error('nothing seen');
  return picture;
}
const WARNINGS = '/v1/radar/early_fraud_warnings';

describe('a review', () => {
  it('is shown while it is open, and when it is over', async () => {
    const ref = await on.hold('pm_card_riskLevelElevated');
    const providerRef = expect.stringMatching(/^prv_/);
    expect((await seen(ref)).review).toEqual({ providerRef, isOpen: true, reason: 'rule' });
    await on.dashboard('review-approve', { ref });
    expect((await seen(ref)).review).toEqual({ providerRef, isOpen: false, reason: 'approved' });
  });

  it('that a person opens is shown, and ends with the hold', async () => {
    const ref = await on.hold();
    expect((await seen(ref)).review).toBeUndefined();
    await on.dashboard('review', { ref });
    expect((await seen(ref)).review).toMatchObject({ isOpen: true, reason: 'manual' });
    await on.dashboard('cancel', { ref });
    expect((await seen(ref)).review).toMatchObject({ isOpen: false, reason: 'canceled' });
  });

  it('does not hide the money from a key that may not read it', async () => {
    const ref = await on.hold('pm_card_riskLevelElevated');
    await on.refuseNext('GET', '/v1/reviews/*', 403, {});
    await on.refuseNext('GET', WARNINGS, 403, {});
    const picture = await seen(ref);
    expect(picture.heldMinor).toBe(10_500);
    expect([picture.review, picture.fraudWarnings]).toEqual([undefined, undefined]);
  });
});

describe('an early fraud warning', () => {
  it('is shown with what the issuer says', async () => {
    const ref = await on.sale();
    expect((await seen(ref)).fraudWarnings).toEqual([]);
    await on.dashboard('fraud-warning', { ref, fraudType: 'misc' });
    expect((await seen(ref)).fraudWarnings).toEqual([
      { providerRef: expect.stringMatching(/^issfr_/), reason: 'misc' },
    ]);
  });

  it('of the sandbox’s card comes with the capture', async () => {
    const ref = await on.hold('pm_card_createIssuerFraudRecord');
    expect((await seen(ref)).fraudWarnings).toEqual([]);
    await on.capture(on.captureOf(ref, 10_500));
    expect((await seen(ref)).fraudWarnings).toHaveLength(1);
  });

  it('that cannot be asked for leaves the whole look inconclusive', async () => {
    const ref = await on.sale();
    await on.answerNext('GET', WARNINGS, 500);
    expect(await on.look(ref)).toMatchObject({ kind: 'inconclusive' });
  });
});

describe('a dispute', () => {
  it.each([
    ['JPY', 1_700_000, 'JPY 1,700,000'],
    ['USD', 1_700_000, 'USD 17,000.00'],
    ['ISK', 170_000, 'ISK 1,700'],
  ])('in %s is never read as the payment’s money', async (currency, amountMinor, shown) => {
    const ref = await on.sale();
    await on.dashboard('dispute', { ref, amountMinor, currency });
    expect((await seen(ref)).disputes).toMatchObject([{ amountMinor: 0, foreignAmount: shown }]);
  });

  it('has the amount that the bank has corrected', async () => {
    const ref = await on.sale();
    await on.dashboard('dispute', { ref, amountMinor: 4_000 });
    expect((await seen(ref)).disputes).toMatchObject([{ amountMinor: 4_000 }]);
    await on.dashboard('dispute-change', { ref, amountMinor: 5_500 });
    const [dispute] = (await seen(ref)).disputes;
    expect(dispute).toMatchObject({ amountMinor: 5_500, status: 'open' });
    expect(dispute).not.toHaveProperty('foreignAmount');
  });

  it('lets no refund through, and the refusal says so', async () => {
    const ref = await on.sale();
    await on.dashboard('dispute', { ref });
    expect(await on.refund(on.refundOf(ref, 1_000))).toMatchObject({
      kind: 'refused',
      code: 'charge_disputed',
    });
  });
});

describe('a refund', () => {
  it('stays pending as long as it is wanted, and then succeeds or fails', async () => {
    await on.admin('refunds', { pendingMs: null });
    const ref = await on.sale('pm_card_pendingRefund');
    await on.refund(on.refundOf(ref, 1_000));
    await on.admin('clock', { advanceMs: 30 * 86_400_000 });
    expect((await seen(ref)).refunds).toMatchObject([{ amountMinor: 1_000, status: 'pending' }]);
    await on.dashboard('refund-succeed', { ref });
    expect((await seen(ref)).refunds).toMatchObject([{ status: 'succeeded' }]);
    await on.refund(on.refundOf(ref, 2_000, 2));
    await on.dashboard('refund-fail', { ref });
    expect((await seen(ref)).refunds).toMatchObject([
      { status: 'failed' },
      { status: 'succeeded' },
    ]);
  });

  it('in another currency makes the look inconclusive', async () => {
    const ref = await on.sale();
    const other = { id: 're_1', object: 'refund', amount: 1, currency: 'usd', metadata: {} };
    const data = [{ ...other, status: 'succeeded' }];
    const list = { object: 'list', has_more: false, data };
    await on.answerNext('GET', '/v1/refunds', 200, list);
    expect(await on.look(ref)).toMatchObject({ kind: 'inconclusive', reason: 're_1 is over usd' });
  });
});

it('a look asks for the payment, its refunds and its warnings, and for nothing else', async () => {
  const ref = await on.hold();
  const asked = async () => {
    const before = on.kept.length;
    await seen(ref);
    return on.kept.slice(before).map(({ request }) => request.replace(/\?.*/, ''));
  };
  const all = [`GET /v1/payment_intents/${ref}`, 'GET /v1/refunds', `GET ${WARNINGS}`];
  expect((await asked()).toSorted()).toEqual(all.toSorted());
});
