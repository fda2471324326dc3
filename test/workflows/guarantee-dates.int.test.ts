/** Dates of an invoice that cannot be: refused before anything is written, and nothing is wedged. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuarantees, type Guarantees } from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast, { autoCapture: true, autoActivate: false });
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

const DAY_MS = 86_400_000;
const daysFromNow = (days: number): string =>
  new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10);

describe('an activation with dates that cannot be', () => {
  it.each([
    ['due on the last day that can be written', { dueDate: '9999-12-31' }],
    ['delivered then', { deliveryDate: '9999-12-31' }],
    ['delivered so long ago that it would be due before today', { deliveryDate: daysFromNow(-61) }],
    ['due the day before yesterday', { dueDate: daysFromNow(-2) }],
    ['due before the delivery', { dueDate: daysFromNow(5), deliveryDate: daysFromNow(6) }],
  ])('is refused, and nothing of it is journaled: %s', async (_name, dates) => {
    const { body: payment } = await infinitepay.start();
    expect(payment.status).toBe('captured');
    const before = await holdfast.facts(payment.id);
    const key = randomUUID();
    for (const attempt of [1, 2]) {
      const refused = await holdfast.request('POST', `/v1/payments/${payment.id}/activate`, {
        key: holdfast.keys.sales,
        body: dates,
        headers: { 'idempotency-key': key },
      });
      expect(refused.status, `attempt ${attempt}`).toBe(422);
    }
    expect(await holdfast.facts(payment.id)).toEqual(before);
    const good = await holdfast.command(payment.id, 'activate', { dueDate: daysFromNow(60) });
    expect([good.status, good.body.status]).toEqual([200, 'guaranteed']);
  });
});

describe('an activation that nobody checked before the run', () => {
  it.each(['9999-12-31', daysFromNow(-1)])('due on %s leaves no fact', async (dueDate) => {
    const { body: payment } = await infinitepay.start();
    const before = await holdfast.facts(payment.id);
    const run = holdfast.temporal.workflow.getHandle(payment.id);
    await run.signal('activate', { dueDate });
    // One after the other: what was refused is over when the next is answered.
    const good = await holdfast.command(payment.id, 'activate', {});
    expect([good.status, good.body.status]).toEqual([200, 'guaranteed']);
    expect((await holdfast.facts(payment.id)).slice(before.length)).toEqual([
      'activation.requested',
      'activation.approved',
    ]);
  });
});
