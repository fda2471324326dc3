/** New holds in the place of old ones, along virtual time. */
import { describe, expect, it } from 'vitest';
import { reauthorizationEvent } from '../../../activities/card.outcomes.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import { Clock, clock, DAY, HOUR, once, operationIdOf, START, TOTAL } from './card.clock.ts';

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
