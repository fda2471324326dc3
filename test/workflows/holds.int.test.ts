/** The hold clock on real timers: holds of seconds, and everything that is done before they end. */
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { kill, startCrashWorker } from '../support/crash.ts';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { heldIn, ledgerOf, outgoingOf } from '../support/told.ts';

const ACTIONS = ['reauthorize', 'capture', 'void', 'nothing'] as const;
type Action = (typeof ACTIONS)[number];

/** One integration for each policy; `actBeforeMs` is at most half of a hold. */
async function savePolicies(holdfast: Holdfast, policy: Record<string, unknown>): Promise<void> {
  for (const onHoldEnding of ACTIONS) {
    await holdfast.saveIntegration(`stripe_${onHoldEnding}`, 'test', {
      policy: { ...policy, onHoldEnding },
    });
  }
}

const by = (action: Action) => ({ method: `stripe_${action}.card` });

const typesOf = async (holdfast: Holdfast, id: string): Promise<string[]> =>
  (await outgoingOf(holdfast, id)).map(({ type }) => type);

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

/** The real clock is the only one here: its seconds have to pass. */
const untilClockIs = (at: number): Promise<void> =>
  expect.poll(() => Date.now(), { timeout: 40_000, interval: 50 }).toBeGreaterThanOrEqual(at);

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

describe('a worker that is stopped while a hold runs', () => {
  it('is replaced by one that does what is due, before the hold ends', async () => {
    const holdfast = await createHoldfast({ workerless: true, holdMs: 14_000 });
    await savePolicies(holdfast, { warnBeforeMs: 10_000, actBeforeMs: 7_000 });
    const first = await holdfast.startWorker();
    const started = await Promise.all(
      (['reauthorize', 'capture', 'void'] as const).map((action) => holdfast.start(by(action))),
    );
    await first.stop();
    const dueAt = started.map(({ body }) =>
      Date.parse(body.deadlines.find(({ event }) => event === 'hold.policy_due')!.at),
    );
    await untilClockIs(Math.max(...dueAt));
    for (const { body } of started) expect(await holdfast.movements(body.id)).toHaveLength(1);

    const second = await holdfast.startWorker();
    const [renewed, captured, voided] = started.map(({ body }) => body.id) as [
      string,
      string,
      string,
    ];
    await holdfast.until(captured, ({ status }) => status === 'captured');
    await holdfast.until(voided, ({ status }) => status === 'voided');
    await holdfast.until(renewed, ({ amounts }) => amounts.voided === 10_500);
    for (const { body } of started) {
      const told = await typesOf(holdfast, body.id);
      expect(told.filter((type) => type === 'payment.hold_ending')).toHaveLength(1);
    }
    expect(heldIn(await holdfast.movements(renewed))).toEqual([10_500]);
    await holdfast.command(renewed, 'void');
    await second.stop();
    await holdfast.close();
  });

  it('is replaced too late: what has lapsed is expired, whatever the policy was', async () => {
    const holdfast = await createHoldfast({ workerless: true, holdMs: 2_000 });
    await savePolicies(holdfast, { warnBeforeMs: 1_500, actBeforeMs: 500 });
    const first = await holdfast.startWorker();
    const started = await Promise.all(ACTIONS.map((action) => holdfast.start(by(action))));
    await first.stop();
    await untilClockIs(Math.max(...started.map(({ body }) => Date.parse(body.deadline!.at))));
    const second = await holdfast.startWorker();
    for (const { body } of started) {
      const payment = await holdfast.until(body.id, ({ status }) => status === 'expired');
      expect(payment.amounts).toMatchObject({ captured: 0, voided: 10_500 });
      expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'void 10500']);
      expect((await typesOf(holdfast, body.id)).at(-1)).toBe('payment.expired');
    }
    await second.stop();
    await holdfast.close();
  });
});

describe('a worker that is killed while it renews a hold', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), 'holdfast-holds-'));
  });
  afterAll(() => rmSync(dir, { recursive: true, force: true }));

  it.concurrent.each([
    ['after the new hold was placed and before that is journaled', 'reauthorize', 'after-call'],
    ['after the new hold is journaled and before Temporal knows', 'reauthorize', 'after-journal'],
    ['before the old hold is released', 'void', 'before-call'],
    ['after the old hold was released and before that is journaled', 'void', 'after-call'],
  ] as const)(
    'leaves one hold and no other when it dies %s',
    async (_when, verb, point) => {
      const holdfast = await createHoldfast({ workerless: true, holdMs: 26_000 });
      // Its heartbeat and the next attempt take ten seconds, for which the new hold has to last.
      await savePolicies(holdfast, { warnBeforeMs: 20_000, actBeforeMs: 13_000 });
      const mark = join(dir, `${verb}-${point}`);
      const workers = [await startCrashWorker(holdfast, point, verb, mark)];
      try {
        const died = once(workers[0]!, 'exit');
        const { body } = await holdfast.start(by('reauthorize'));
        await died;
        workers.push(await startCrashWorker(holdfast, 'never', verb, mark));
        await holdfast.until(body.id, ({ amounts }) => amounts.voided >= 10_500);
        // Nobody renews any more, so that what is counted stands still.
        const captured = await holdfast.command(body.id, 'capture');
        expect([captured.status, captured.body.status]).toEqual([200, 'captured']);
        const movements = await holdfast.movements(body.id);
        expect(heldIn(movements)).toEqual([]);
        expect(movements.filter(({ kind }) => kind === 'capture')).toHaveLength(1);
        const facts = await holdfast.facts(body.id);
        const renewals = facts.filter((type) => type === 'reauthorization.approved').length;
        expect(movements.filter(({ kind }) => kind === 'authorize')).toHaveLength(renewals + 1);
        expect(movements.filter(({ kind }) => kind === 'void')).toHaveLength(renewals);
      } finally {
        await Promise.all(workers.map(kill));
        await holdfast.close();
      }
    },
    120_000,
  );
});

describe('a scheduled capture', () => {
  let holdfast: Holdfast;
  beforeAll(async () => {
    holdfast = await createHoldfast();
  });
  afterAll(() => holdfast.close());

  const inMs = (ms: number): string => new Date(Date.now() + ms).toISOString();
  const HOUR = 3_600_000;

  it('that comes with the start is shown, and is done once, at its time', async () => {
    const at = inMs(1_500);
    const { status, body } = await holdfast.start({ capture: { at } });
    expect([status, body.status]).toEqual([201, 'authorized']);
    expect(body.scheduledCapture).toEqual({ at, amountMinor: null });
    expect(body.deadlines[0]).toEqual({ at, event: 'capture.due' });
    expect(Date.parse(body.deadline!.at)).toBeGreaterThan(Date.now() + HOUR);
    const payment = await holdfast.until(body.id, (now) => now.status === 'captured');
    expect(Date.parse(payment.updatedAt)).toBeGreaterThanOrEqual(Date.parse(at));
    expect(payment.scheduledCapture).toBeNull();
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'capture 10500']);
  });

  it('can be asked for later, for a part, and its author is in the story', async () => {
    const { body } = await holdfast.start();
    const at = inMs(1_500);
    const asked = await holdfast.command(body.id, 'capture', {
      at,
      amountMinor: 4_000,
      final: false,
    });
    expect(asked).toMatchObject({
      status: 200,
      body: { status: 'authorized', scheduledCapture: { at, amountMinor: 4_000 } },
    });
    await holdfast.until(body.id, ({ status }) => status === 'partially_captured');
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'capture 4000']);
    expect(await typesOf(holdfast, body.id)).toEqual([
      'payment.authorized',
      'payment.capture_scheduled',
      'payment.captured',
    ]);
    const { body: story } = await holdfast.request<{ data: { type: string; actor: string }[] }>(
      'GET',
      `/v1/payments/${body.id}/events`,
    );
    expect(story.data.find(({ type }) => type === 'capture.scheduled')?.actor).toMatch(
      /^api:sales:/,
    );
  });

  it('can be changed and withdrawn, and says so', async () => {
    const { body } = await holdfast.start({ capture: { at: inMs(HOUR) } });
    const later = inMs(2 * HOUR);
    const changed = await holdfast.command(body.id, 'capture', { at: later });
    expect(changed.body.scheduledCapture?.at).toBe(later);
    const withdrawn = await holdfast.command(body.id, 'capture', { at: null });
    expect(withdrawn).toMatchObject({ status: 200, body: { scheduledCapture: null } });
    expect(withdrawn.body.deadlines.map(({ event }) => event)).toEqual(['hold.ending', 'hold.due']);
    const again = await holdfast.command(body.id, 'capture', { at: null });
    expect(again).toMatchObject({ status: 409, body: { code: 'illegal-transition' } });
    expect(await typesOf(holdfast, body.id)).toEqual([
      'payment.authorized',
      'payment.capture_scheduled',
      'payment.capture_unscheduled',
    ]);
  });

  it('that was moved to an earlier time is done then, and never again', async () => {
    const { body } = await holdfast.start({ capture: { at: inMs(HOUR) } });
    await holdfast.command(body.id, 'capture', { at: inMs(1_000) });
    await holdfast.until(body.id, ({ status }) => status === 'captured');
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type === 'capture.due')).toHaveLength(1);
    expect(await ledgerOf(holdfast, body.id)).toEqual(['authorize 10500', 'capture 10500']);
  });

  it('is the same one when it is asked for twice with one key', async () => {
    const { body } = await holdfast.start();
    const at = inMs(HOUR);
    const key = `schedule-${body.id}`;
    const first = await holdfast.command(body.id, 'capture', { at }, { key });
    const second = await holdfast.command(body.id, 'capture', { at }, { key });
    expect(second.body).toEqual(first.body);
    const facts = await holdfast.facts(body.id);
    expect(facts.filter((type) => type === 'capture.scheduled')).toHaveLength(1);
  });

  it.each([
    ['beyond the hold’s end', 8 * 24 * HOUR],
    ['in the past', -1_000],
  ])('%s is refused, with what would be possible', async (_when, ms) => {
    const { body } = await holdfast.start();
    const refused = await holdfast.command(body.id, 'capture', { at: inMs(ms) });
    expect(refused).toMatchObject({
      status: 422,
      body: {
        code: 'capture-time-invalid',
        detail: expect.stringContaining('before the hold ends on') as string,
        allowed: [{ verb: 'capture', maxMinor: 10_500 }, { verb: 'void' }],
      },
    });
    expect((await holdfast.get(body.id)).scheduledCapture).toBeNull();
  });

  it('in the past is refused at the start, and nothing is journaled', async () => {
    const refused = await holdfast.start({ capture: { at: inMs(-1_000) } });
    expect(refused).toMatchObject({ status: 422, body: { code: 'capture-time-invalid' } });
  });

  it('of more than is held is refused', async () => {
    const { body } = await holdfast.start();
    const refused = await holdfast.command(body.id, 'capture', {
      at: inMs(HOUR),
      amountMinor: 10_501,
    });
    expect(refused).toMatchObject({ status: 422, body: { code: 'amount-out-of-range' } });
  });

  it('that the start puts beyond the hold’s end asks for attention at once', async () => {
    const { body } = await holdfast.start({ capture: { at: inMs(8 * 24 * HOUR) } });
    expect(body.needsAttention).toContain('but the hold ends on');
    const moved = await holdfast.command(body.id, 'capture', { at: inMs(HOUR) });
    expect(moved.body.needsAttention).toBeNull();
  });

  it('is done by the next worker when the first one was stopped', async () => {
    const own = await createHoldfast({ workerless: true });
    const first = await own.startWorker();
    const at = inMs(3_000);
    const { body } = await own.start({ capture: { at } });
    await first.stop();
    await untilClockIs(Date.parse(at));
    expect(await ledgerOf(own, body.id)).toEqual(['authorize 10500']);
    const second = await own.startWorker();
    await own.until(body.id, ({ status }) => status === 'captured');
    expect(await ledgerOf(own, body.id)).toEqual(['authorize 10500', 'capture 10500']);
    await second.stop();
    await own.close();
  });
});
