/** The merchant is paid within 24 hours of an invoice, or somebody hears of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createCredits, type Credits, TOTAL } from '../support/credits.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { typesOf } from '../support/told.ts';

describe('an invoice', () => {
  let holdfast: Holdfast;
  let apruve: Credits;
  beforeAll(async () => {
    holdfast = await createHoldfast();
    apruve = await createCredits(holdfast, { webhooks: true });
    await apruve.save('apruve_hasty', { fundWithinMs: 500 });
  });
  afterAll(async () => {
    await holdfast.close();
    await apruve.close();
  });
  const refOf = (payment: PaymentResource): string => apruve.ordersOf(payment)[0]?.id ?? '';

  /** Invoiced with an integration that expects its money at once. */
  async function late(): Promise<PaymentResource> {
    const { id } = await apruve.authorized({ method: 'apruve_hasty.credit' });
    await holdfast.command(id, 'invoices', { invoiceNumber: 'R-1' });
    return holdfast.until(id, ({ status }) => status === 'funding_late');
  }

  it('has 24 hours to be funded, and shows until when', async () => {
    const { id } = await apruve.authorized();
    const { body } = await holdfast.command(id, 'invoices');
    const { invoices = [] } = (body.details ?? {}) as {
      invoices?: { fundBy: number; issuedAt: number }[];
    };
    const [invoice] = invoices;
    expect((invoice?.fundBy ?? 0) - (invoice?.issuedAt ?? 0)).toBe(86_400_000);
    expect(body).toMatchObject({ deadline: { event: 'funding.overdue' }, needsAttention: null });
  });

  it('that is not funded in time asks for somebody and is looked at, and is funded late', async () => {
    const payment = await late();
    expect(payment.needsAttention).toContain('should have paid invoice R-1');
    expect(payment.amounts.captured).toBe(0);
    await expect.poll(() => apruve.asked(refOf(payment))).toBeGreaterThan(0);
    expect(
      (await typesOf(holdfast, payment.id)).filter((type) => type === 'payment.funding_late'),
    ).toHaveLength(1);
    await apruve.atDashboard('fund', refOf(payment));
    const [message] = apruve.saidOf(payment, 'invoice.funded');
    await apruve.deliver(message, undefined, 'apruve_hasty');
    const paid = await holdfast.until(payment.id, ({ status }) => status === 'funded');
    expect(paid).toMatchObject({ needsAttention: null, amounts: { captured: TOTAL } });
  });

  it('that its buyer has paid was funded at the latest then, also when nobody told', async () => {
    const payment = await late();
    await apruve.atDashboard('pay', refOf(payment));
    const closed = await holdfast.until(payment.id, ({ status }) => status === 'closed');
    expect(closed).toMatchObject({ needsAttention: null, amounts: { captured: TOTAL } });
  });

  it('counts as no money before it is funded', async () => {
    const { id } = await apruve.authorized();
    const { body } = await holdfast.command(id, 'invoices', { amountMinor: 40_000 });
    expect(body).toMatchObject({ status: 'invoiced', amounts: { captured: 0 } });
    await apruve.atDashboard('fund', refOf(body));
    const part = await holdfast.until(id, ({ status }) => status === 'partially_funded');
    expect(part).toMatchObject({ amounts: { captured: 40_000 } });
    expect(part.commands).toContainEqual({ verb: 'invoice', maxMinor: 60_000 });
    expect(await typesOf(holdfast, id)).toEqual([
      'payment.action_required',
      'payment.authorized',
      'payment.invoiced',
      'payment.shipped',
      'payment.funded',
    ]);
  });
});
