/** The hold clock, played along virtual time: instants are exact, and days take microseconds. */
import { describe, expect, it } from 'vitest';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { clock, DAY, HOUR, once, START, TOTAL } from './card.clock.ts';

/** Stripe's own: online, a Visa without its buyer, a Japanese account in yen. */
const HOLDS = [5 * DAY, 7 * DAY, 30 * DAY];
const ACTIONS = ['reauthorize', 'capture', 'void', 'nothing'] as const;
const CASES = HOLDS.flatMap((holdMs) => ACTIONS.map((action) => ({ holdMs, action })));

const AMOUNTS = { authorized: TOTAL, captured: 0, voided: 0, refunded: 0 };

describe.each(CASES)('a hold of $holdMs ms whose end brings $action', ({ holdMs, action }) => {
  const end = holdMs;

  it('announces everything from the start, soonest first', () => {
    const { view } = clock(holdMs, action).runFor(0);
    const act = { at: START + end - HOUR, event: 'hold.policy_due', action };
    expect(view.deadlines).toEqual([
      { at: START + end - DAY, event: 'hold.ending' },
      ...(action === 'nothing' ? [] : [act]),
      { at: START + end, event: 'hold.due' },
    ]);
    expect(view.deadline).toEqual({ at: START + end, event: 'hold.due' });
  });

  it('warns a day before the end and not a millisecond sooner, once', () => {
    const payment = clock(holdMs, action).runTo(START + end - DAY - 1);
    expect(payment.told('hold.ending')).toEqual([]);
    payment.runTo(START + end - 1);
    expect(payment.told('hold.ending')).toEqual([['hold.ending', end - DAY]]);
  });

  it('acts an hour before the end and not a millisecond sooner, once', () => {
    const payment = clock(holdMs, action).runTo(START + end - HOUR - 1);
    expect(payment.story.map(([type]) => type)).toEqual(['authorization.approved', 'hold.ending']);
    payment.runTo(START + end - 1);
    const acted = action === 'nothing' ? [] : [['hold.policy_due', end - HOUR]];
    expect(payment.told('hold.policy_due')).toEqual(acted);
  });

  it('leaves the money where the policy wants it', () => {
    const payment = clock(holdMs, action).runTo(START + end + HOUR);
    const { status, amounts } = payment.view;
    const expected = {
      reauthorize: { status: 'authorized', authorized: 2 * TOTAL, voided: TOTAL },
      capture: { status: 'captured', captured: TOTAL },
      void: { status: 'voided', voided: TOTAL },
      nothing: { status: 'expired', voided: TOTAL },
    }[action];
    expect({ status, ...amounts }).toMatchObject({ ...AMOUNTS, ...expected });
    expect(payment.held).toEqual(action === 'reauthorize' ? { pi_2: TOTAL } : {});
  });
});

describe('a hold that nobody does anything about', () => {
  it('expires when the provider says so, asked at the very instant of its end', () => {
    const payment = clock(7 * DAY, 'nothing').runTo(START + 8 * DAY);
    expect(payment.story).toEqual([
      ['authorization.approved', 0],
      ['hold.ending', 6 * DAY],
      ['hold.due', 7 * DAY],
      ['hold.expired', 7 * DAY],
    ]);
    expect(payment.ask({ verb: 'capture' })).toMatchObject({
      code: 'illegal-transition',
      detail: expect.stringContaining('The hold has expired, by Stripe’s word') as string,
      allowed: [],
    });
  });

  it('stands while the provider still holds it after its date, and is asked about ever more rarely', () => {
    const payment = clock(7 * DAY, 'nothing', {
      answers: [
        once('inquire', (at) => ({ type: 'picture.confirmed', at })),
        once('inquire', (at) => ({ type: 'picture.confirmed', at })),
      ],
    });
    payment.runTo(START + 7 * DAY + 2_999);
    expect(payment.view.status).toBe('authorized');
    payment.runFor(1);
    expect(payment.told('hold.due', 'inquiry.due', 'picture.confirmed', 'hold.expired')).toEqual([
      ['hold.due', 7 * DAY],
      ['picture.confirmed', 7 * DAY],
      ['inquiry.due', 7 * DAY + 1_000],
      ['picture.confirmed', 7 * DAY + 1_000],
      ['inquiry.due', 7 * DAY + 3_000],
      ['hold.expired', 7 * DAY + 3_000],
    ]);
  });

  it('is still warned of when notice is asked for and nothing else is done', () => {
    const payment = clock(7 * DAY, 'nothing', { policy: { warnBeforeMs: 0 } });
    payment.runTo(START + 8 * DAY);
    expect(payment.told('hold.ending')).toEqual([]);
    expect(payment.view.status).toBe('expired');
  });
});

describe('a hold that is shorter than the notice', () => {
  it('is warned of at once and acted upon in its second half', () => {
    const payment = clock(40 * 60_000, 'capture', { policy: { actBeforeMs: 2 * HOUR } });
    payment.runTo(START + HOUR);
    expect(payment.story).toEqual([
      ['authorization.approved', 0],
      ['hold.ending', 0],
      ['hold.policy_due', 20 * 60_000],
      ['capture.succeeded', 20 * 60_000],
    ]);
  });

  it('acts on the exact half of an odd number of milliseconds', () => {
    const payment = clock(1_001, 'void', { policy: { actBeforeMs: HOUR } });
    payment.runTo(START + 2_000);
    expect(payment.told('hold.policy_due')).toEqual([['hold.policy_due', 501]]);
  });
});

describe('a capture that is in flight when the hold ends', () => {
  /** The provider takes an hour to answer. */
  const slow =
    (event: (at: number, effect: { operationId: string | null }) => CardEvent) =>
    (at: number, effect: { operationId: string | null }): CardEvent =>
      event(at + HOUR, effect);

  it('wins over the clock', () => {
    const payment = clock(7 * DAY, 'void', {
      answers: [
        once(
          'capture',
          slow((at, { operationId }) => ({
            type: 'capture.succeeded',
            at,
            operationId: operationId ?? '',
            amountMinor: TOTAL,
            releasedMinor: 0,
          })),
        ),
      ],
    }).runTo(START + 7 * DAY - HOUR - 1);
    expect(payment.ask({ verb: 'capture' })).toBeNull();
    payment.runTo(START + 8 * DAY);
    expect(payment.view.status).toBe('captured');
    expect(payment.told('hold.policy_due', 'hold.due')).toEqual([]);
  });

  it('is asked about to its end when its answer is lost, whatever the date is', () => {
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [
        once('capture', (at, { operationId }) => ({
          type: 'capture.unknown',
          at,
          operationId: operationId ?? '',
          reason: 'time-out',
        })),
        ...Array.from({ length: 10 }, () =>
          once('inquire', (at) => ({ type: 'inquiry.inconclusive', at, reason: 'no answer' })),
        ),
      ],
    }).runTo(START + 7 * DAY - HOUR - 1);
    payment.ask({ verb: 'capture' });
    payment.runTo(START + 8 * DAY);
    expect(payment.told('hold.policy_due', 'hold.due')).toEqual([]);
    // It had never arrived, and by then there is nothing left to take.
    expect(payment.view).toMatchObject({
      status: 'expired',
      decline: { verb: 'capture', code: 'hold_expired' },
    });
  });

  it('hears that the hold has expired, with that as its reason', () => {
    const payment = clock(7 * DAY, 'nothing', {
      answers: [
        once(
          'capture',
          slow((at) => ({ type: 'hold.expired', at })),
        ),
      ],
    }).runTo(START + 7 * DAY - 1);
    payment.ask({ verb: 'capture' });
    expect(payment.view).toMatchObject({
      status: 'expired',
      amounts: { captured: 0, voided: TOTAL },
      decline: { verb: 'capture', code: 'hold_expired' },
    });
  });
});

describe('a question that brings no answer', () => {
  const silent = Array.from({ length: 100 }, () =>
    once('inquire', (at) => ({ type: 'inquiry.inconclusive', at, reason: 'no answer' }) as const),
  );

  it.each(['reauthorize', 'capture', 'void'] as const)(
    'does not stop the clock: the warning and %s come at their instants',
    (action) => {
      const payment = clock(7 * DAY, action, { answers: silent }).runTo(START + 6 * DAY - HOUR);
      expect(payment.ask({ verb: 'recheck' })).toBeNull();
      payment.runTo(START + 7 * DAY - 1);
      expect(payment.told('hold.ending', 'hold.policy_due')).toEqual([
        ['hold.ending', 6 * DAY],
        ['hold.policy_due', 7 * DAY - HOUR],
      ]);
    },
  );

  it('does not stop a scheduled capture', () => {
    const payment = clock(7 * DAY, 'nothing', {
      answers: silent,
      captureAt: START + 2 * DAY,
    }).runTo(START + 2 * DAY - HOUR);
    payment.ask({ verb: 'recheck' });
    payment.runTo(START + 3 * DAY);
    expect(payment.told('capture.due')).toEqual([['capture.due', 2 * DAY]]);
  });

  it('is not asked faster because the hold’s date has come', () => {
    const payment = clock(7 * DAY, 'nothing', { answers: silent }).runTo(START + 7 * DAY + HOUR);
    expect(payment.told('hold.due')).toEqual([['hold.due', 7 * DAY]]);
    expect(payment.told('inquiry.due').length).toBeLessThan(12);
  });
});
