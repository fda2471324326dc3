import { describe, expect, it } from 'vitest';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle as guarantee } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { asks, DUE, INPUT, INVOICE, overdue, play, says, TOTAL, WAYS } from './guarantee.states.ts';

const said = (events: Parameters<typeof play>[0], policy = {}) =>
  guarantee.view(play(events, policy));
const exhausted: GuaranteeEvent = { type: 'inquiry.exhausted', at: 2 };
const noAnswer: GuaranteeEvent = { type: 'inquiry.inconclusive', at: 3, reason: 'no answer' };
const applied: GuaranteeEvent = { type: 'resolution.applied', at: 4 };
const failed: GuaranteeEvent = { ...asks.resolve, outcome: 'failed' };

describe('a reservation that timed out', () => {
  const late = INPUT.policy.startWithinMs + 1;
  const found = { ...says.approved('reservation'), at: late } as GuaranteeEvent;

  it('is not a decline: the provider is asked what became of it', () => {
    const state = play(WAYS.inquiring);
    expect(guarantee.view(state)).toMatchObject({ status: 'inquiring', decline: null });
    expect(guarantee.pendingEffect(state)).toMatchObject({
      type: 'inquire',
      lookOnly: false,
      about: { type: 'reserve', orderId: INPUT.orderId },
    });
  });

  it('goes on where it turns out to have been made in time', () => {
    const inTime = [...WAYS.inquiring, says.approved('reservation')];
    expect(said(inTime, { onLateReservation: 'void' }).status).toBe('reserved');
  });

  it('is cancelled where it was made too late and the integration wants that', () => {
    const cancelling = play([...WAYS.inquiring, found], { onLateReservation: 'void' });
    expect(guarantee.pendingEffect(cancelling)).toMatchObject({
      type: 'cancel',
      amountMinor: TOTAL,
    });
    const over = [...WAYS.inquiring, found, says.approved('cancellation')];
    expect(said(over, { onLateReservation: 'void', autoCapture: true })).toMatchObject({
      status: 'cancelled',
      amounts: { authorized: TOTAL, voided: TOTAL },
    });
  });

  it('is adopted however late, where the integration wants that', () => {
    expect(said([...WAYS.inquiring, found]).status).toBe('reserved');
  });

  it('keeps the limit in sight when it can neither be used nor cancelled', () => {
    const stuck = [...WAYS.inquiring, found, says.declined('cancellation')];
    const view = said(stuck, { onLateReservation: 'void' });
    expect(view.status).toBe('limit_blocked');
    expect(view.needsAttention).toContain('confirm here that the limit is released');
  });

  it('ends without a trace at the limit when it is proven not to have been made', () => {
    expect(said([...WAYS.inquiring, says.absent('reservation')])).toMatchObject({
      status: 'expired',
      amounts: { authorized: 0 },
    });
  });

  it('is parked when nobody can tell, and says that it may block the limit', () => {
    expect(said(WAYS.parked).needsAttention).toContain("may block the buyer's limit");
    expect(said(WAYS.parked).commands).toEqual([
      { verb: 'recheck' },
      { verb: 'resolve' },
      { verb: 'receive' },
    ]);
  });
});

describe('an operator’s word on what nobody could find out', () => {
  it('is taken once the provider was asked, by looking only', () => {
    const proposed = play([...WAYS.parked, asks.resolve]);
    expect(guarantee.pendingEffect(proposed)).toMatchObject({ lookOnly: true });
    const heard = play([...WAYS.parked, asks.resolve, noAnswer]);
    expect(guarantee.deadline(heard)?.event.type).toBe('resolution.applied');
    const view = said([...WAYS.parked, asks.resolve, noAnswer, applied]);
    expect(view).toMatchObject({
      status: 'reserved',
      amounts: { authorized: TOTAL },
      decline: null,
    });
  });

  it('ends a reservation that did not take place', () => {
    expect(said([...WAYS.parked, failed, noAnswer, applied])).toMatchObject({
      status: 'expired',
      needsAttention: null,
    });
  });

  it('gives way to the provider’s own, and is told so', () => {
    const view = said([...WAYS.parked, failed, says.approved('reservation')]);
    expect(view.status).toBe('reserved');
    expect(view.decline).toMatchObject({ verb: 'resolve', code: 'contradicts_proof' });
    const other = said([...WAYS.parked, asks.resolve, says.absent('reservation')]);
    expect([other.status, other.decline?.code]).toEqual(['expired', 'contradicts_proof']);
  });

  it.each([
    ['modify', WAYS.modifying, 'modification', 'reserved', 'reserved'],
    ['capture', WAYS.capturing, 'capture', 'captured', 'reserved'],
    ['cancel', WAYS.cancelling, 'cancellation', 'cancelled', 'captured'],
    ['apply', WAYS.applying, 'application', 'paid', 'paid'],
  ] as const)('settles: %s', (_verb, way, noun, done, undone) => {
    const parked = [...way, says.unknown(noun), exhausted];
    expect(said([...parked, asks.resolve, noAnswer, applied]).status).toBe(done);
    expect(said([...parked, failed, noAnswer, applied]).status).toBe(undone);
  });

  it('activates with the dates that were sent, and not without them', () => {
    const unknown = { ...says.unknown('activation'), invoice: INVOICE } as GuaranteeEvent;
    const parked = [...WAYS.activating, unknown, exhausted];
    const view = said([...parked, asks.resolve, noAnswer, applied]);
    expect(view).toMatchObject({ status: 'guaranteed', details: { dueOn: INVOICE.dueOn } });
    expect(said([...parked, failed, noAnswer, applied]).status).toBe('captured');

    const blind = [
      ...WAYS.activating,
      says.unknown('activation'),
      exhausted,
      asks.resolve,
      noAnswer,
    ];
    expect(guarantee.applyEvent(play(blind), applied)).toBeNull();
    expect(said([...blind, exhausted]).status).toBe('parked');
  });
});

describe('time', () => {
  it.each(['reserved', 'captured'] as const)(
    'shows an order once that is %s and blocks a limit for nothing',
    (status) => {
      const state = play(WAYS[status]);
      const due = guarantee.deadline(state);
      expect(due).toMatchObject({
        at: INPUT.policy.activateWithinMs,
        event: { type: 'reservation.aged' },
      });
      const aged = play([...WAYS[status], due!.event as GuaranteeEvent]);
      expect(guarantee.view(aged).needsAttention).toContain('blocks EUR 10.50 of the buyer');
      const looked = [...WAYS[status], due!.event as GuaranteeEvent, asks.recheck];
      expect(said(looked).needsAttention).toBe(guarantee.view(aged).needsAttention);
      expect(guarantee.deadline(aged)).toBeNull();
      expect(guarantee.applyEvent(aged, due!.event as GuaranteeEvent)).toBeNull();
    },
  );

  it('makes an unpaid invoice overdue exactly once, and has the provider asked', () => {
    const state = play(WAYS.guaranteed);
    expect(guarantee.deadline(state)).toMatchObject({
      at: DUE,
      event: { type: 'payment.overdue' },
    });
    const late = play([...WAYS.guaranteed, overdue]);
    expect(late.value).toBe('overdue');
    expect(guarantee.pendingEffect(late)).toMatchObject({ about: { type: 'picture' } });
    expect(guarantee.applyEvent(late, overdue)).toBeNull();
    expect(guarantee.deadline(play(WAYS.overdue))).toBeNull();
  });

  it('leaves an invoice overdue when a part of it is paid', () => {
    const part = { ...asks.receive, amountMinor: 400 };
    expect(said([...WAYS.overdue, part, says.approved('application')]).status).toBe('overdue');
  });
});
