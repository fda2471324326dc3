/** What staff may not ask, with what they may ask instead; nothing of it moves money. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';

let holdfast: Holdfast;
beforeAll(async () => {
  holdfast = await createHoldfast();
});
afterAll(() => holdfast.close());

const refundable = [{ verb: 'refund', maxMinor: 10_500 }];
const held = [{ verb: 'capture', maxMinor: 10_500 }, { verb: 'void' }];

describe('a command that the payment’s state does not allow', () => {
  it.each([
    { on: 'an authorized payment', verb: 'refund', change: {}, allowed: held },
    {
      on: 'a captured payment',
      verb: 'capture',
      change: { capture: 'automatic' },
      allowed: refundable,
    },
    {
      on: 'a captured payment',
      verb: 'void',
      change: { capture: 'automatic' },
      allowed: refundable,
    },
    {
      on: 'a declined payment',
      verb: 'capture',
      change: { paymentToken: 'pm_card_chargeDeclined' },
      allowed: [],
    },
    {
      on: 'a payment that waits for its buyer',
      verb: 'capture',
      change: { paymentToken: 'pm_card_authenticationRequired' },
      allowed: [{ verb: 'void' }],
    },
  ])('is refused with 409 and what is allowed: $verb of $on', async ({ verb, change, allowed }) => {
    const { body: before } = await holdfast.start(change);
    const answer = await holdfast.command(before.id, verb);
    expect(answer).toMatchObject({ status: 409, body: { code: 'illegal-transition', allowed } });
    expect((await holdfast.get(before.id)).amounts).toEqual(before.amounts);
    expect(await holdfast.facts(before.id)).not.toContain(`${verb}.requested`);
  });

  it('stays refused under the same key, and is taken once it has become legal', async () => {
    const { id } = (await holdfast.start()).body;
    const key = randomUUID();
    const refund = () => holdfast.command(id, 'refund', { amountMinor: 100 }, { key });
    expect([(await refund()).status, (await refund()).status]).toEqual([409, 409]);
    await holdfast.command(id, 'capture');
    expect(await refund()).toMatchObject({ status: 200, body: { amounts: { refunded: 100 } } });
  });
});

describe('a command with an amount that cannot be', () => {
  it.each([
    { verb: 'capture', change: {}, allowed: held },
    { verb: 'refund', change: { capture: 'automatic' }, allowed: refundable },
  ])('is refused with the largest that can: $verb', async ({ verb, change, allowed }) => {
    const { id } = (await holdfast.start(change)).body;
    const answer = await holdfast.command(id, verb, { amountMinor: 10_501 });
    expect(answer).toMatchObject({
      status: 422,
      body: { code: 'amount-out-of-range', maxMinor: 10_500, allowed },
    });
    expect((await holdfast.movements(id)).map(({ kind }) => kind)).not.toContain('refund');
  });

  it('is refused above what the parts before have left', async () => {
    const { id } = (await holdfast.start()).body;
    await holdfast.command(id, 'capture', { amountMinor: 6_000, final: false });
    await holdfast.command(id, 'refund', { amountMinor: 1_000 });
    expect(await holdfast.command(id, 'capture', { amountMinor: 4_501 })).toMatchObject({
      status: 422,
      body: { maxMinor: 4_500 },
    });
    expect(await holdfast.command(id, 'refund', { amountMinor: 5_001 })).toMatchObject({
      status: 422,
      body: { maxMinor: 5_000 },
    });
  });

  it('is refused where the provider would have to round', async () => {
    const amount = { amountMinor: 10_500, currency: 'KWD' };
    const { id } = (await holdfast.start({ amount })).body;
    expect(await holdfast.command(id, 'capture', { amountMinor: 5_001 })).toMatchObject({
      status: 422,
      body: { code: 'amount-not-supported' },
    });
  });

  it.each([
    ['zero', { amountMinor: 0 }, 'amountMinor'],
    ['a negative amount', { amountMinor: -5 }, 'amountMinor'],
    ['a fraction', { amountMinor: 1.5 }, 'amountMinor'],
    ['an unknown field', { amount: 5 }, ''],
    ['a word for a boolean', { final: 'yes' }, 'final'],
  ])('is refused for %s before the payment is asked', async (_what, body, path) => {
    const { id } = (await holdfast.start()).body;
    expect(await holdfast.command(id, 'capture', body)).toMatchObject({
      status: 422,
      body: { code: 'invalid-request', errors: [{ path }] },
    });
  });

  it('is refused without an Idempotency-Key', async () => {
    const { id } = (await holdfast.start()).body;
    const answer = await holdfast.request('POST', `/v1/payments/${id}/capture`, { body: {} });
    expect(answer).toMatchObject({ status: 400, body: { code: 'idempotency-key-missing' } });
  });
});

describe('a payment that is not the caller’s', () => {
  const NOBODY = 'pay_00000000000000000000000000';

  it.each(['capture', 'void', 'refund'])(
    'is not found by a %s, be it there or not',
    async (verb) => {
      const { id } = (await holdfast.start()).body;
      const { apiKeys } = holdfast.deps;
      const ofOthers = [
        await apiKeys.issue({ accountId: 'other', mode: 'test', role: 'admin' }),
        await apiKeys.issue({ accountId: 'main', mode: 'live', role: 'admin' }),
      ];
      const ask = (key: string, payment: string) =>
        holdfast.request<{ code: string; detail: string }>(
          'POST',
          `/v1/payments/${payment}/${verb}`,
          {
            key,
            body: {},
            headers: { 'idempotency-key': randomUUID() },
          },
        );
      const missing = await ask(holdfast.keys.sales, NOBODY);
      expect(missing).toMatchObject({ status: 404, body: { code: 'not-found' } });
      for (const key of ofOthers) {
        const hidden = await ask(key, id);
        expect(hidden.status).toBe(404);
        expect(hidden.body.detail).toBe(missing.body.detail);
      }
      expect((await holdfast.get(id)).status).toBe('authorized');
    },
  );

  it.each(['', '/events', '/operations'])('is not found by GET …%s either', async (part) => {
    const { id } = (await holdfast.start()).body;
    const key = await holdfast.deps.apiKeys.issue({
      accountId: 'other',
      mode: 'test',
      role: 'admin',
    });
    const live = await holdfast.deps.apiKeys.issue({
      accountId: 'main',
      mode: 'live',
      role: 'admin',
    });
    for (const each of [key, live]) {
      const answer = await holdfast.request('GET', `/v1/payments/${id}${part}`, { key: each });
      expect(answer).toMatchObject({ status: 404, body: { code: 'not-found' } });
    }
  });
});
