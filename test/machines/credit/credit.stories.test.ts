/** What becomes of orders on credit, told from their beginning. `play` checks the books at each step. */
import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import { uninvoicedMinor } from '../../../machines/credit/credit.amounts.ts';
import { asks, DAY, found, late, PLACED, play, says, TOTAL, WAYS } from './credit.states.ts';

const PART = 40_000;
const REST = TOTAL - PART;
const invoice = (number: string, amountMinor: number): CreditEvent => ({
  ...asks.invoice,
  number,
  amountMinor,
});
const giveBack = (number: string, amountMinor: number): CreditEvent => ({
  ...asks.giveBack,
  number,
  amountMinor,
});
const funded = (number: string, amountMinor: number): CreditEvent => ({
  ...found.funded,
  number,
  amountMinor,
});
/** The nth invoice, and the nth shipment. */
const shipped = (number: string, amountMinor: number, ordinal = 1): CreditEvent[] => [
  invoice(number, amountMinor),
  says.approved('invoice', ordinal),
  says.approved('shipment', ordinal),
];
const { authorized, invoiced, ship_failed: shipFailed } = WAYS;

const seen = (state: CreditState) => {
  const { amounts, status } = creditLifecycle.view(state);
  const { captured, refunded, voided } = amounts;
  return { status, captured, refunded, voided, rest: uninvoicedMinor(state.context) };
};
const attention = (state: CreditState): string | null => creditLifecycle.view(state).needsAttention;
const command = (state: CreditState, verb: string) =>
  creditLifecycle.commands(state).find((each) => each.verb === verb);

describe('invoices of a part', () => {
  it('leave exactly the rest to be invoiced, and are paid one by one', () => {
    const first = play([...authorized, ...shipped('I1', PART)]);
    expect(command(first, 'invoice')).toEqual({ verb: 'invoice', maxMinor: REST });
    const both = [...authorized, ...shipped('I1', PART), ...shipped('I2', REST, 2)];
    expect(command(play(both), 'invoice')).toBeUndefined();
    const one = play([...both, funded('I2', REST)]);
    expect(seen(one)).toMatchObject({ status: 'invoiced', captured: REST, rest: 0 });
    const all = play([...both, funded('I2', REST), funded('I1', PART)]);
    expect(seen(all)).toMatchObject({ status: 'funded', captured: TOTAL });
  });

  it('are closed only when all of them are', () => {
    const both = [...authorized, ...shipped('I1', PART), ...shipped('I2', REST, 2)];
    const paid = [...both, funded('I1', PART), funded('I2', REST), found.closed];
    expect(play(paid).value).toBe('funded');
    expect(play([...paid, { ...found.closed, number: 'I2' }]).value).toBe('closed');
  });

  it('take a number once, and never more than is left', () => {
    const state = play([...authorized, ...shipped('I1', PART)]);
    expect(creditLifecycle.applyEvent(state, invoice('I1', 1))).toBeNull();
    expect(creditLifecycle.applyEvent(state, invoice('I2', REST + 1))).toBeNull();
    expect(creditLifecycle.applyEvent(state, invoice('I2', 0))).toBeNull();
    expect(creditLifecycle.applyEvent(state, invoice('I2', REST))).not.toBeNull();
  });

  it('that are cancelled can be invoiced anew, under another number', () => {
    const cancelled = [
      ...authorized,
      ...shipped('I1', PART),
      asks.cancelInvoice,
      says.approved('invoice_cancellation'),
    ];
    expect(seen(play(cancelled))).toMatchObject({ status: 'authorized', rest: TOTAL });
    const anew = play([...cancelled, ...shipped('I2', TOTAL, 2)]);
    expect(seen(anew)).toMatchObject({ status: 'invoiced', rest: 0, voided: 0 });
  });
});

describe('a shipment that fails', () => {
  it('is sent again for the invoice that stands, with what was said of it', () => {
    const state = play([...shipFailed, asks.ship]);
    expect(creditLifecycle.pendingEffect(state)).toMatchObject({
      type: 'ship',
      invoiceNumber: 'I1',
      invoiceRef: 'invoice_1',
      shipmentNumber: 'I1-S',
    });
    expect(Object.keys(state.context.invoices)).toEqual(['I1']);
    const done = play([...shipFailed, asks.ship, says.approved('shipment', 2)]);
    expect([done.value, attention(done)]).toEqual(['invoiced', null]);
  });

  it('asks for a person and for nothing else: the invoice is paid all the same', () => {
    expect(attention(play(shipFailed))).toContain('Send the shipment again');
    const state = play([...shipFailed, found.funded]);
    expect(seen(state)).toMatchObject({ status: 'ship_failed', captured: TOTAL });
    expect(command(state, 'invoice')).toBeUndefined();
    const sent = play([...shipFailed, found.funded, asks.ship, says.approved('shipment', 2)]);
    expect(sent.value).toBe('funded');
  });
});

describe('an invoice that is not funded in time', () => {
  it('is late once, is asked about, and asks for a person until it is paid', () => {
    const overdue = play([...invoiced, late]);
    expect(overdue.value).toBe('funding_late');
    expect(creditLifecycle.pendingEffect(overdue)).toMatchObject({ about: { type: 'picture' } });
    expect(attention(overdue)).toContain('should have paid invoice I1');
    expect(creditLifecycle.applyEvent(overdue, late)).toBeNull();
    const paid = play([...invoiced, late, found.funded]);
    expect([paid.value, attention(paid)]).toEqual(['funded', null]);
  });

  it('is asked about ever more rarely, and for ever offered to be rechecked', () => {
    const asked = play([...invoiced, late, found.confirmed]);
    expect(creditLifecycle.deadline(asked)?.event.type).toBe('inquiry.due');
    const over = play([...invoiced, late, found.confirmed, { type: 'inquiry.exhausted', at: DAY }]);
    expect(attention(over)).toContain('should have paid invoice I1');
    expect(command(over, 'recheck')).toBeDefined();
  });

  it('is still asked about after something else happened', () => {
    const both = [...authorized, ...shipped('I1', PART), ...shipped('I2', REST, 2), late];
    for (const event of [funded('I2', REST), { ...found.closed, number: 'I2' }]) {
      const state = play([...both, event]);
      expect(state.value).toBe('funding_late');
      expect(creditLifecycle.deadline(state)?.event.type).toBe('inquiry.due');
    }
    const back = play([...both, giveBack('I1', 1_000), says.approved('return')]);
    expect(creditLifecycle.deadline(back)?.event.type).toBe('inquiry.due');
  });
});

describe('goods that come back', () => {
  it('before their invoice was paid lower what is going to be paid', () => {
    const back = [...invoiced, giveBack('I1', PART), says.approved('return')];
    expect(seen(play(back))).toMatchObject({ status: 'invoiced', voided: PART, refunded: 0 });
    expect(creditLifecycle.applyEvent(play(back), funded('I1', TOTAL + 1))).toBeNull();
    const paid = play([...back, funded('I1', REST)]);
    expect(seen(paid)).toMatchObject({ status: 'funded', captured: REST, voided: PART, rest: 0 });
  });

  it('afterwards are money given back, up to the invoice and no further', () => {
    const once = play([...WAYS.funded, giveBack('I1', PART), says.approved('return')]);
    expect(seen(once)).toMatchObject({ status: 'funded', refunded: PART, voided: 0 });
    expect(command(once, 'refund')).toEqual({ verb: 'refund', maxMinor: REST });
    expect(creditLifecycle.applyEvent(once, giveBack('I1', REST + 1))).toBeNull();
  });

  it('first before and then after it was paid are told apart', () => {
    const all = play([
      ...invoiced,
      giveBack('I1', PART),
      says.approved('return'),
      funded('I1', REST),
      giveBack('I1', REST),
      says.approved('return', 2),
    ]);
    expect(seen(all)).toEqual({
      status: 'returned',
      captured: REST,
      refunded: REST,
      voided: PART,
      rest: 0,
    });
  });

  it('of an invoice forbid to cancel it', () => {
    const state = play([...invoiced, giveBack('I1', PART), says.approved('return')]);
    expect(command(state, 'cancel-invoice')).toBeUndefined();
    expect(creditLifecycle.applyEvent(state, asks.cancelInvoice)).toBeNull();
  });
});

describe('an order for a corporate account', () => {
  it('never offers anything to the buyer', () => {
    expect(creditLifecycle.pendingEffect(play([], {}, PLACED))).toMatchObject({ type: 'order' });
    const state = play([says.approved('order')], {}, PLACED);
    expect([state.value, creditLifecycle.view(state).nextAction]).toEqual(['authorized', null]);
  });
});
