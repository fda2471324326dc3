/** What looks at the provider lead to, beyond what its own books and ours agree about. */
import { describe, expect, it } from 'vitest';
import { cardLifecycle } from '../../../machines/card/card.lifecycle.ts';
import type { CardPicture } from '../../../machines/card/card.types.ts';
import { type Answer, Clock, DAY, HOUR, START, TOTAL } from './card.clock.ts';

const picture = (providerRef: string, differs: Partial<CardPicture> = {}): CardPicture => ({
  providerRef,
  authorizedMinor: TOTAL,
  capturedMinor: 0,
  heldMinor: TOTAL,
  holdEndsAt: null,
  multicapture: true,
  endedBy: null,
  refunds: [],
  disputes: [],
  ...differs,
});

/** The payment is told that something happened, and looks. */
function look(payment: Clock, pictures: readonly CardPicture[]): readonly string[] {
  const news = { source: 'provider', name: 'charge.captured', notificationId: 'ntf_1' } as const;
  const at = payment.now;
  payment.take({ type: 'news.received', at, ...news, verified: true, providerRef: null });
  const facts = cardLifecycle.factsOf(payment.state, pictures, at);
  for (const fact of facts) payment.take(fact);
  return facts.map(({ type }) => type);
}

describe('a picture that cannot be right, of a hold whose date has come', () => {
  it('is asked for again ever more rarely, and not each second', () => {
    const payment = new Clock({ holdsMs: [7 * DAY] }).runTo(START + 7 * DAY - 1);
    payment.holds.set('pi_1', {
      amountMinor: TOTAL + 1,
      endsAt: START + 7 * DAY,
      capturedMinor: 0,
      endedBy: null,
    });
    payment.runTo(START + 8 * DAY);
    expect(payment.told('picture.contradicted').length).toBeLessThan(40);
    expect(payment.view.needsAttention).toContain('disagree');
  });
});

describe('a look whose clock is behind the one by which the hold was due', () => {
  it('asks again later, and not at once', () => {
    const { state } = new Clock({ holdsMs: [7 * DAY] }).runTo(START + 7 * DAY - 1);
    const at = START + 7 * DAY;
    const due = cardLifecycle.applyEvent(state, { type: 'hold.due', at });
    const seen = due && cardLifecycle.applyEvent(due, { type: 'picture.confirmed', at: at - 200 });
    expect(seen && cardLifecycle.deadline(seen)).toMatchObject({ event: { type: 'inquiry.due' } });
  });
});

describe('a capture by hand of a hold that was replaced', () => {
  const renewed = () =>
    new Clock({ holdsMs: [7 * DAY], policy: { onHoldEnding: 'reauthorize' } }).runTo(
      START + 7 * DAY - HOUR,
    );
  const former = picture('pi_1', { capturedMinor: 4_000, heldMinor: 0 });

  it('is refunded of that hold', () => {
    const payment = renewed();
    expect(look(payment, [former, picture('pi_2')])).toEqual(['capture.found']);
    expect(payment.view.amounts).toMatchObject({ captured: 4_000, voided: TOTAL - 4_000 });
    expect(payment.ask({ verb: 'refund', amountMinor: 4_000 })).toBeNull();
    expect(payment.refunds).toEqual([{ providerRef: 'pi_1', amountMinor: 4_000 }]);
  });

  it('leaves the present hold one of which nothing was captured', () => {
    const payment = renewed();
    look(payment, [former, picture('pi_2')]);
    payment.ask({ verb: 'void' });
    expect(payment.effects.at(-1)).toMatchObject({ providerRef: 'pi_2', capturedMinor: 0 });
    expect(payment.view.status).toBe('captured');
  });

  it('is told from a capture of the present hold, where both were captured', () => {
    const payment = renewed();
    const present = picture('pi_2', { capturedMinor: 1_000, heldMinor: TOTAL - 1_000 });
    expect(look(payment, [former, present])).toEqual(['capture.found', 'capture.found']);
    const amounts = { captured: 5_000, authorized: 2 * TOTAL, voided: TOTAL - 4_000 };
    expect(payment.view.amounts).toMatchObject(amounts);
    expect(look(payment, [former, present])).toEqual(['picture.confirmed']);
  });

  it('asks for a person, where more was captured of both than was asked for', () => {
    const payment = renewed();
    const whole = { capturedMinor: TOTAL, heldMinor: 0 };
    const both = [picture('pi_1', whole), picture('pi_2', whole)];
    expect(look(payment, both)).toEqual(['picture.contradicted']);
    expect(payment.view.needsAttention).toContain('more was captured there than was asked for');
  });
});

describe('a refund that an operator resolved', () => {
  const refund = (providerRef: string, amountMinor: number) =>
    ({ providerRef, operationId: null, amountMinor, status: 'succeeded', reason: null }) as const;
  const taken = { capturedMinor: TOTAL, heldMinor: 0 };
  const doubt: Answer = (effect, at) =>
    effect.type === 'refund'
      ? { type: 'refund.unknown', at, operationId: effect.operationId, reason: 'time-out' }
      : undefined;
  const silent: Answer = (effect, at) =>
    effect.type === 'inquire' ? { type: 'inquiry.inconclusive', at, reason: 'gone' } : undefined;

  /** 4,000 of 10,500 were given back, by an operator's word, as `re_typed`. */
  function resolved(): Clock {
    const answers = [doubt, ...Array.from({ length: 60 }, () => silent)];
    const payment = new Clock({ holdsMs: [7 * DAY], answers }).runFor(0);
    payment.ask({ verb: 'capture' });
    payment.ask({ verb: 'refund', amountMinor: 4_000 });
    payment.runFor(2 * DAY);
    expect(payment.view.status).toBe('parked');
    const said = { outcome: 'succeeded', providerRef: 're_typed', reason: 'I saw it.' } as const;
    expect(payment.ask({ verb: 'resolve', ...said })).toBeNull();
    expect(payment.view).toMatchObject({ status: 'partially_refunded', needsAttention: null });
    return payment;
  }

  it('is counted once, when the provider shows it under another reference', () => {
    const payment = resolved();
    const pictures = [picture('pi_1', { ...taken, refunds: [refund('re_true', 4_000)] })];
    expect(look(payment, pictures)).toEqual(['picture.confirmed']);
    expect(payment.view.amounts.refunded).toBe(4_000);
  });

  it('asks for a person, when another one was made by hand besides', () => {
    const payment = resolved();
    const refunds = [refund('re_true', 4_000), refund('re_by_hand', 1_000)];
    look(payment, [picture('pi_1', { ...taken, refunds })]);
    expect(payment.view.needsAttention).toContain('a refund that is counted here is not there');
  });

  it('asks for a person, when the provider shows that it never took place', () => {
    const payment = resolved();
    expect(look(payment, [picture('pi_1', taken)])).toEqual(['picture.contradicted']);
    expect(payment.view.needsAttention).toContain('less was given back there than here');
  });
});
