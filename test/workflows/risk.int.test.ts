/** What Stripe and issuers say of a payment's risk, heard by webhook, and disputes that are not in its money. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

describe('a card payment at Stripe', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ webhooks: true });
  });
  afterAll(() => holdfast.close());

  async function paid(terms: Record<string, unknown> = { capture: 'automatic' }) {
    const { id } = (await holdfast.start(terms)).body;
    const [movement] = await holdfast.movements(id);
    return { id, ref: movement?.ref ?? '' };
  }

  it('shows that it is in review, until the review ends', async () => {
    const { id, ref } = await paid({ paymentToken: 'pm_card_riskLevelElevated' });
    const inReview = await holdfast.until(id, ({ needsAttention }) => needsAttention !== null);
    expect(inReview).toMatchObject({
      status: 'authorized',
      details: { review: { isOpen: true, reason: 'rule' } },
    });
    await holdfast.simulate('dashboard/review-approve', { ref });
    const over = await holdfast.until(id, ({ needsAttention }) => needsAttention === null);
    expect(over.details).toMatchObject({ review: { isOpen: false } });
  });

  it('shows what its issuer warns of', async () => {
    const { id, ref } = await paid();
    await holdfast.simulate('dashboard/fraud-warning', { ref, fraudType: 'misc' });
    const warned = await holdfast.until(id, ({ needsAttention }) => needsAttention !== null);
    expect(warned).toMatchObject({
      status: 'captured',
      details: { fraudWarnings: [{ reason: 'misc' }] },
    });
  });

  it('never counts a dispute of another currency as its own money', async () => {
    const { id, ref } = await paid();
    const yen = { ref, amountMinor: 1_700_000, currency: 'JPY' };
    await holdfast.simulate('dashboard/dispute', yen);
    const disputed = await holdfast.until(id, ({ needsAttention }) => needsAttention !== null);
    expect(disputed.needsAttention).toContain('JPY 1,700,000');
    expect(disputed.amounts.disputed).not.toBe(1_700_000);
  });

  it('follows a dispute whose amount the bank corrects', async () => {
    const { id, ref } = await paid();
    await holdfast.simulate('dashboard/dispute', { ref, amountMinor: 4_000 });
    await holdfast.until(id, ({ amounts }) => amounts.disputed === 4_000);
    await holdfast.simulate('dashboard/dispute-change', { ref, amountMinor: 5_500 });
    await holdfast.until(id, ({ amounts }) => amounts.disputed === 5_500);
  });
});
