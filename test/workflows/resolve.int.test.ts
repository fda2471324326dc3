/** An operator says what became of an operation that nobody could find out about. */
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Role } from '../../db/repositories/api-key.repository.ts';
import type { PaymentResource } from '../../api/payments/schemas.ts';
import { createHoldfast, type Holdfast, type HoldfastOptions } from '../support/holdfast.ts';
import { heldIn, ledgerOf, outgoingOf } from '../support/told.ts';

const SETTINGS = { policy: { inquireWithinMs: 1_000 } };
const SEEN = 'Seen in the dashboard on Friday.';

type Resolution = {
  outcome: 'succeeded' | 'failed';
  amountMinor?: number;
  providerRef?: string;
  reason?: string;
};
type Refused = { readonly code: string; readonly detail: string };

const resolve = (
  holdfast: Holdfast,
  id: string,
  body: Resolution,
  { key = randomUUID(), role = 'operator' }: { key?: string; role?: Role } = {},
) =>
  holdfast.request<PaymentResource & Refused>('POST', `/v1/payments/${id}/resolve`, {
    key: holdfast.keys[role],
    body: { reason: SEEN, ...body },
    headers: { 'idempotency-key': key },
  });

const recheck = (holdfast: Holdfast, id: string) =>
  holdfast.request<PaymentResource>('POST', `/v1/payments/${id}/recheck`, {
    key: holdfast.keys.operator,
    body: {},
    headers: { 'idempotency-key': randomUUID() },
  });

const VERBS = ['authorize', 'capture', 'void', 'refund'] as const;
type Verb = (typeof VERBS)[number];

/** Brings a payment to where nobody knows whether `verb` took place; `took` is the truth. */
async function park(holdfast: Holdfast, verb: Verb, took: boolean): Promise<string> {
  const fault = took ? 'drop-after' : 'drop-before';
  const deaf = async () => {
    await holdfast.fault({ operation: verb, fault, times: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 1_000 });
  };
  if (verb === 'authorize') {
    await deaf();
    const { body } = await holdfast.start({}, { prefer: 'wait=0' });
    return parked(holdfast, body.id);
  }
  const { body } = await holdfast.start({ capture: verb === 'refund' ? 'automatic' : 'manual' });
  await deaf();
  const terms = verb === 'refund' ? { amountMinor: 2_000 } : {};
  await holdfast.command(body.id, verb, terms, { prefer: 'wait=0' });
  return parked(holdfast, body.id);
}

async function parked(holdfast: Holdfast, id: string): Promise<string> {
  const payment = await holdfast.until(id, ({ status }) => status === 'parked');
  expect(payment.needsAttention).toContain('Nobody knows whether');
  expect(payment.commands).toEqual(
    expect.arrayContaining([{ verb: 'recheck' }, { verb: 'resolve' }]),
  );
  return id;
}

/** Under which the provider has what took place: what an operator reads in its dashboard. */
async function seenRef(holdfast: Holdfast, id: string, verb: Verb): Promise<string> {
  const [movement] = await holdfast.movements(id);
  if (verb !== 'refund') return movement?.ref ?? 'pi_none';
  const url = `${holdfast.stripe.url}/v1/refunds?payment_intent=${movement?.ref}`;
  const request = { headers: { authorization: 'Bearer sk_test_holdfast' } };
  await holdfast.clearFaults();
  const { data } = (await (await fetch(url, request)).json()) as { data: { id: string }[] };
  await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 1_000 });
  return data[0]?.id ?? 're_none';
}

const ENDS = {
  authorize: { succeeded: 'authorized', failed: 'expired' },
  capture: { succeeded: 'captured', failed: 'authorized' },
  void: { succeeded: 'voided', failed: 'authorized' },
  refund: { succeeded: 'partially_refunded', failed: 'captured' },
} as const;
const CASES = VERBS.flatMap((verb) => [
  { verb, outcome: 'succeeded' as const },
  { verb, outcome: 'failed' as const },
]);

describe('a parked payment whose provider cannot be asked', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: SETTINGS });
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(() => holdfast.close());

  it.each(CASES)(
    'is resolved: $verb $outcome, and a later look finds nothing to contradict',
    async ({ verb, outcome }) => {
      const id = await park(holdfast, verb, outcome === 'succeeded');
      const ref = outcome === 'succeeded' ? { providerRef: await seenRef(holdfast, id, verb) } : {};
      const { status, body } = await resolve(holdfast, id, { outcome, ...ref });
      expect([status, body.status]).toEqual([200, ENDS[verb][outcome]]);
      expect(body).toMatchObject({ needsAttention: null, decline: null });
      expect((await outgoingOf(holdfast, id)).at(-1)?.type).toBe('payment.resolved');

      await holdfast.clearFaults();
      const { amounts } = await holdfast.get(id);
      const looked = await recheck(holdfast, id);
      if (verb === 'authorize' && outcome === 'failed') return expect(looked.status).toBe(409);
      await expect
        .poll(async () => (await holdfast.facts(id)).at(-1), { timeout: 10_000 })
        // A hold that only a person saw gets its end from the look.
        .toMatch(/^(picture\.confirmed|hold\.rescheduled)$/);
      expect(await holdfast.get(id)).toMatchObject({
        status: ENDS[verb][outcome],
        amounts,
        needsAttention: null,
      });
    },
  );

  it('has the author and the reason in its story', async () => {
    const id = await park(holdfast, 'capture', true);
    await resolve(holdfast, id, { outcome: 'succeeded' });
    const { body } = await holdfast.request<{
      data: { type: string; actor: string; status: string; details: object }[];
    }>('GET', `/v1/payments/${id}/events`);
    const proposed = body.data.find(({ type }) => type === 'resolution.proposed');
    expect(proposed).toMatchObject({
      actor: expect.stringMatching(/^api:operator:/) as string,
      details: { outcome: 'succeeded', reason: SEEN },
    });
    expect(body.data.at(-1)).toMatchObject({ type: 'resolution.applied', status: 'captured' });
  });

  it('gives the same answer to the same key, and moves nothing again', async () => {
    const id = await park(holdfast, 'capture', true);
    const key = randomUUID();
    const first = await resolve(holdfast, id, { outcome: 'succeeded' }, { key });
    const again = await resolve(holdfast, id, { outcome: 'succeeded' }, { key });
    expect([again.status, again.body]).toEqual([200, first.body]);
    const other = await resolve(holdfast, id, { outcome: 'failed' }, { key });
    expect(other).toMatchObject({ status: 422, body: { code: 'idempotency-key-reused' } });
    const facts = await holdfast.facts(id);
    expect(facts.filter((type) => type === 'resolution.applied')).toHaveLength(1);
  });

  it('can go on afterwards: what was resolved as failed is asked for again', async () => {
    const id = await park(holdfast, 'capture', false);
    await resolve(holdfast, id, { outcome: 'failed' });
    await holdfast.clearFaults();
    const { status, body } = await holdfast.command(id, 'capture');
    expect([status, body.status]).toEqual([200, 'captured']);
    expect(await ledgerOf(holdfast, id)).toEqual(['authorize 10500', 'capture 10500']);
  });

  it('shows it when the operator was wrong, as soon as the provider can be asked', async () => {
    const id = await park(holdfast, 'capture', false);
    await resolve(holdfast, id, { outcome: 'succeeded' });
    await holdfast.clearFaults();
    await recheck(holdfast, id);
    const payment = await holdfast.until(id, ({ needsAttention }) => needsAttention !== null);
    expect(payment.needsAttention).toContain('less was captured there than here');
  });

  it.each([
    [
      'another amount',
      'capture',
      { outcome: 'succeeded', amountMinor: 10_499 },
      'of EUR 105.00 (10500 minor units)',
    ],
    [
      'another reference',
      'capture',
      { outcome: 'succeeded', providerRef: 'pi_other' },
      'knows this payment as pi_',
    ],
    ['another reference of a void', 'void', { outcome: 'failed', providerRef: 'pi_other' }, 'pi_'],
  ] as const)('refuses %s: the journal knows better', async (_what, verb, said, detail) => {
    const id = await park(holdfast, verb, true);
    expect(await resolve(holdfast, id, said)).toMatchObject({
      status: 409,
      body: { code: 'contradicts-proof', detail: expect.stringContaining(detail) as string },
    });
    expect((await holdfast.get(id)).status).toBe('parked');
    expect(await holdfast.facts(id)).not.toContain('resolution.proposed');
  });

  it.each(['authorize', 'refund'] as const)(
    'wants to know under which reference a successful %s is to be found',
    async (verb) => {
      const id = await park(holdfast, verb, true);
      const refused = await resolve(holdfast, id, { outcome: 'succeeded' });
      expect([refused.status, refused.body.code]).toEqual([422, 'resolution-incomplete']);
      expect((await holdfast.get(id)).status).toBe('parked');
    },
  );

  it('does not take the hold’s reference for a refund’s', async () => {
    const id = await park(holdfast, 'refund', true);
    const [movement] = await holdfast.movements(id);
    const said = { outcome: 'succeeded', providerRef: movement?.ref ?? '' } as const;
    const refused = await resolve(holdfast, id, said);
    expect([refused.status, refused.body.code]).toEqual([409, 'contradicts-proof']);
  });

  it.each(['checkout', 'sales'] as const)('is not for %s to resolve', async (role) => {
    const id = await park(holdfast, 'capture', true);
    const refused = await resolve(holdfast, id, { outcome: 'succeeded' }, { role });
    expect(refused.status).toBe(403);
    expect((await holdfast.get(id)).status).toBe('parked');
  });

  it('is not resolved without a reason', async () => {
    const id = await park(holdfast, 'capture', true);
    const { status } = await holdfast.request('POST', `/v1/payments/${id}/resolve`, {
      key: holdfast.keys.operator,
      body: { outcome: 'succeeded' },
      headers: { 'idempotency-key': randomUUID() },
    });
    expect(status).toBe(422);
    expect((await holdfast.get(id)).status).toBe('parked');
  });

  it('is the only one that can be resolved', async () => {
    const { body } = await holdfast.start();
    const refused = await resolve(holdfast, body.id, { outcome: 'failed' });
    expect(refused).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
  });
});

describe('a parked payment whose provider can be asked again', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ settings: SETTINGS });
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(() => holdfast.close());

  it.each(VERBS)('refuses that its %s failed, when the provider has it', async (verb) => {
    const id = await park(holdfast, verb, true);
    await holdfast.clearFaults();
    const key = randomUUID();
    const refused = await resolve(holdfast, id, { outcome: 'failed' }, { key });
    expect(refused).toMatchObject({ status: 409, body: { code: 'contradicts-proof' } });
    const again = await resolve(holdfast, id, { outcome: 'failed' }, { key });
    expect([again.status, again.body.detail]).toEqual([409, refused.body.detail]);
    const payment = await holdfast.get(id);
    expect(payment).toMatchObject({ status: ENDS[verb].succeeded, needsAttention: null });
    expect(await holdfast.facts(id)).not.toContain('resolution.applied');
  });

  it.each(VERBS)('takes the provider’s word where it agrees: %s', async (verb) => {
    const id = await park(holdfast, verb, true);
    const providerRef = await seenRef(holdfast, id, verb);
    await holdfast.clearFaults();
    const resolved = await resolve(holdfast, id, { outcome: 'succeeded', providerRef });
    expect([resolved.status, resolved.body.status]).toEqual([200, ENDS[verb].succeeded]);
    expect(resolved.body).toMatchObject({ needsAttention: null, decline: null });
    expect(await holdfast.facts(id)).not.toContain('resolution.applied');
  });
});

describe('a parked payment whose operation never reached the provider', () => {
  /** A request may be on its way for two minutes; the second worker's clock is past them. */
  const LATER: HoldfastOptions['instead'] = { now: () => Date.now() + 3 * 60_000 };

  it.each(VERBS)('refuses that its %s succeeded, once that is proven', async (verb) => {
    const holdfast = await createHoldfast({ workerless: true, settings: SETTINGS });
    const first = await holdfast.startWorker();
    const id = await park(holdfast, verb, false);
    await first.stop();
    await holdfast.clearFaults();
    const second = await holdfast.startWorker(LATER);
    const isNew = verb === 'authorize' || verb === 'refund';
    const ref = isNew ? { providerRef: 'pi_imagined' } : {};
    const refused = await resolve(holdfast, id, { outcome: 'succeeded', ...ref });
    expect(refused).toMatchObject({ status: 409, body: { code: 'contradicts-proof' } });
    expect((await holdfast.get(id)).status).toBe(ENDS[verb].failed);
    expect(await holdfast.facts(id)).not.toContain('resolution.applied');
    await second.stop();
    await holdfast.close();
  });
});

describe('a parked renewal of a hold', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    const policy = { inquireWithinMs: 500, warnBeforeMs: 20_000, onHoldEnding: 'reauthorize' };
    holdfast = await createHoldfast({ holdMs: 12_000, settings: { policy } });
  });
  afterEach(() => holdfast.clearFaults());
  afterAll(() => holdfast.close());

  async function parkRenewal(took: boolean): Promise<string> {
    const { body } = await holdfast.start();
    // The old hold is read first, and that has to succeed.
    await holdfast.fault({ operation: 'inquire', fault: 'delay', times: 1, delayMs: 1 });
    await holdfast.fault({ operation: 'inquire', fault: 'garbage-after', times: 1_000 });
    const fault = took ? 'drop-after' : 'drop-before';
    await holdfast.fault({ operation: 'authorize', fault, times: 1 });
    return parked(holdfast, body.id);
  }

  it('is resolved as placed: the old hold is released and the new one is used', async () => {
    const id = await parkRenewal(true);
    const [old, fresh] = await holdfast.movements(id);
    const own = { outcome: 'succeeded', providerRef: old?.ref ?? '' } as const;
    expect((await resolve(holdfast, id, own)).body.code).toBe('contradicts-proof');
    const said = { outcome: 'succeeded', providerRef: fresh?.ref ?? '' } as const;
    const resolved = await resolve(holdfast, id, said);
    expect(resolved.status).toBe(200);
    const payment = await holdfast.until(id, ({ amounts }) => amounts.voided === 10_500);
    expect(payment).toMatchObject({ status: 'authorized', needsAttention: null });
    await holdfast.clearFaults();
    expect((await holdfast.command(id, 'capture')).body.status).toBe('captured');
    const movements = await holdfast.movements(id);
    expect(movements.map(({ kind }) => kind)).toEqual([
      'authorize',
      'authorize',
      'void',
      'capture',
    ]);
    expect(movements[3]?.ref).toBe(fresh?.ref);
    expect(heldIn(movements)).toEqual([]);
  });

  it('is resolved as not placed: the old hold stands and asks for attention', async () => {
    const id = await parkRenewal(false);
    const resolved = await resolve(holdfast, id, { outcome: 'failed' });
    expect([resolved.status, resolved.body.status]).toEqual([200, 'authorized']);
    expect(resolved.body.needsAttention).toContain('could not be renewed');
    await holdfast.clearFaults();
    expect((await holdfast.command(id, 'capture')).body.status).toBe('captured');
    expect(await ledgerOf(holdfast, id)).toEqual(['authorize 10500', 'capture 10500']);
  });
});
