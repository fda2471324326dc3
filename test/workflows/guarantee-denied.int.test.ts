/** Guarantees and cancellations that InfinitePay denies: what blocks the limit, and who frees it. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { buyerWho, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { typesOf } from '../support/told.ts';

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  const flags = { autoCapture: true, autoActivate: true };
  infinitepay = await createGuarantees(holdfast, flags);
  await infinitepay.save('by_staff', { autoCapture: false, autoActivate: false });
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

const confirm = (payment: { id: string }, key?: string) =>
  infinitepay.operate(payment, 'confirm-limit-released', { reason: 'done in the portal' }, key);

async function denied(...wishes: string[]) {
  const { body } = await infinitepay.start({ buyer: buyerWho('activation-denied', ...wishes) });
  expect(body.status).toBe('guarantee_denied');
  expect(await infinitepay.blocked(body)).toBe(TOTAL);
  return body;
}

describe('a denied guarantee', () => {
  it('is announced, and asks for the portal until an operator confirms', async () => {
    const body = await denied();
    expect(body.needsAttention).toContain(
      `cancel order ${String(body.details?.['orderId'])} in InfinitePay's portal to unblock the debtor's limit`,
    );
    expect(await typesOf(holdfast, body.id)).toEqual([
      'payment.reserved',
      'payment.order_captured',
      'payment.guarantee_denied',
    ]);
    expect(body.commands).toEqual([
      { verb: 'activate', maxMinor: TOTAL },
      { verb: 'confirm-limit-released' },
      { verb: 'recheck' },
      { verb: 'receive' },
    ]);
    expect(body.amounts).toMatchObject({ authorized: TOTAL, captured: 0, voided: 0 });
  });

  it('is activated with corrected data', async () => {
    const wishes = buyerWho('activation-denied-once');
    const { body } = await infinitepay.start({ buyer: wishes });
    expect(body.status).toBe('guarantee_denied');
    const again = await holdfast.command(body.id, 'activate', { invoiceNumber: 'R-2' });
    expect(again.body).toMatchObject({
      status: 'guaranteed',
      needsAttention: null,
      decline: null,
      details: { guaranteedMinor: TOTAL, invoiceNumber: 'R-2' },
    });
    expect(await infinitepay.moved(body)).toEqual([
      `reserve ${TOTAL}`,
      `capture ${TOTAL}`,
      `activate ${TOTAL}`,
    ]);
  });

  it('is denied again where the data is no better, and goes on asking', async () => {
    const body = await denied();
    const again = await holdfast.command(body.id, 'activate', {});
    expect([again.body.status, again.body.decline?.verb]).toEqual(['guarantee_denied', 'activate']);
    expect(again.body.needsAttention).toBe(body.needsAttention);
    expect(await infinitepay.blocked(body)).toBe(TOTAL);
  });

  it('ends when the portal has cancelled and an operator confirms: the limit is free there', async () => {
    const body = await denied();
    await infinitepay.atPortal('cancel', body);
    const { status, body: after } = await confirm(body);
    expect([status, after.status, after.needsAttention]).toEqual([200, 'cancelled', null]);
    expect(after.amounts).toMatchObject({ authorized: TOTAL, voided: TOTAL, captured: 0 });
    expect(await infinitepay.blocked(body)).toBe(0);
    expect((await typesOf(holdfast, body.id)).at(-1)).toBe('payment.limit_released');
    const end = await holdfast.temporal.workflow.getHandle(body.id).result();
    expect(end).toMatchObject({ status: 'cancelled' });
  });

  it('stays open where InfinitePay still has the order, whatever an operator confirms', async () => {
    const body = await denied();
    const key = randomUUID();
    const refused = await confirm(body, key);
    expect([refused.status, refused.body.code]).toEqual([409, 'contradicts-proof']);
    const now = await holdfast.get(body.id);
    expect([now.status, now.amounts.voided]).toEqual(['guarantee_denied', 0]);
    expect(now.needsAttention).toBe(body.needsAttention);
    expect((await confirm(body, key)).status).toBe(409);

    await infinitepay.atPortal('cancel', body);
    expect((await confirm(body)).body.status).toBe('cancelled');
  });

  it('can be confirmed once only', async () => {
    const body = await denied();
    await infinitepay.atPortal('cancel', body);
    const key = randomUUID();
    const first = await confirm(body, key);
    expect((await confirm(body, key)).body).toEqual(first.body);
    expect((await confirm(body)).status).toBe(409);
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type === 'limit.released')).toHaveLength(1);
  });

  it('ends by itself once a recheck sees that the portal has cancelled it', async () => {
    const body = await denied();
    await infinitepay.atPortal('cancel', body);
    await infinitepay.operate(body, 'recheck');
    const after = await holdfast.until(body.id, ({ status }) => status === 'cancelled');
    expect([after.needsAttention, after.amounts.voided]).toEqual([null, TOTAL]);
  });
});

describe('a cancellation', () => {
  const open = async (...wishes: string[]) => {
    const method = 'by_staff.guarantee';
    return (await infinitepay.start({ method, buyer: buyerWho(...wishes) })).body;
  };

  it.each([false, true])('frees the limit; captured: %s', async (isCaptured) => {
    const body = await open();
    if (isCaptured) await holdfast.command(body.id, 'capture');
    const { status, body: after } = await holdfast.command(body.id, 'cancel', { reason: 'gone' });
    expect([status, after.status, after.amounts.voided]).toEqual([200, 'cancelled', TOTAL]);
    expect(await infinitepay.blocked(body)).toBe(0);
    expect(await infinitepay.moved(body)).toContain(`release ${TOTAL}`);
  });

  it('that is denied leaves the limit in sight until an operator confirms the portal', async () => {
    const body = await open('cancel-denied');
    const { body: stuck } = await holdfast.command(body.id, 'cancel');
    expect([stuck.status, stuck.decline?.verb]).toEqual(['limit_blocked', 'cancel']);
    expect(stuck.needsAttention).toContain("in InfinitePay's portal");
    expect(stuck.commands.map(({ verb }) => verb)).toEqual([
      'cancel',
      'confirm-limit-released',
      'recheck',
      'receive',
    ]);
    expect(await infinitepay.blocked(body)).toBe(TOTAL);
    expect((await confirm(body)).status).toBe(409);
    expect((await holdfast.get(body.id)).status).toBe('limit_blocked');

    await infinitepay.atPortal('cancel', body);
    expect((await confirm(body)).body).toMatchObject({ status: 'cancelled', needsAttention: null });
    expect(await infinitepay.blocked(body)).toBe(0);
  });

  it('is not offered for a guaranteed invoice', async () => {
    const { body } = await infinitepay.start();
    const refused = await holdfast.command(body.id, 'cancel');
    expect(refused).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
    expect((await holdfast.get(body.id)).status).toBe('guaranteed');
  });
});
