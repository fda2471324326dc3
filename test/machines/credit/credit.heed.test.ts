/** What may not be forgotten of an order on credit, and what may not be taken for more than it is. */
import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import { asks, DAY, found, play, says, TOTAL, WAYS } from './credit.states.ts';

const at = 1;
const said = (state: CreditState) => creditLifecycle.view(state);
const next = (state: CreditState, event: CreditEvent): CreditState => {
  const after = creditLifecycle.applyEvent(state, event);
  if (after === null) throw new Error(`${event.type} is not legal in ${state.value}`);
  return after;
};
const exhausted: CreditEvent = { type: 'inquiry.exhausted', at };

describe('an order on credit', () => {
  it('is looked at once more when its offer ends, or is withdrawn', () => {
    for (const event of [{ type: 'offer.timed_out', at } as const, asks.withdraw]) {
      const ended = play([...WAYS.offered, event]);
      expect(creditLifecycle.pendingEffect(ended)).toMatchObject({
        type: 'inquire',
        about: { type: 'picture', providerRef: null },
      });
    }
  });

  it('that was resolved while it is reviewed goes back to its review', () => {
    const parked = [...WAYS.in_review, asks.cancel, says.unknown('cancellation'), exhausted];
    const resolved = play([...parked, { ...asks.resolve, outcome: 'failed' }]);
    const applied = next(resolved, { type: 'resolution.applied', at });
    expect([applied.value, creditLifecycle.deadline(applied)?.event.type]).toEqual([
      'in_review',
      'inquiry.due',
    ]);
  });

  it('that was accepted twice says so until somebody has cancelled the other', () => {
    const twice = play([...WAYS.offered, { ...found.order, others: ['order_2'] }]);
    const rechecked = next(next(twice, asks.recheck), found.confirmed);
    expect(said(rechecked).needsAttention).toContain('order_2');
  });

  it('that is not wanted any more and could not be cancelled asks for somebody', () => {
    const late = play([...WAYS.offered, asks.withdraw, found.order]);
    expect(late.value).toBe('cancelling');
    for (const answer of [says.declined, says.refused, says.absent]) {
      expect(said(next(late, answer('cancellation'))).needsAttention).toContain(
        'after the payment',
      );
    }
  });

  it('keeps what a person was told while it is only looked at again', () => {
    const late = play([...WAYS.offered, { type: 'offer.timed_out', at }, found.order]);
    const told = said(late).needsAttention;
    expect(told).toContain('after the payment had ended');
    expect(said(next(late, asks.recheck)).needsAttention).toBe(told);
  });

  it('says what the provider shows that cannot be, until it shows something that can', () => {
    const wrong = play([...WAYS.authorized, found.contradicted]);
    const asked = next(wrong, asks.recheck);
    expect(said(asked).needsAttention).toContain('disagree');
    expect(said(next(asked, found.confirmed)).needsAttention).toBeNull();
  });

  it('is asked about again when nobody could see whether it has lapsed', () => {
    const asked = play([...WAYS.authorized, { type: 'order.expiry_due', at: 45 * DAY }]);
    const rested = next(asked, { type: 'inquiry.exhausted', at: 46 * DAY });
    expect(creditLifecycle.deadline(rested)?.event.type).toBe('order.expiry_due');
  });
});

describe('an invoice of an order on credit', () => {
  it('that was funded without a message can be recorded so, as a whole', () => {
    const invoiced = play(WAYS.invoiced);
    const asked = creditLifecycle.decide(invoiced, { verb: 'receive' }, at);
    expect(asked).toMatchObject({ type: 'invoice.funded', number: 'I1', amountMinor: TOTAL });
    const part = creditLifecycle.decide(invoiced, { verb: 'receive', amountMinor: 5 }, at);
    expect(part).toMatchObject({ code: 'amount-out-of-range', maxMinor: TOTAL });
    expect(creditLifecycle.decide(play(WAYS.funded), { verb: 'receive' }, at)).toMatchObject({
      code: 'illegal-transition',
    });
  });

  it('is funded by its number where there are two', () => {
    const first = { ...asks.invoice, amountMinor: 40_000 };
    const second = { ...first, number: 'I2', amountMinor: 60_000 };
    const sent = (ordinal: number) => [
      says.approved('invoice', ordinal),
      says.approved('shipment', ordinal),
    ];
    const both = play([...WAYS.authorized, first, ...sent(1), second, ...sent(2)]);
    const ask = (invoiceNumber?: string) =>
      creditLifecycle.decide(both, { verb: 'receive', invoiceNumber }, at);
    expect(ask()).toMatchObject({
      code: 'request-incomplete',
      detail: expect.stringContaining('I1, I2'),
    });
    expect(ask('I3')).toMatchObject({ code: 'request-incomplete' });
    expect(ask('I2')).toMatchObject({ type: 'invoice.funded', number: 'I2', amountMinor: 60_000 });
  });

  const NOW = Date.parse('2026-12-01T10:00:00Z');
  const asked = (dates: object) =>
    creditLifecycle.decide(play(WAYS.authorized), { verb: 'invoice', ...dates }, NOW);

  it.each([
    ['in the past', { dueDate: '2020-01-31' }, 'past'],
    ['yesterday everywhere on earth', { dueDate: '2026-11-29' }, 'past'],
    [
      'before it is shipped',
      { dueDate: '2026-12-10', shippedOn: '2026-12-11' },
      'before it is shipped',
    ],
    [
      'before the delivery',
      { dueDate: '2026-12-10', shippedOn: '2026-12-02', deliveredOn: '2026-12-11' },
      'before the delivery',
    ],
    ['on no day', { dueDate: '2026-02-30' }, 'no date'],
  ])('that would be due %s is refused', (_when, dates, words) => {
    expect(asked(dates)).toMatchObject({
      code: 'request-incomplete',
      detail: expect.stringContaining(words),
    });
  });

  it.each([
    ['still today somewhere', { dueDate: '2026-11-30' }],
    ['the day that it is delivered', { dueDate: '2026-12-10', deliveredOn: '2026-12-10' }],
    ['after a shipment of last week', { dueDate: '2026-12-10', shippedOn: '2026-11-24' }],
  ])('that is due %s is taken', (_when, dates) => {
    expect(asked(dates)).toMatchObject({ type: 'invoice.requested' });
  });

  it('that the provider cancels after a return leaves what came back released', () => {
    const back = { ...asks.giveBack, amountMinor: 40_000 };
    const returned = play([...WAYS.invoiced, back, says.approved('return')]);
    const cancelled = next(returned, found.invoiceCancelled);
    expect(said(cancelled)).toMatchObject({
      status: 'authorized',
      amounts: { voided: 40_000, captured: 0 },
      details: { uninvoicedMinor: 60_000 },
    });
  });

  it('that was made there is not said to be shipped as the last one was', () => {
    const wish = { ...asks.invoice, amountMinor: 40_000, dueOn: '2026-12-24' };
    const [invoice, shipment] = [says.approved('invoice'), says.approved('shipment')];
    const both = play([...WAYS.authorized, wish, invoice, shipment, found.invoice]);
    expect(both.context.invoices['I9']).toMatchObject({
      dueOn: null,
      shipment: { wish: { shipper: null } },
    });
  });

  it('that comes back before it is paid is no refund', () => {
    const told = (way: readonly CreditEvent[]): string | null => {
      const before = play([...way, asks.giveBack]);
      const answer = says.approved('return');
      return creditLifecycle.announces(answer, said(before), said(next(before, answer)));
    };
    expect([told(WAYS.invoiced), told(WAYS.funded)]).toEqual([
      'payment.returned',
      'payment.refunded',
    ]);
  });
});
