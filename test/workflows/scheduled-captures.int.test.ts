/** Captures that wait for their time. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createHoldfast, type Holdfast } from '../support/holdfast.ts';
import { untilClockIs } from '../support/holds.ts';
import { ledgerOf, typesOf } from '../support/told.ts';

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
