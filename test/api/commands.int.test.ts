/** Capture, void and refund: what staff may ask, and what then becomes of the money. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { assertBooks } from '../support/books.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterEach(() => assertBooks(holdfast.pool));
afterAll(() => holdfast.close());

const authorized = async () => (await holdfast.start()).body.id;
const captured = async () => (await holdfast.start({ capture: 'automatic' })).body.id;
const moved = async (id: string) =>
  (await holdfast.movements(id)).slice(1).map(({ kind, amountMinor }) => `${kind} ${amountMinor}`);

describe('a capture', () => {
  it('takes the whole hold when no amount is named', async () => {
    const id = await authorized();
    const { status, body } = await holdfast.command(id, 'capture');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'captured',
      amounts: { captured: 10_500, voided: 0 },
      commands: [{ verb: 'refund', maxMinor: 10_500 }],
    });
    expect(await moved(id)).toEqual(['capture 10500']);
    expect(await holdfast.get(id)).toEqual(body);
  });

  it('takes a part and releases the rest', async () => {
    const id = await authorized();
    const { body } = await holdfast.command(id, 'capture', { amountMinor: 6_000, final: true });
    expect(body).toMatchObject({ status: 'captured', amounts: { captured: 6_000, voided: 4_500 } });
    expect(await moved(id)).toEqual(['capture 6000', 'void 4500']);
  });

  it('takes part after part while it is not final, and then releases the rest', async () => {
    const id = await authorized();
    const part = (amountMinor: number, final: boolean) =>
      holdfast.command(id, 'capture', { amountMinor, final });
    expect((await part(6_000, false)).body).toMatchObject({
      status: 'partially_captured',
      amounts: { captured: 6_000, voided: 0 },
      commands: [
        { verb: 'capture', maxMinor: 4_500 },
        { verb: 'void' },
        { verb: 'refund', maxMinor: 6_000 },
      ],
    });
    expect((await part(3_000, false)).body.amounts.captured).toBe(9_000);
    expect((await part(500, true)).body).toMatchObject({
      status: 'captured',
      amounts: { captured: 9_500, voided: 1_000 },
    });
    expect(await moved(id)).toEqual(['capture 6000', 'capture 3000', 'capture 500', 'void 1000']);
  });

  it('is the last one when it takes all that is left, whatever it says', async () => {
    const id = await authorized();
    const { body } = await holdfast.command(id, 'capture', { final: false });
    expect(body).toMatchObject({ status: 'captured', amounts: { captured: 10_500, voided: 0 } });
  });

  it('must be final where the card allows only one', async () => {
    const paymentToken = 'pm_card_credit_disableEnterpriseCardFeatures';
    const { id } = (await holdfast.start({ paymentToken })).body;
    const part = { amountMinor: 6_000, final: false };
    expect(await holdfast.command(id, 'capture', part)).toMatchObject({
      status: 422,
      body: { code: 'capture-must-be-final', allowed: [{ verb: 'capture' }, { verb: 'void' }] },
    });
    expect(await moved(id)).toEqual([]);
    const { body } = await holdfast.command(id, 'capture', { amountMinor: 6_000, final: true });
    expect(body).toMatchObject({ status: 'captured', amounts: { voided: 4_500 } });
  });
});

describe('a void', () => {
  it('releases the whole hold', async () => {
    const id = await authorized();
    const { status, body } = await holdfast.command(id, 'void');
    expect(status).toBe(200);
    expect(body).toMatchObject({
      status: 'voided',
      amounts: { captured: 0, voided: 10_500 },
      commands: [],
    });
    expect(await moved(id)).toEqual(['void 10500']);
  });

  it('releases what is left after a part was captured, and keeps that part', async () => {
    const id = await authorized();
    await holdfast.command(id, 'capture', { amountMinor: 6_000, final: false });
    const { status, body } = await holdfast.command(id, 'void');
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: 'captured', amounts: { captured: 6_000, voided: 4_500 } });
    expect(await moved(id)).toEqual(['capture 6000', 'void 4500']);
  });

  it('gives up a payment that waits for its buyer', async () => {
    const { body } = await holdfast.start({ paymentToken: 'pm_card_authenticationRequired' });
    const voided = await holdfast.command(body.id, 'void');
    expect(voided).toMatchObject({
      status: 200,
      body: { status: 'voided', nextAction: null, amounts: { authorized: 0, voided: 0 } },
    });
    expect(await moved(body.id)).toEqual([]);
  });
});

describe('a refund', () => {
  it('gives back part after part, up to what was captured', async () => {
    const id = await captured();
    const { body } = await holdfast.command(id, 'refund', { amountMinor: 1_000, reason: 'dented' });
    expect(body).toMatchObject({
      status: 'partially_refunded',
      amounts: { refunded: 1_000 },
      commands: [{ verb: 'refund', maxMinor: 9_500 }],
    });
    const rest = await holdfast.command(id, 'refund');
    expect(rest).toMatchObject({
      status: 200,
      body: { status: 'refunded', amounts: { refunded: 10_500 }, commands: [] },
    });
    expect(await moved(id)).toEqual(['capture 10500', 'refund 1000', 'refund 9500']);
  });

  it('gives back of a first part while the rest is still held', async () => {
    const id = await authorized();
    await holdfast.command(id, 'capture', { amountMinor: 6_000, final: false });
    const { body } = await holdfast.command(id, 'refund', { amountMinor: 2_000 });
    expect(body).toMatchObject({
      status: 'partially_captured',
      amounts: { captured: 6_000, refunded: 2_000 },
      commands: [
        { verb: 'capture', maxMinor: 4_500 },
        { verb: 'void' },
        { verb: 'refund', maxMinor: 4_000 },
      ],
    });
  });

  it('answers 202 while it runs, and the same request hears its result later', async () => {
    const id = await captured();
    const terms = { key: randomUUID(), prefer: 'wait=0' };
    await holdfast.fault({ operation: 'refund', fault: 'delay', times: 1, delayMs: 1_000 });
    const first = await holdfast.command(id, 'refund', { amountMinor: 1_000 }, terms);
    expect(first).toMatchObject({ status: 202, body: { status: 'refunding', commands: [] } });
    await holdfast.until(id, ({ status }) => status === 'partially_refunded');
    const later = await holdfast.command(id, 'refund', { amountMinor: 1_000 }, terms);
    expect(later).toMatchObject({ status: 200, body: { amounts: { refunded: 1_000 } } });
    expect(await moved(id)).toEqual(['capture 10500', 'refund 1000']);
  });
});
