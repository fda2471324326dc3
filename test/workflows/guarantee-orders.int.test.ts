/** Orders on the way to their guarantee: other amounts, who may do what, repeats, and evidence. */
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../db/repositories/api-key.repository.ts';
import {
  BUYER,
  buyerWho,
  createGuarantees,
  type Guarantees,
  TOTAL,
} from '../support/guarantees.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { SIMULATED_CREDENTIALS } from '../../activities/providers/infinitepay/simulator.ts';

/** What each debtor may owe at the simulator. */
const LIMIT = 5_000_000;
/** Another company than that of all other tests: its limit is its own. */
const RICH = { ...BUYER, vatId: 'DE129273398' };

let holdfast: Holdfast;
let infinitepay: Guarantees;
beforeAll(async () => {
  holdfast = await createHoldfast();
  infinitepay = await createGuarantees(holdfast);
});
afterAll(async () => {
  await holdfast.close();
  await infinitepay.close();
});

describe('a reserved order', () => {
  it.each([
    ['less', 90_000, ['release 15000']],
    ['more', 120_000, ['reserve 15000']],
  ])('is changed to %s, and captured with that', async (_what, amountMinor, moved) => {
    const { body } = await infinitepay.start();
    const { status, body: changed } = await holdfast.command(body.id, 'modify', { amountMinor });
    expect([status, changed.status]).toEqual([200, 'reserved']);
    expect(changed.amounts).toMatchObject({ requested: amountMinor, authorized: amountMinor });
    expect(await infinitepay.blocked(body)).toBe(amountMinor);
    expect(changed.commands[0]).toEqual({ verb: 'capture', maxMinor: amountMinor });
    expect((await holdfast.command(body.id, 'capture')).body.status).toBe('captured');
    expect(await infinitepay.moved(body)).toEqual([
      `reserve ${TOTAL}`,
      ...moved,
      `capture ${amountMinor}`,
    ]);
  });

  it('stays as it is when the new amount is over the limit', async () => {
    const { body } = await infinitepay.start({ buyer: RICH });
    const terms = { amountMinor: LIMIT + 1 };
    const { body: refused } = await holdfast.command(body.id, 'modify', terms);
    expect([refused.status, refused.decline?.verb]).toEqual(['reserved', 'modify']);
    expect(refused.decline?.message).toContain('limit');
    expect(refused.amounts).toMatchObject({ requested: TOTAL, authorized: TOTAL });
    expect(await infinitepay.blocked(body)).toBe(TOTAL);
  });

  it('is not changed any more once it is captured', async () => {
    const { body } = await infinitepay.start();
    await holdfast.command(body.id, 'capture');
    const late = await holdfast.command(body.id, 'modify', { amountMinor: 90_000 });
    expect(late).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
  });

  it('is declined, and not parked, when it is over the limit from the start', async () => {
    const amount = { amountMinor: LIMIT + 1, currency: 'EUR' };
    const { body } = await infinitepay.start({ amount });
    expect([body.status, body.decline?.verb]).toEqual(['declined', 'reserve']);
    expect(body.commands).toEqual([{ verb: 'receive' }]);
  });
});

describe('a command', () => {
  const as = (role: Role, id: string, verb: string, key: string = randomUUID()) =>
    holdfast.request<{ status: string; code: string }>('POST', `/v1/payments/${id}/${verb}`, {
      key: holdfast.keys[role],
      body: verb === 'modify' ? { amountMinor: TOTAL } : {},
      headers: { 'idempotency-key': key },
    });

  it.each([
    ['capture', ['checkout', 'operator']],
    ['modify', ['checkout', 'operator']],
    ['activate', ['checkout', 'operator']],
    ['cancel', ['checkout', 'operator']],
    ['receipts', ['checkout', 'operator']],
    ['apply', ['checkout', 'operator']],
    ['claim', ['checkout', 'operator']],
    ['write-off', ['checkout', 'operator']],
    ['confirm-limit-released', ['checkout', 'sales']],
    ['recheck', ['checkout', 'sales']],
    ['resolve', ['checkout', 'sales']],
  ] as const)('%s is not for %j', async (verb, roles) => {
    const { body } = await infinitepay.start();
    const statuses = await Promise.all(roles.map((role) => as(role, body.id, verb)));
    expect(statuses.map(({ status }) => status)).toEqual(roles.map(() => 403));
    expect((await holdfast.get(body.id)).status).toBe('reserved');
    await holdfast.command(body.id, 'cancel');
  });

  it('has one effect, however often it is sent under one key', async () => {
    const { body } = await infinitepay.start();
    const key = randomUUID();
    const all = await Promise.all(
      Array.from({ length: 5 }, () => as('sales', body.id, 'capture', key)),
    );
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]));
    expect((await as('sales', body.id, 'capture', key)).body).toEqual(all[0]?.body);
    expect(await infinitepay.moved(body)).toEqual([`reserve ${TOTAL}`, `capture ${TOTAL}`]);
  });

  it('wins alone when twenty people activate at once', async () => {
    const { body } = await infinitepay.start();
    await holdfast.command(body.id, 'capture');
    const all = await Promise.all(
      Array.from({ length: 20 }, () => as('sales', body.id, 'activate')),
    );
    const statuses = all.map(({ status }) => status).toSorted((a, b) => a - b);
    expect(statuses).toEqual([200, ...Array.from({ length: 19 }, () => 409)]);
    const activations = (await infinitepay.moved(body)).filter((each) =>
      each.startsWith('activate'),
    );
    expect(activations).toEqual([`activate ${TOTAL}`]);
  });
});

describe('the evidence', () => {
  it('has what InfinitePay answered, and neither a secret nor the buyer', async () => {
    const { body } = await infinitepay.start({ buyer: buyerWho('half-guaranteed') });
    await holdfast.command(body.id, 'capture');
    await holdfast.command(body.id, 'activate');
    const { status, body: evidence } = await holdfast.request<{
      data: { verb: string; outcome: string; exchanges: object[] }[];
    }>('GET', `/v1/payments/${body.id}/operations`, { key: holdfast.keys.operator });
    expect(status).toBe(200);
    expect(evidence.data.map(({ verb, outcome }) => [verb, outcome])).toEqual([
      ['reserve', 'reservation.approved'],
      ['capture', 'capture.approved'],
      ['activate', 'activation.approved'],
    ]);
    const [sent] = (await infinitepay.simulate('requests')) as { body: string }[];
    expect(sent?.body).toContain(SIMULATED_CREDENTIALS.password);
    const code = /<SECURITY_CD>([^<]+)</.exec(sent?.body ?? '')?.[1] ?? 'none was sent';
    const told = JSON.stringify([
      evidence,
      await holdfast.get(body.id),
      (await holdfast.request('GET', `/v1/payments/${body.id}/events`)).body,
    ]);
    for (const secret of [
      ...Object.values(SIMULATED_CREDENTIALS),
      code,
      'SECURITY_CD',
      'half-guaranteed@',
      '@example.com',
      BUYER.vatId,
      BUYER.billingAddress.street,
    ]) {
      expect(told, `${secret} is told`).not.toContain(secret);
    }
    const { details } = await holdfast.get(body.id);
    expect(details).toMatchObject({ guaranteedMinor: TOTAL / 2, additionalInfo: 'guaranteed' });
  });

  it('has the address as InfinitePay corrected it, and its reasons for a no', async () => {
    const { body } = await infinitepay.start({ buyer: buyerWho('corrected', 'capture-denied') });
    expect(body.details).toMatchObject({
      correctedDebtor: { C_NAME: BUYER.company, C_STREET: 'Berichtigte Straße' },
    });
    const { body: denied } = await holdfast.command(body.id, 'capture');
    expect(denied.details).toMatchObject({
      errors: [{ code: 'SIM_DENIED', message: 'The order was not accepted.' }],
    });
    expect(denied.decline).toMatchObject({ verb: 'capture', code: 'SIM_DENIED' });
  });
});
