/** What comes in for a guaranteed invoice, what InfinitePay is told of it, and what it says itself. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerWho, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { typesOf } from '../support/told.ts';

const DAY = 86_400_000;
const FLAGS = { autoCapture: true, autoActivate: true };

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast, FLAGS);
  await infinitepay.save('watched', { appliesReceipts: false });
  await infinitepay.save('by_staff', { autoCapture: false });
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

async function guaranteed(integration = 'infinitepay') {
  const { body } = await infinitepay.start({ method: `${integration}.guarantee` });
  expect(body.status).toBe('guaranteed');
  return body;
}
const receive = (id: string, amountMinor?: number, key?: string) =>
  holdfast.command(
    id,
    'receipts',
    amountMinor === undefined ? {} : { amountMinor },
    key === undefined ? {} : { key },
  );

describe('the buyer’s money', () => {
  it('comes in parts, and InfinitePay is told of each', async () => {
    const { id, ...body } = await guaranteed();
    const part = await receive(id, 40_000);
    expect(part.body).toMatchObject({
      status: 'guaranteed',
      amounts: { authorized: TOTAL, captured: 40_000 },
      details: { openMinor: TOTAL - 40_000 },
    });
    expect(await infinitepay.blocked({ id, ...body })).toBe(TOTAL - 40_000);
    const rest = await receive(id);
    expect(rest.body).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
    const moved = await infinitepay.moved({ id, ...body });
    expect(moved.filter((movement) => movement.startsWith('paid'))).toEqual([
      'paid 40000',
      `paid ${TOTAL - 40_000}`,
    ]);
    expect((await typesOf(holdfast, id)).slice(-2)).toEqual([
      'payment.received',
      'payment.received',
    ]);
  });

  it('is counted once, however often one receipt is sent', async () => {
    const payment = await guaranteed();
    const key = randomUUID();
    const answers = await Promise.all(
      Array.from({ length: 5 }, () => receive(payment.id, 500, key)),
    );
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
    const again = await receive(payment.id, 500, key);
    expect(again.body.amounts.captured).toBe(500);
    const moved = await infinitepay.moved(payment);
    expect(moved.filter((movement) => movement === 'paid 500')).toHaveLength(1);
    const other = await receive(payment.id, 501, key);
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
  });

  it('is not told to an InfinitePay that watches the merchant’s account', async () => {
    const payment = await guaranteed('watched');
    const paid = await receive(payment.id);
    expect(paid.body.status).toBe('paid');
    expect(paid.body.commands).not.toContainEqual({ verb: 'apply' });
    expect(await infinitepay.moved(payment)).not.toContain(`paid ${TOTAL}`);
  });

  it('is there although InfinitePay would not hear of it, and is told again later', async () => {
    const payment = await guaranteed();
    await infinitepay.atPortal('pay', payment, { amountMinor: TOTAL });
    const refused = await receive(payment.id);
    expect(refused.body).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
    expect(refused.body.needsAttention).toContain('was not told that the buyer has paid');
    expect(refused.body.commands).toContainEqual({ verb: 'apply' });
    const again = await holdfast.command(payment.id, 'apply');
    expect(again.body.decline?.verb).toBe('apply');
    const moved = await infinitepay.moved(payment);
    expect(moved.filter((movement) => movement.startsWith('paid'))).toHaveLength(1);
  });
});

describe('a recheck', () => {
  const recheck = async (payment: { id: string }, fact: string) => {
    expect((await infinitepay.operate(payment, 'recheck')).status).toBe(200);
    await expect.poll(() => holdfast.facts(payment.id), { timeout: 10_000 }).toContain(fact);
    return holdfast.get(payment.id);
  };

  it('finds what the buyer paid to where only InfinitePay looks', async () => {
    const payment = await guaranteed('watched');
    await infinitepay.atPortal('pay', payment);
    const after = await recheck(payment, 'payment.found');
    expect(after).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
  });

  it('finds what InfinitePay paid in the buyer’s place, and nothing more the next time', async () => {
    const aging = await createGuarantees(holdfast, FLAGS, 'aging');
    const { body: payment } = await aging.start({ buyer: buyerWho('half-guaranteed') });
    expect(payment.needsAttention).toContain('guarantees only EUR 525.00 of the EUR 1,050.00');
    await aging.simulate('clock', { advanceMs: 100 * DAY });
    expect(await aging.stateOf(payment)).toBe('claimed');
    const after = await recheck(payment, 'claim.found');
    expect(after).toMatchObject({
      status: 'guaranteed',
      amounts: { captured: TOTAL / 2 },
      details: { claimedMinor: TOTAL / 2, openMinor: TOTAL / 2 },
    });
    expect((await recheck(payment, 'picture.confirmed')).amounts).toEqual(after.amounts);
    await aging.close();
  });

  it('finds that the portal has cancelled an order', async () => {
    const method = 'by_staff.guarantee';
    const { body } = await infinitepay.start({ method });
    await infinitepay.atPortal('cancel', body);
    const after = await recheck(body, 'cancellation.found');
    expect(after).toMatchObject({ status: 'cancelled', amounts: { voided: TOTAL } });
    expect(after.needsAttention).toBeNull();
  });

  it('leaves an order that is well as it was', async () => {
    const payment = await guaranteed('watched');
    const after = await recheck(payment, 'picture.confirmed');
    expect(after).toMatchObject({ status: 'guaranteed', deadline: payment.deadline });
  });

  it('does not guess where the books disagree: a person has to look', async () => {
    const payment = await guaranteed('watched');
    await receive(payment.id, 1_000);
    await infinitepay.atPortal('cancel', payment);
    const after = await recheck(payment, 'picture.contradicted');
    expect(after).toMatchObject({ status: 'guaranteed', amounts: { captured: 1_000 } });
    expect(after.needsAttention).toContain('money came for it');
  });
});
