/** Money for a guaranteed invoice that came too much, is gone again, was given back, or came after the
 *  end: recorded in every state, with InfinitePay's simulator at the other end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerWho, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { typesOf } from '../support/told.ts';

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast, { autoCapture: true, autoActivate: true });
  await infinitepay.save('by_staff', { autoCapture: false, autoActivate: false });
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

async function start(status: string, wishes: readonly string[] = [], method = 'infinitepay') {
  const started = await infinitepay.start({
    method: `${method}.guarantee`,
    buyer: buyerWho(...wishes),
  });
  expect(started.body.status).toBe(status);
  return started.body;
}
const receive = (id: string, amountMinor: number) =>
  holdfast.command(id, 'receipts', { amountMinor });
const told = async (payment: Parameters<Guarantees['moved']>[0]) =>
  (await infinitepay.moved(payment)).filter((movement) => movement.startsWith('paid'));

describe('an overpayment', () => {
  it('is recorded, given back, and owed again as a whole when the check bounces', async () => {
    const payment = await start('guaranteed');
    const { id } = payment;
    const over = await receive(id, TOTAL + 20_000);
    expect([over.status, over.body.status]).toEqual([200, 'paid']);
    expect(over.body).toMatchObject({
      amounts: { captured: TOTAL + 20_000, refunded: 0 },
      details: { overpaidMinor: 20_000, openMinor: 0 },
    });
    expect(over.body.needsAttention).toContain('Send it back');
    // Of more than it expects InfinitePay would not hear.
    expect(await told(payment)).toEqual([`paid ${TOTAL}`]);

    const back = await holdfast.command(id, 'refund', { amountMinor: 20_000 });
    expect([back.status, back.body.status, back.body.needsAttention]).toEqual([200, 'paid', null]);
    const gone = await holdfast.command(id, 'bounce', { reason: 'no funds' });
    expect(gone.body).toMatchObject({
      status: 'guaranteed',
      amounts: { captured: 0, refunded: 20_000 },
      details: { openMinor: TOTAL, uncoveredMinor: 20_000 },
    });
    expect(gone.body.needsAttention).toContain('EUR 200.00 was given back');
    expect(gone.body.needsAttention).toContain('InfinitePay was told that EUR 1,050.00 was paid');
    expect((await typesOf(holdfast, id)).slice(-3)).toEqual([
      'payment.received',
      'payment.refunded',
      'payment.bounced',
    ]);
  });

  it('is refunded up to what is there: the caller hears how much that is', async () => {
    const { id } = await start('guaranteed');
    await receive(id, 40_000);
    const refused = await holdfast.request('POST', `/v1/payments/${id}/refund`, {
      key: holdfast.keys.sales,
      body: { amountMinor: 40_001 },
      headers: { 'idempotency-key': crypto.randomUUID() },
    });
    expect(refused).toMatchObject({
      status: 422,
      body: { code: 'amount-out-of-range', maxMinor: 40_000 },
    });
    const all = await holdfast.command(id, 'refund', {});
    expect(all.body).toMatchObject({
      status: 'guaranteed',
      amounts: { refunded: 40_000 },
      details: { openMinor: TOTAL - 40_000 },
    });
  });
});

describe('money that comes', () => {
  it('after a denial pays the invoice, and the limit is still to be freed', async () => {
    const payment = await start('guarantee_denied', ['activation-denied']);
    const paid = await receive(payment.id, TOTAL);
    expect([paid.status, paid.body.status]).toEqual([200, 'paid']);
    expect(paid.body.needsAttention).toContain("Cancel it in InfinitePay's portal");
    expect(await told(payment)).toEqual([]);
    await infinitepay.atPortal('cancel', payment);
    const freed = await infinitepay.operate(payment, 'confirm-limit-released');
    expect(freed.body).toMatchObject({
      status: 'paid',
      needsAttention: null,
      amounts: { captured: TOTAL, voided: 0 },
    });
  });

  it('after a cancellation has to go back', async () => {
    const { id } = await start('reserved', [], 'by_staff');
    expect((await holdfast.command(id, 'cancel')).body.status).toBe('cancelled');
    const came = await receive(id, 500);
    expect(came.body).toMatchObject({ status: 'cancelled', amounts: { captured: 500 } });
    expect(came.body.needsAttention).toContain('although the order was cancelled');
    const back = await holdfast.command(id, 'refund');
    expect(back.body).toMatchObject({ status: 'cancelled', needsAttention: null });
  });

  it('for what was never reserved is there all the same', async () => {
    const { id } = await start('declined', ['reserve-denied']);
    const came = await receive(id, 500);
    expect(came.body).toMatchObject({ status: 'declined', amounts: { captured: 500 } });
    expect((await holdfast.command(id, 'bounce')).body).toMatchObject({
      status: 'declined',
      amounts: { captured: 0 },
    });
  });

  it('is told to InfinitePay where it comes in the place of what bounced, only as far as it adds', async () => {
    const payment = await start('guaranteed');
    await receive(payment.id, 40_000);
    await holdfast.command(payment.id, 'bounce', { receiptId: 'receipt_1' });
    const again = await receive(payment.id, 60_000);
    expect(again.body).toMatchObject({
      status: 'guaranteed',
      needsAttention: null,
      details: { openMinor: TOTAL - 60_000 },
    });
    expect(await told(payment)).toEqual(['paid 40000', 'paid 20000']);
  });
});
