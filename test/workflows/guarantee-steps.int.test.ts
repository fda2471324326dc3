/** Which step follows by itself, with which dates, and what staff do instead. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { addDays } from '../../machines/shared/calendar.ts';
import { buyerWho, createGuarantees, type Guarantees, TOTAL } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

const BOTH = { autoCapture: true, autoActivate: true };
const GUARANTEED = [`reserve ${TOTAL}`, `capture ${TOTAL}`, `activate ${TOTAL}`];

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast, { invoiceDueDays: 14, shippingDays: 3 });
  await infinitepay.save('both', BOTH);
  await infinitepay.save('capture_only', { autoCapture: true });
  await infinitepay.save('activate_only', { autoActivate: true });
  await infinitepay.save('by_term', { invoiceDueDays: undefined, shippingDays: 2 });
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

const startAt = (integration: string, ...wishes: string[]) =>
  infinitepay.start({ method: `${integration}.guarantee`, buyer: buyerWho(...wishes) });

describe('an integration that captures and activates by itself', () => {
  it('answers checkout with the guarantee, after three operations with an answer each', async () => {
    const { status, body } = await startAt('both');
    expect([status, body.status, body.statusText]).toEqual([
      201,
      'guaranteed',
      'Guaranteed (unpaid)',
    ]);
    expect(body.amounts.captured).toBe(0);
    expect(await infinitepay.moved(body)).toEqual(GUARANTEED);
    expect(await holdfast.facts(body.id)).toEqual([
      'payment.requested',
      'reservation.approved',
      'capture.approved',
      'activation.approved',
    ]);
    const calls = (await infinitepay.simulate('requests')) as { body: string }[];
    expect(calls.filter(({ body: sent }) => /<AUTO_\w+>1</.test(sent))).toEqual([]);
  });

  it('shows a denied activation, and that the limit is still blocked', async () => {
    const { body } = await startAt('both', 'activation-denied');
    expect([body.status, body.decline?.verb]).toEqual(['guarantee_denied', 'activate']);
    expect(await infinitepay.blocked(body)).toBe(TOTAL);
    expect(body.needsAttention).toContain("unblock the debtor's limit");
  });

  it('shows a denied capture, with the order still reserved', async () => {
    const { body } = await startAt('both', 'capture-denied');
    expect([body.status, body.decline?.verb]).toEqual(['reserved', 'capture']);
    expect(body.commands.map(({ verb }) => verb)).toContain('cancel');
  });

  it('shows a denied reservation, which blocks nothing', async () => {
    const { body } = await startAt('both', 'reserve-denied');
    expect([body.status, body.decline?.verb]).toEqual(['declined', 'reserve']);
    expect(body.commands).toEqual([{ verb: 'receive' }]);
    expect(await infinitepay.blocked(body)).toBe(0);
  });
});

describe('an integration that leaves a step to staff', () => {
  it('captures alone, and waits with the activation', async () => {
    const { body } = await startAt('capture_only');
    expect(body).toMatchObject({ status: 'captured', deadline: { event: 'reservation.aged' } });
    expect(body.commands).toEqual([
      { verb: 'activate', maxMinor: TOTAL },
      { verb: 'cancel' },
      { verb: 'recheck' },
      { verb: 'receive' },
    ]);
  });

  it('auto-activation without auto-capture never reads as paid', async () => {
    const { body } = await startAt('activate_only');
    expect([body.status, body.statusText, body.amounts.captured]).toEqual([
      'reserved',
      'Reserved',
      0,
    ]);
    expect(await infinitepay.moved(body)).toEqual([`reserve ${TOTAL}`]);
    const { body: after } = await holdfast.command(body.id, 'capture');
    expect([after.status, after.amounts.captured]).toEqual(['guaranteed', 0]);
    expect(await infinitepay.moved(body)).toEqual(GUARANTEED);
  });

  it('captures the order as a whole, and says so to whoever wants a part', async () => {
    const { body } = await infinitepay.start();
    const part = await holdfast.command(body.id, 'capture', { amountMinor: TOTAL - 1 });
    expect(part).toMatchObject({ status: 422, body: { code: 'amount-out-of-range' } });
    expect((await holdfast.get(body.id)).status).toBe('reserved');
  });
});

describe('the dates of an invoice', () => {
  const began = new Date().toISOString().slice(0, 10);
  const soon = (days: number) => addDays(began, days);

  /** The day of the activation, where the merchant is. */
  async function dayOf({ id }: PaymentResource): Promise<string> {
    const { body } = await holdfast.request<{ data: { type: string; at: string }[] }>(
      'GET',
      `/v1/payments/${id}/events`,
    );
    const at = body.data.findLast(({ type }) => type === 'activation.requested')?.at ?? '';
    return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin' }).format(new Date(at));
  }

  async function activated(integration: string, dates: Record<string, unknown> = {}) {
    const { body } = await startAt(integration);
    await holdfast.command(body.id, 'capture');
    const { status, body: payment } = await holdfast.command(body.id, 'activate', dates);
    expect([status, payment.status]).toEqual([200, 'guaranteed']);
    return { payment, today: await dayOf(payment) };
  }

  it('the due date counts from the delivery, which the integration’s shipping time gives', async () => {
    const { payment, today } = await activated('infinitepay');
    expect(payment.details).toMatchObject({
      invoiceNumber: '4711',
      deliveryOn: addDays(today, 3),
      dueOn: addDays(today, 3 + 14),
    });
  });

  it('follow the buyer’s payment term where the integration sets no period', async () => {
    const { payment, today } = await activated('by_term');
    expect(payment.details?.['dueOn']).toBe(addDays(today, 2 + 30));
  });

  it('count from the delivery that the activation names', async () => {
    const deliveryDate = soon(60);
    const { payment } = await activated('infinitepay', { deliveryDate });
    expect(payment.details).toMatchObject({ deliveryOn: deliveryDate, dueOn: soon(60 + 14) });
  });

  it('are those that the activation names, before any setting, and so is the number', async () => {
    const wish = { deliveryDate: soon(60), dueDate: soon(61), invoiceNumber: 'R-9' };
    const { payment } = await activated('infinitepay', wish);
    expect(payment.details).toMatchObject({
      deliveryOn: wish.deliveryDate,
      dueOn: wish.dueDate,
      invoiceNumber: 'R-9',
    });
    const [order] = [...infinitepay.simulator.state.orders.values()].filter(
      ({ orderId }) => orderId === payment.details?.['orderId'],
    );
    expect(order?.invoice).toMatchObject({
      invoiceId: 'R-9',
      dueDate: soon(61).replaceAll('-', ''),
    });
  });

  it.each([
    ['that no calendar has', { dueDate: '2090-02-30' }],
    ['that has passed', { dueDate: '2020-01-01' }],
    ['before the delivery', { deliveryDate: '2090-03-02', dueDate: '2090-03-01' }],
  ])('are refused where the due date is one %s', async (_which, dates) => {
    const { body } = await startAt('capture_only');
    const { status } = await holdfast.command(body.id, 'activate', dates);
    expect(status).toBe(422);
    expect((await holdfast.get(body.id)).status).toBe('captured');
  });
});
