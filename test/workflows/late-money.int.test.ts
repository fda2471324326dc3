/** A buyer who pays after the payment has ended is not lost: taken up or given back, and shown. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { heldIn, ledgerOf, outgoingOf } from '../support/told.ts';

const CHALLENGED = {
  paymentToken: 'pm_card_authenticationRequired',
  returnUrl: 'https://shop.example/back',
};

type Policy = 'adopt' | 'void';

/** News is an integration's own, so each policy has a Holdfast to itself. */
let stacks: Record<Policy, Holdfast>;
const open = (onLateMoney: Policy): Promise<Holdfast> =>
  createHoldfast({ webhooks: true, settings: { policy: { buyerWithinMs: 1_500, onLateMoney } } });
beforeAll(async () => {
  stacks = { adopt: await open('adopt'), void: await open('void') };
});
afterEach(async () => {
  for (const stack of Object.values(stacks)) await stack.clearFaults();
});
afterAll(async () => {
  for (const stack of Object.values(stacks)) await stack.close();
});

const HOLD = ['authorize 10500'];
const SALE = ['authorize 10500', 'capture 10500'];
const CASES = [
  { policy: 'adopt', capture: 'manual', ends: 'authorized', ledger: HOLD },
  { policy: 'void', capture: 'manual', ends: 'voided', ledger: [...HOLD, 'void 10500'] },
  { policy: 'adopt', capture: 'automatic', ends: 'captured', ledger: SALE },
  { policy: 'void', capture: 'automatic', ends: 'refunded', ledger: [...SALE, 'refund 10500'] },
] as const;

/** The last thing that merchants are told, and the one before where the money was given back. */
const TOLD = {
  authorized: ['payment.authorized'],
  voided: ['payment.voided'],
  captured: ['payment.captured'],
  refunded: ['payment.refunded'],
} as const;

const count = (facts: readonly string[], type: string): number =>
  facts.filter((each) => each === type).length;

/** What is right of every late payment, once it is where it belongs. */
async function expectShown(id: string, each: (typeof CASES)[number]): Promise<void> {
  const holdfast = stacks[each.policy];
  const payment = await holdfast.until(id, ({ status }) => status === each.ends);
  expect(await ledgerOf(holdfast, id)).toEqual(each.ledger);
  expect(heldIn(await holdfast.movements(id))).toEqual(each.ends === 'authorized' ? [10_500] : []);
  const isRejected = each.policy === 'void';
  expect(count(await holdfast.facts(id), 'late_money.rejected')).toBe(isRejected ? 1 : 0);
  if (isRejected) expect(payment.needsAttention).toBeNull();
  else expect(payment.needsAttention).toContain('The buyer paid at Stripe after the payment had');
  const told = await outgoingOf(holdfast, id);
  const expected = TOLD[each.ends];
  expect(told.slice(-expected.length).map(({ type }) => type)).toEqual(expected);
  // Adopted money can be worked with like any other.
  expect(told.at(-1)?.payload).toMatchObject({
    status: each.ends,
    needsAttention: payment.needsAttention,
  });
  if (each.ends === 'authorized') {
    expect((await holdfast.command(id, 'capture')).body).toMatchObject({
      status: 'captured',
      needsAttention: null,
    });
  }
}

/** A payment whose buyer's time is over and whose cancel does not get through. */
async function startGivingUp(holdfast: Holdfast, capture: unknown): Promise<string> {
  await holdfast.fault({ operation: 'void', fault: 'drop-before', times: 100 });
  const { body } = await holdfast.start({ ...CHALLENGED, capture });
  expect(body.status).toBe('awaiting_buyer');
  await holdfast.until(body.id, ({ status }) => status === 'voiding');
  return body.id;
}

describe('a buyer who pays while the payment is being given up', () => {
  it.each(CASES)('is not lost: $capture and $policy end $ends', async (each) => {
    const holdfast = stacks[each.policy];
    const id = await startGivingUp(holdfast, each.capture);
    await holdfast.atDashboard('pay', id);
    await holdfast.clearFaults();
    await expectShown(id, each);
    const facts = await holdfast.facts(id);
    const found = each.capture === 'manual' ? 'hold.found' : 'sale.approved';
    expect(facts.indexOf(found)).toBeGreaterThan(facts.indexOf('buyer.timed_out'));
    expect(count(facts, found)).toBe(1);
  });

  it('has nothing captured that is not wanted, though a capture was scheduled for earlier', async () => {
    const at = new Date(Date.now() + 1_000).toISOString();
    const holdfast = stacks.void;
    const id = await startGivingUp(holdfast, { at });
    await holdfast.atDashboard('pay', id);
    await holdfast.clearFaults();
    await expectShown(id, CASES[1]);
  });

  it('has it captured as scheduled where it is taken up', async () => {
    const at = new Date(Date.now() + 1_000).toISOString();
    const holdfast = stacks.adopt;
    const id = await startGivingUp(holdfast, { at });
    await holdfast.atDashboard('pay', id);
    await holdfast.clearFaults();
    await holdfast.until(id, ({ status }) => status === 'captured');
    expect(await ledgerOf(holdfast, id)).toEqual(SALE);
  });

  it('who does not come is given up all the same, and can pay no more', async () => {
    const holdfast = stacks.adopt;
    const id = await startGivingUp(holdfast, 'manual');
    await holdfast.clearFaults();
    await holdfast.until(id, ({ status }) => status === 'expired');
    await expect(holdfast.atDashboard('pay', id)).rejects.toThrow('the status is canceled');
    expect(await holdfast.movements(id)).toEqual([]);
    expect((await outgoingOf(holdfast, id)).at(-1)?.type).toBe('payment.expired');
  });
});

/** The shop's page lets the buyer try another card on the same PaymentIntent. */
async function payWithAnotherCard(holdfast: Holdfast, id: string): Promise<void> {
  const { rows } = await holdfast.pool.query<{ ref: string }>(
    'select provider_ref as ref from payments where id = $1',
    [id],
  );
  const url = `${holdfast.stripe.url}/v1/payment_intents/${rows[0]?.ref}/confirm`;
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      authorization: 'Bearer sk_test_holdfast',
      'content-type': 'application/x-www-form-urlencoded',
      'idempotency-key': randomUUID(),
    },
    body: new URLSearchParams({
      payment_method: 'pm_card_visa',
      return_url: 'https://shop.example/back',
    }).toString(),
  });
  expect(response.status).toBe(200);
}

describe('a buyer who pays with another card after the payment was declined', () => {
  it.each(CASES)('is not lost: $capture and $policy end $ends', async (each) => {
    const holdfast = stacks[each.policy];
    const { body } = await holdfast.start({
      paymentToken: 'pm_card_chargeDeclined',
      capture: each.capture,
    });
    expect(body.status).toBe('declined');
    await payWithAnotherCard(holdfast, body.id);
    await expectShown(body.id, each);
    expect(count(await holdfast.facts(body.id), 'hold.found')).toBe(1);
    expect((await holdfast.get(body.id)).decline).toBeNull();
  });

  it('is found by a recheck when no news came', async () => {
    const deaf = await createHoldfast();
    const { body } = await deaf.start({ paymentToken: 'pm_card_chargeDeclined' });
    await payWithAnotherCard(deaf, body.id);
    const headers = { 'idempotency-key': randomUUID() };
    const path = `/v1/payments/${body.id}/recheck`;
    await deaf.request('POST', path, { key: deaf.keys.operator, body: {}, headers });
    const payment = await deaf.until(body.id, ({ status }) => status === 'authorized');
    expect(payment.needsAttention).toContain('The buyer paid at Stripe after the payment had');
    await deaf.close();
  });
});
