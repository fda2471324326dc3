/** Captures that wait for their time, and money that comes after all time is over. */
import { describe, expect, it } from 'vitest';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { Clock, clock, DAY, HOUR, once, operationIdOf, START, TOTAL } from './card.clock.ts';

describe('a scheduled capture', () => {
  const at = (afterMs: number) => ({ captureAt: START + afterMs });

  it('is shown among the deadlines and takes all of it at its instant', () => {
    const payment = clock(7 * DAY, 'nothing', at(2 * DAY)).runFor(0);
    expect(payment.view.scheduledCapture).toEqual({ at: START + 2 * DAY, amountMinor: null });
    expect(payment.view.deadlines[0]).toEqual({ at: START + 2 * DAY, event: 'capture.due' });
    payment.runTo(START + 8 * DAY);
    expect(payment.story.slice(1)).toEqual([
      ['capture.due', 2 * DAY],
      ['capture.succeeded', 2 * DAY],
    ]);
    expect(payment.view).toMatchObject({ status: 'captured', scheduledCapture: null });
  });

  it.each([
    ['before the warning', 6 * DAY - 1, []],
    ['at the instant of the warning', 6 * DAY, []],
    ['after the warning', 6 * DAY + 1, ['hold.ending']],
  ])('%s leaves nothing to warn of afterwards', (_when, afterMs, warned) => {
    const payment = clock(7 * DAY, 'nothing', at(afterMs)).runTo(START + 8 * DAY);
    expect(payment.told('hold.ending').map(([type]) => type)).toEqual(warned);
    expect(payment.told('capture.due')).toEqual([['capture.due', afterMs]]);
    expect(payment.view.status).toBe('captured');
  });

  it.each(['reauthorize', 'capture', 'void'] as const)(
    'before the hold’s end is what happens, and not %s',
    (action) => {
      for (const afterMs of [7 * DAY - HOUR - 1, 7 * DAY - HOUR, 7 * DAY - 1]) {
        const payment = clock(7 * DAY, action, at(afterMs)).runTo(START + 8 * DAY);
        expect(payment.told('capture.due')).toEqual([['capture.due', afterMs]]);
        expect(payment.told('hold.policy_due')).toEqual([]);
        expect(payment.view).toMatchObject({ status: 'captured', amounts: { captured: TOTAL } });
      }
    },
  );

  it('of a part leaves the rest to the policy', () => {
    const payment = clock(7 * DAY, 'void').runFor(DAY);
    const captureAt = START + 7 * DAY - HOUR / 2;
    const part = { verb: 'capture', amountMinor: 4_000, final: false, captureAt };
    expect(payment.ask(part)).toBeNull();
    payment.runTo(START + 7 * DAY);
    expect(payment.view).toMatchObject({
      status: 'captured',
      amounts: { captured: 4_000, voided: 6_500 },
    });
    expect(payment.held).toEqual({});
  });

  it('that is declined leaves the hold to the policy', () => {
    const payment = clock(7 * DAY, 'reauthorize', {
      ...at(7 * DAY - HOUR / 2),
      answers: [
        once('capture', (when, effect) => ({
          type: 'capture.declined',
          at: when,
          operationId: operationIdOf(effect),
          decline: { verb: 'capture', code: 'no', message: 'No.', advice: null },
        })),
      ],
    }).runTo(START + 7 * DAY);
    expect(payment.told('capture.due')).toHaveLength(1);
    expect(payment.held).toEqual({ pi_2: TOTAL });
  });

  it('beyond the hold’s end waits for renewals until its instant', () => {
    const payment = clock(7 * DAY, 'reauthorize', at(20 * DAY)).runTo(START + 21 * DAY);
    expect(payment.told('reauthorization.approved')).toHaveLength(2);
    expect(payment.told('capture.due')).toEqual([['capture.due', 20 * DAY]]);
    expect(payment.view).toMatchObject({ status: 'captured', needsAttention: null });
  });

  it('beyond the end of a hold that is not renewed asks for attention from the start', () => {
    const payment = clock(7 * DAY, 'nothing', at(8 * DAY)).runFor(0);
    expect(payment.view.needsAttention).toContain('the hold ends on 2026-11-28 10:00 UTC');
    payment.runTo(START + 9 * DAY);
    expect(payment.told('capture.due')).toEqual([]);
    expect(payment.view).toMatchObject({ status: 'expired', scheduledCapture: null });
  });

  it.each([
    ['beyond the hold’s end', 7 * DAY + 1],
    ['at the hold’s end', 7 * DAY],
    ['now', DAY],
    ['in the past', DAY - 1],
  ])('%s is refused', (_when, afterMs) => {
    const payment = clock(7 * DAY, 'nothing').runFor(DAY);
    expect(payment.ask({ verb: 'capture', captureAt: START + afterMs })).toMatchObject({
      code: 'capture-time-invalid',
      detail: expect.stringContaining('before the hold ends on 2026-11-28 10:00 UTC') as string,
    });
    expect(payment.view.scheduledCapture).toBeNull();
  });

  it('can be changed, by whom it pleases, and happens once, at the last date', () => {
    const payment = clock(7 * DAY, 'nothing', at(2 * DAY)).runFor(DAY);
    for (const afterMs of [4 * DAY, 3 * DAY]) {
      expect(payment.ask({ verb: 'capture', captureAt: START + afterMs })).toBeNull();
    }
    payment.runTo(START + 8 * DAY);
    expect(payment.told('capture.due')).toEqual([['capture.due', 3 * DAY]]);
    expect(payment.told('capture.succeeded')).toHaveLength(1);
  });

  it('can be withdrawn, once', () => {
    const payment = clock(7 * DAY, 'nothing', at(2 * DAY)).runFor(DAY);
    expect(payment.ask({ verb: 'capture', captureAt: null })).toBeNull();
    expect(payment.ask({ verb: 'capture', captureAt: null })).toMatchObject({
      code: 'illegal-transition',
    });
    payment.runTo(START + 8 * DAY);
    expect(payment.told('capture.due')).toEqual([]);
    expect(payment.view.status).toBe('expired');
  });

  it('takes what is left, when a part was captured meanwhile', () => {
    const payment = clock(7 * DAY, 'nothing').runFor(0);
    payment.ask({ verb: 'capture', amountMinor: 9_000, captureAt: START + DAY });
    payment.ask({ verb: 'capture', amountMinor: 4_000, final: false });
    payment.runTo(START + DAY);
    expect(payment.view).toMatchObject({ status: 'captured', amounts: { captured: TOTAL } });
  });

  it.each(['capture', 'void'])('is forgotten when a %s takes or releases everything', (verb) => {
    const payment = clock(7 * DAY, 'nothing', at(2 * DAY)).runFor(DAY);
    payment.ask({ verb });
    expect(payment.view.scheduledCapture).toBeNull();
    payment.runTo(START + 8 * DAY);
    expect(payment.told('capture.due')).toEqual([]);
  });
});

describe('money that comes after the end and is not wanted', () => {
  it('is given back before anything else is done with it, also what was scheduled', () => {
    const payment = new Clock({
      holdsMs: [7 * DAY],
      policy: { onLateMoney: 'void' },
      captureAt: START + HOUR / 2,
      answers: [
        once('authorize', (at, effect) => ({
          type: 'buyer.action_required',
          at,
          operationId: operationIdOf(effect),
          providerRef: 'pi_1',
          nextAction: { type: 'redirect', url: 'https://bank.example' },
        })),
        ...Array.from({ length: 70 }, () => silentUntilTimedOut),
        once('inquire', (at) => ({
          type: 'hold.found',
          at,
          providerRef: 'pi_1',
          amountMinor: TOTAL,
          holdEndsAt: START + 7 * DAY,
          multicapture: true,
        })),
        once('void', (at, effect) => ({
          type: 'void.succeeded',
          at,
          operationId: operationIdOf(effect),
          releasedMinor: TOTAL,
        })),
      ],
    }).runTo(START + 2 * HOUR);
    expect(payment.told('hold.found', 'late_money.rejected', 'capture.due')).toEqual([
      ['hold.found', HOUR],
      ['late_money.rejected', HOUR],
    ]);
    expect(payment.view).toMatchObject({ status: 'voided', amounts: { captured: 0 } });
  });
});

function silentUntilTimedOut(
  ...[effect, at]: Parameters<ReturnType<typeof once>>
): CardEvent | undefined {
  if (effect.type !== 'inquire' || effect.about.type !== 'authorize') return undefined;
  return { type: 'inquiry.inconclusive', at, reason: 'still awaiting_buyer' };
}
