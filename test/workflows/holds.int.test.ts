/** The hold clock on real timers: holds of seconds, and everything that is done before they end. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { by, savePolicies } from '../support/holds.ts';
import { heldIn, ledgerOf, outgoingOf, typesOf } from '../support/told.ts';

/** When the hold ends, by the provider's own object. */
async function captureBefore(holdfast: Holdfast, id: string): Promise<number> {
  const [movement] = await holdfast.movements(id);
  const url = `${holdfast.stripe.url}/v1/payment_intents/${movement?.ref}?expand[]=latest_charge`;
  const response = await fetch(url, { headers: { authorization: 'Bearer sk_test_holdfast' } });
  const intent = (await response.json()) as {
    latest_charge: { payment_method_details: { card: { capture_before: number } } };
  };
  return intent.latest_charge.payment_method_details.card.capture_before * 1000;
}

describe('a hold of six seconds', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast({ holdMs: 6_000 });
    await savePolicies(holdfast, { warnBeforeMs: 2_500, actBeforeMs: 1_500 });
  });
  afterAll(() => holdfast.close());

  it('ends when Stripe says, and all that comes before is told from the start', async () => {
    const { body } = await holdfast.start(by('void'));
    const endsAt = await captureBefore(holdfast, body.id);
    const at = (beforeMs: number) => new Date(endsAt - beforeMs).toISOString();
    expect(body.deadlines).toEqual([
      { at: at(2_500), event: 'hold.ending' },
      { at: at(1_500), event: 'hold.policy_due', action: 'void' },
      { at: at(0), event: 'hold.due' },
    ]);
    expect(body.deadline).toEqual({ at: at(0), event: 'hold.due' });
    const { currentDetails } = await holdfast.temporal.workflow
      .getHandle(body.id)
      .query<{ currentDetails: string }>('__temporal_workflow_metadata');
    expect(currentDetails).toContain('- Release the hold, before it ends at');
    expect(currentDetails).toContain('- The hold ends: ask the provider at');

    await holdfast.until(body.id, ({ status }) => status === 'voided');
    const [authorized, ending, ...rest] = await outgoingOf(holdfast, body.id);
    expect(authorized?.payload.deadlines).toEqual(body.deadlines);
    expect(ending).toMatchObject({
      type: 'payment.hold_ending',
      payload: { status: 'authorized', deadlines: body.deadlines.slice(1) },
    });
    expect(rest.map(({ type }) => type)).toEqual(['payment.voided']);
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'void 10500']);
  });

  it('is captured before it ends, when the policy says so', async () => {
    const { body } = await holdfast.start(by('capture'));
    const payment = await holdfast.until(body.id, ({ status }) => status === 'captured');
    expect(payment.amounts).toMatchObject({ authorized: 10_500, captured: 10_500 });
    expect(Date.parse(payment.updatedAt)).toBeLessThan(Date.parse(body.deadline!.at));
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'capture 10500']);
    expect(await typesOf(holdfast, body.id)).toEqual([
      'payment.authorized',
      'payment.hold_ending',
      'payment.captured',
    ]);
    expect(payment).toMatchObject({ deadlines: [], needsAttention: null });
  });

  it('is released of its rest alone, when a part was captured', async () => {
    const { body } = await holdfast.start(by('void'));
    await holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    const payment = await holdfast.until(body.id, ({ status }) => status === 'captured');
    expect(payment.amounts).toMatchObject({ captured: 4_000, voided: 6_500 });
    expect(heldIn(await holdfast.movements(body.id))).toEqual([]);
  });

  it('expires by the provider’s word, and refuses a later capture with that reason', async () => {
    const { body } = await holdfast.start(by('nothing'));
    const payment = await holdfast.until(body.id, ({ status }) => status === 'expired');
    expect(payment.amounts).toMatchObject({ authorized: 10_500, captured: 0, voided: 10_500 });
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'void 10500']);
    expect((await holdfast.facts(body.id)).slice(2)).toEqual([
      'hold.ending',
      'hold.due',
      'hold.expired',
    ]);
    expect(await typesOf(holdfast, body.id)).toEqual([
      'payment.authorized',
      'payment.hold_ending',
      'payment.expired',
    ]);
    const refused = await holdfast.command(body.id, 'capture');
    expect(refused).toMatchObject({
      status: 409,
      body: {
        code: 'illegal-transition',
        detail: expect.stringContaining('The hold has expired, by Stripe’s word') as string,
      },
    });
  });

  it('is renewed before it ends: the new hold first, then the old one is released', async () => {
    const { body } = await holdfast.start(by('reauthorize'));
    const isRenewed = ({ amounts }: typeof body) => amounts.voided === 10_500;
    const renewed = await holdfast.until(body.id, isRenewed);
    expect(renewed).toMatchObject({ status: 'authorized', needsAttention: null });
    expect(Date.parse(renewed.deadline!.at)).toBeGreaterThan(Date.parse(body.deadline!.at));
    expect(renewed.commands).toEqual(body.commands);

    const captured = await holdfast.command(body.id, 'capture');
    expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
    const movements = await holdfast.movements(body.id);
    expect(movements.slice(0, 3).map(({ kind }) => kind)).toEqual([
      'authorize',
      'authorize',
      'void',
    ]);
    expect(movements[2]?.ref).toBe(movements[0]?.ref);
    expect(movements.at(-1)).toMatchObject({ kind: 'capture', amountMinor: 10_500 });
    expect(heldIn(movements)).toEqual([]);
    expect(await typesOf(holdfast, body.id)).toEqual(
      expect.arrayContaining(['payment.hold_ending', 'payment.reauthorized']) as string[],
    );
    expect(await typesOf(holdfast, body.id)).not.toContain('payment.voided');
  });

  it('is renewed again and again, and never twice at a time', async () => {
    const { body } = await holdfast.start(by('reauthorize'));
    await holdfast.until(body.id, ({ amounts }) => amounts.voided === 21_000);
    const voided = await holdfast.command(body.id, 'void');
    expect([voided.status, voided.body.status]).toEqual([200, 'voided']);
    const movements = await holdfast.movements(body.id);
    const open: number[] = [];
    for (let length = 1; length <= movements.length; length += 1) {
      open.push(heldIn(movements.slice(0, length)).length);
    }
    expect(Math.max(...open)).toBe(2);
    expect(open.at(-1)).toBe(0);
    const facts = await holdfast.facts(body.id);
    const renewals = facts.filter((type) => type === 'reauthorization.approved').length;
    expect(movements.filter(({ kind }) => kind === 'authorize')).toHaveLength(renewals + 1);
  });

  it('is renewed for its rest, and gives money back of the hold that has it', async () => {
    const { body } = await holdfast.start(by('reauthorize'));
    await holdfast.command(body.id, 'capture', { amountMinor: 4_000, final: false });
    await holdfast.until(body.id, ({ amounts }) => amounts.voided > 0);
    const captured = await holdfast.command(body.id, 'capture');
    expect(captured.body).toMatchObject({ status: 'captured', amounts: { captured: 10_500 } });
    expect(captured.body.commands).toEqual([{ verb: 'refund', maxMinor: 6_500 }]);
    expect((await holdfast.command(body.id, 'refund', { amountMinor: 6_501 })).status).toBe(422);
    await holdfast.command(body.id, 'refund', { amountMinor: 4_000 });
    await holdfast.command(body.id, 'refund', { amountMinor: 6_500 });
    expect((await holdfast.get(body.id)).status).toBe('refunded');
    const movements = await holdfast.movements(body.id);
    const captures = movements.filter(({ kind }) => kind === 'capture');
    expect(captures.map(({ amountMinor }) => amountMinor)).toEqual([4_000, 6_500]);
    const refunds = movements.filter(({ kind }) => kind === 'refund');
    expect(refunds.map(({ ref, amountMinor }) => [ref, amountMinor])).toEqual(
      captures.map(({ ref, amountMinor }) => [ref, amountMinor]),
    );
  });

  it('stays as it is when the issuer wants the buyer for a renewal, and asks for attention', async () => {
    const challenged = {
      paymentToken: 'pm_card_authenticationRequired',
      returnUrl: 'https://shop.example/back',
    };
    const { body } = await holdfast.start({ ...by('reauthorize'), ...challenged });
    await holdfast.simulate('dashboard/pay', { ref: (await refOf(holdfast, body.id)) ?? '' });
    await holdfast.until(body.id, ({ status }) => status === 'authorized');
    const payment = await holdfast.until(body.id, ({ needsAttention }) => needsAttention !== null);
    expect(payment).toMatchObject({
      status: 'authorized',
      decline: { verb: 'reauthorize', code: 'authentication_required' },
      needsAttention: expect.stringContaining('could not be renewed') as string,
    });
    expect(await typesOf(holdfast, body.id)).toContain('payment.needs_attention');
    const captured = await holdfast.command(body.id, 'capture');
    expect(captured.body).toMatchObject({ status: 'captured', needsAttention: null });
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'capture 10500']);
  });
});

async function refOf({ pool }: Holdfast, id: string): Promise<string | undefined> {
  const { rows } = await pool.query<{ ref: string }>(
    'select provider_ref as ref from payments where id = $1',
    [id],
  );
  return rows[0]?.ref;
}
