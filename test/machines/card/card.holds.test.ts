/** The hold clock, played along virtual time: instants are exact, and days take microseconds. */
import { describe, expect, it } from 'vitest';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type { HoldAction } from '../../../machines/card/card.types.ts';
import { reauthorizationEvent } from '../../../activities/card.outcomes.ts';
import { Clock, DAY, HOUR, once, operationIdOf, START, TOTAL } from './card.clock.ts';

/** Stripe's own: online, a Visa without its buyer, a Japanese account in yen. */
const HOLDS = [5 * DAY, 7 * DAY, 30 * DAY];
const ACTIONS = ['reauthorize', 'capture', 'void', 'nothing'] as const;
const CASES = HOLDS.flatMap((holdMs) => ACTIONS.map((action) => ({ holdMs, action })));

const clock = (holdMs: number, onHoldEnding: HoldAction, rest: Partial<Rest> = {}): Clock =>
  new Clock({ holdsMs: [holdMs], ...rest, policy: { onHoldEnding, ...rest.policy } });
type Rest = Omit<ConstructorParameters<typeof Clock>[0], 'holdsMs'>;

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

describe('a hold that is renewed', () => {
  it('is placed before the old one is released, and ends at its own date', () => {
    const payment = clock(7 * DAY, 'reauthorize').runTo(START + 7 * DAY - HOUR);
    expect(payment.story.slice(2)).toEqual([
      ['hold.policy_due', 7 * DAY - HOUR],
      ['reauthorization.approved', 7 * DAY - HOUR],
      ['void.succeeded', 7 * DAY - HOUR],
    ]);
    expect(payment.view.providerRef).toBe('pi_2');
    expect(payment.view.deadline).toEqual({
      at: START + 14 * DAY - HOUR,
      event: 'hold.due',
    });
    expect(payment.view.needsAttention).toBeNull();
  });

  it('is warned of and renewed again, as often as it ends', () => {
    const payment = clock(7 * DAY, 'reauthorize').runTo(START + 28 * DAY);
    const turn = 7 * DAY - HOUR;
    expect(payment.told('hold.ending')).toEqual(
      [0, 1, 2, 3].map((nth) => ['hold.ending', nth * turn + 6 * DAY]),
    );
    expect(payment.told('reauthorization.approved')).toEqual(
      [1, 2, 3, 4].map((nth) => ['reauthorization.approved', nth * turn]),
    );
    expect(payment.view.amounts).toMatchObject({ authorized: 5 * TOTAL, voided: 4 * TOTAL });
    expect(payment.held).toEqual({ pi_5: TOTAL });
    expect(payment.ask({ verb: 'capture' })).toBeNull();
    expect(payment.view).toMatchObject({ status: 'captured', amounts: { captured: TOTAL } });
  });

  it('may last another time than the one before it', () => {
    const payment = new Clock({
      holdsMs: [7 * DAY, 5 * DAY, 30 * DAY],
      policy: { onHoldEnding: 'reauthorize' },
    }).runTo(START + 20 * DAY);
    const second = 7 * DAY - HOUR;
    const third = second + 5 * DAY - HOUR;
    expect(payment.told('reauthorization.approved')).toEqual([
      ['reauthorization.approved', second],
      ['reauthorization.approved', third],
    ]);
    expect(payment.view.deadlines[0]).toEqual({
      at: START + third + 29 * DAY,
      event: 'hold.ending',
    });
  });

  it('is renewed for the rest, once a part was captured', () => {
    const payment = clock(7 * DAY, 'reauthorize').runFor(DAY);
    payment.ask({ verb: 'capture', amountMinor: 4_000, final: false });
    payment.runTo(START + 7 * DAY);
    const { status, amounts } = payment.view;
    expect([status, payment.held]).toEqual(['partially_captured', { pi_2: 6_500 }]);
    expect(amounts).toMatchObject({ authorized: 17_000, captured: 4_000, voided: 6_500 });
    payment.ask({ verb: 'capture' });
    expect(payment.view).toMatchObject({ status: 'captured', amounts: { captured: TOTAL } });
  });

  it('gives money back of the hold that has it, the oldest first', () => {
    const payment = clock(7 * DAY, 'reauthorize').runFor(DAY);
    payment.ask({ verb: 'capture', amountMinor: 4_000, final: false });
    payment.runTo(START + 7 * DAY);
    payment.ask({ verb: 'capture' });
    // No single hold has more than 6,500 to give back.
    expect(payment.view.commands).toEqual([{ verb: 'refund', maxMinor: 6_500 }]);
    expect(payment.ask({ verb: 'refund', amountMinor: 6_501 })).toMatchObject({
      code: 'amount-out-of-range',
      maxMinor: 6_500,
    });
    for (const amountMinor of [3_000, 1_500, 1_000, 5_000]) {
      expect(payment.ask({ verb: 'refund', amountMinor })).toBeNull();
    }
    expect(payment.refunds).toEqual([
      { providerRef: 'pi_1', amountMinor: 3_000 },
      { providerRef: 'pi_2', amountMinor: 1_500 },
      { providerRef: 'pi_1', amountMinor: 1_000 },
      { providerRef: 'pi_2', amountMinor: 5_000 },
    ]);
    expect(payment.view.status).toBe('refunded');
  });

  it('is found when its answer was lost, and the old one is released then', () => {
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [once('reauthorize', (at, effect) => lost(at, effect))],
    }).runTo(START + 7 * DAY);
    expect(payment.story.slice(2).map(([type]) => type)).toEqual([
      'hold.policy_due',
      'reauthorization.unknown',
      'reauthorization.approved',
      'void.succeeded',
    ]);
    expect(payment.held).toEqual({ pi_2: TOTAL });
  });

  it('is found even after the old one has lapsed, which then counts as released', () => {
    const still: CardEvent = { type: 'inquiry.inconclusive', at: 0, reason: 'no answer' };
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [
        once('reauthorize', lost),
        ...Array.from({ length: 12 }, () => once('inquire', (at) => ({ ...still, at }))),
      ],
    }).runTo(START + 8 * DAY);
    const found = payment.told('reauthorization.approved')[0]?.[1] ?? 0;
    expect(found).toBeGreaterThan(7 * DAY);
    expect(payment.view).toMatchObject({ status: 'authorized', needsAttention: null });
    expect(payment.held).toEqual({ pi_2: TOTAL });
  });

  it('stands although the old one could not be released, and says so', () => {
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [
        once('void', (at, effect) => ({
          type: 'void.refused',
          at,
          operationId: operationIdOf(effect),
          reason: 'HTTP 400',
        })),
      ],
    }).runTo(START + 7 * DAY);
    const { status, amounts, needsAttention } = payment.view;
    expect([status, amounts.authorized - amounts.voided]).toEqual(['authorized', TOTAL]);
    expect(needsAttention).toContain('the old one (pi_1) could not be released');
  });

  it.each(['succeeded', 'failed'] as const)(
    'lets an operator resolve with %s what became of the old one',
    (outcome) => {
      const still: CardEvent = { type: 'inquiry.inconclusive', at: 0, reason: 'no answer' };
      const payment = clock(7 * DAY, 'reauthorize', {
        policy: { inquireWithinMs: 1_000 },
        answers: [
          once('void', (at, effect) => ({
            type: 'void.unknown',
            at,
            operationId: operationIdOf(effect),
            reason: 'time-out',
          })),
          ...Array.from({ length: 3 }, () => once('inquire', (at) => ({ ...still, at }))),
        ],
      }).runTo(START + 7 * DAY);
      expect(payment.view.status).toBe('parked');
      payment.take({
        type: 'resolution.proposed',
        at: payment.now,
        outcome,
        providerRef: null,
        reason: 'Seen in the dashboard.',
      });
      payment.runFor(1_000);
      const { status, amounts, needsAttention } = payment.view;
      expect([status, amounts.authorized, amounts.voided]).toEqual([
        'authorized',
        2 * TOTAL,
        TOTAL,
      ]);
      expect(needsAttention === null).toBe(outcome === 'succeeded');
    },
  );
});

const lost = (at: number, effect: { operationId: string | null }): CardEvent => ({
  type: 'reauthorization.unknown',
  at,
  operationId: effect.operationId ?? '',
  reason: 'time-out',
});

describe('a renewal that fails', () => {
  const no = { verb: 'reauthorize', code: 'authentication_required', message: 'No.', advice: null };
  const WAYS = {
    declined: { type: 'reauthorization.declined', decline: no },
    refused: { type: 'reauthorization.refused', reason: 'HTTP 401' },
    absent: { type: 'reauthorization.absent', reason: 'not in the list' },
  } as const;

  it.each(Object.entries(WAYS))(
    'because it is %s leaves the old hold and asks for attention, once',
    (_how, event) => {
      const payment = clock(7 * DAY, 'reauthorize', {
        answers: [
          once('reauthorize', (at, effect) => ({
            ...event,
            at,
            operationId: operationIdOf(effect),
          })),
        ],
      }).runTo(START + 7 * DAY - 1);
      expect(payment.view.status).toBe('authorized');
      expect(payment.view.needsAttention).toContain('could not be renewed');
      expect(payment.told('hold.policy_due')).toHaveLength(1);
      expect(payment.held).toEqual({ pi_1: TOTAL });
      expect(payment.view.commands.map(({ verb }) => verb)).toEqual(['capture', 'void']);
    },
  );

  it('leaves a hold that can be captured until it ends, and the attention ends with that', () => {
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [
        once('reauthorize', (at, effect) => ({
          ...WAYS.declined,
          at,
          operationId: operationIdOf(effect),
        })),
      ],
    }).runTo(START + 7 * DAY - 1);
    expect(payment.ask({ verb: 'capture' })).toBeNull();
    expect(payment.view).toMatchObject({
      status: 'captured',
      needsAttention: null,
      decline: null,
    });
  });

  it('leaves a hold that expires at its end', () => {
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [
        once('reauthorize', (at, effect) => ({
          ...WAYS.refused,
          at,
          operationId: operationIdOf(effect),
        })),
      ],
    }).runTo(START + 8 * DAY);
    expect(payment.told('hold.expired')).toEqual([['hold.expired', 7 * DAY]]);
    expect(payment.view.status).toBe('expired');
  });

  it('is in doubt while the provider reviews it, and is not sent again and again', () => {
    const event = reauthorizationEvent({ kind: 'review', providerRef: 'pi_2' }, 'op_clock', 0);
    const payment = clock(7 * DAY, 'reauthorize', {
      answers: [
        once('reauthorize', (at, effect) => ({
          ...event,
          at,
          ...('operationId' in event ? { operationId: operationIdOf(effect) } : {}),
        })),
        once('inquire', (at) => ({ type: 'inquiry.inconclusive', at, reason: 'under review' })),
      ],
    }).runTo(START + 7 * DAY);
    expect(payment.effects.filter(({ type }) => type === 'reauthorize')).toHaveLength(1);
    expect(payment.held).toEqual({ pi_2: TOTAL });
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
