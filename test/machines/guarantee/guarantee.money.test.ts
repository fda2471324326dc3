import { describe, expect, it } from 'vitest';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle as guarantee } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { asks, INVOICE, NOTES, play, says, TOTAL, WAYS } from './guarantee.states.ts';

const said = (events: Parameters<typeof play>[0], policy = {}) =>
  guarantee.view(play(events, policy));
const receive = (amountMinor: number): GuaranteeEvent => ({ ...asks.receive, amountMinor });
const claim = (amountMinor: number): GuaranteeEvent => ({ ...asks.claim, amountMinor });
const halfOf: GuaranteeEvent = {
  type: 'activation.approved',
  at: 1,
  operationId: 'op_sample_activate_1',
  notes: NOTES,
  guaranteedMinor: 525,
  invoice: INVOICE,
};
const overdue = WAYS.overdue;
const half = [...WAYS.activating, halfOf];
const halfOverdue = [...half, ...overdue.slice(WAYS.guaranteed.length)];

describe('a guaranteed invoice', () => {
  it('never reads as paid before money has come', () => {
    for (const way of [WAYS.captured, WAYS.guaranteed, overdue]) {
      const { amounts, status, statusText } = said(way);
      expect(amounts.captured).toBe(0);
      expect(`${status} ${statusText.replace('unpaid', '')}`).not.toMatch(/paid/);
    }
    expect(said(WAYS.guaranteed).statusText).toBe('Guaranteed (unpaid)');
  });

  it('is paid in parts, each told to the provider with what was open before it', () => {
    const first = [...WAYS.guaranteed, receive(400)];
    expect(guarantee.pendingEffect(play(first))).toMatchObject({
      type: 'apply',
      amountMinor: 400,
      openMinor: TOTAL,
      invoiceNumber: INVOICE.invoiceNumber,
    });
    const told = [...first, says.approved('application')];
    expect(said(told)).toMatchObject({ status: 'guaranteed', amounts: { captured: 400 } });
    const second = [...told, receive(650)];
    expect(guarantee.pendingEffect(play(second))).toMatchObject({
      amountMinor: 650,
      openMinor: 650,
      operationId: 'op_sample_apply_2',
    });
    const paid = said([...second, says.approved('application', 2)]);
    expect(paid).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
    expect(paid.details?.['receipts']).toMatchObject({
      receipt_1: { amountMinor: 400, isApplied: true },
      receipt_2: { amountMinor: 650, isApplied: true },
    });
  });

  it.each([0, -1, 0.5])('takes no receipt of %d', (amountMinor) => {
    expect(guarantee.applyEvent(play(WAYS.guaranteed), receive(amountMinor))).toBeNull();
  });

  it('tells nobody of a receipt where the provider watches the merchant’s account', () => {
    const state = play([...WAYS.guaranteed, receive(TOTAL)], { appliesReceipts: false });
    expect([state.value, guarantee.pendingEffect(state)]).toEqual(['paid', null]);
    expect(guarantee.commands(state).map(({ verb }) => verb)).not.toContain('apply');
  });

  it('has its money although the provider would not hear of it, and can tell again', () => {
    const declined = [...WAYS.applying, says.declined('application')];
    const view = said(declined);
    expect(view).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
    expect(view.needsAttention).toContain('was not told that the buyer has paid EUR 10.50');
    expect(view.commands).toContainEqual({ verb: 'apply' });
    const again = [...declined, asks.apply, says.approved('application', 2)];
    expect(said(again)).toMatchObject({ status: 'paid', needsAttention: null });
    expect(said(again).commands).not.toContainEqual({ verb: 'apply' });
  });

  it('is found paid at the provider, for all that was open', () => {
    const looked = [...WAYS.guaranteed, receive(400), says.approved('application'), asks.recheck];
    const picture = { stands: true, stage: 'paid', guaranteedMinor: 0, notes: NOTES } as const;
    const found = guarantee.factsOf(play(looked), picture, 2);
    expect(found).toEqual([{ type: 'payment.found', at: 2, amountMinor: 650 }]);
    expect(said([...looked, ...found])).toMatchObject({
      status: 'paid',
      amounts: { captured: TOTAL },
      needsAttention: null,
    });
  });
});

describe('a claim', () => {
  it('is what the provider pays in the buyer’s place, and money that came', () => {
    const view = said([...overdue, claim(TOTAL)]);
    expect(view).toMatchObject({
      status: 'claimed',
      statusText: 'Paid by the guarantor',
      amounts: { captured: TOTAL },
      details: { claimedMinor: TOTAL, openMinor: 0 },
    });
  });

  it('leaves open what it did not pay', () => {
    const part = [...overdue, claim(800)];
    expect(said(part)).toMatchObject({ status: 'overdue', details: { openMinor: 250 } });
    const rest = [...part, receive(250), says.approved('application')];
    expect(said(rest)).toMatchObject({ status: 'claimed', amounts: { captured: TOTAL } });
  });

  it('goes as far as the guarantee, and people are told where that is less than is owed', () => {
    expect(said(half).needsAttention).toBe(
      'InfinitePay guarantees only EUR 5.25 of the EUR 10.50 that the buyer owes.',
    );
    const state = play(halfOverdue);
    expect(guarantee.commands(state)).toContainEqual({ verb: 'claim', maxMinor: 525 });
    expect(guarantee.decide(state, { verb: 'claim', amountMinor: 526 }, 1)).toMatchObject({
      code: 'amount-out-of-range',
    });
    expect(guarantee.applyEvent(state, claim(526))).toBeNull();
    const claimed = play([...halfOverdue, claim(525)]);
    expect(guarantee.commands(claimed).map(({ verb }) => verb)).not.toContain('claim');
    expect(guarantee.view(claimed).status).toBe('overdue');
  });

  it('covers no more than is open, however much was guaranteed', () => {
    const late = [...overdue, receive(900), says.approved('application')];
    expect(said(late).commands).toContainEqual({ verb: 'claim', maxMinor: 150 });
  });

  it('that was found is not counted again at the next look', () => {
    const picture = { stands: true, stage: 'claimed', guaranteedMinor: 0, notes: NOTES } as const;
    const found = guarantee.factsOf(play(halfOverdue), picture, 2);
    expect(found).toEqual([{ type: 'claim.found', at: 2, amountMinor: 525 }]);
    expect(guarantee.factsOf(play([...halfOverdue, ...found]), picture, 3)).toEqual([]);
  });
});

describe('a loss', () => {
  it('is written off as to what is open, and blocks no limit', () => {
    const part = [...overdue, claim(800), { ...asks.writeOff, amountMinor: 250 }];
    expect(said(part)).toMatchObject({
      status: 'written_off',
      amounts: { authorized: TOTAL, captured: 800, voided: 250 },
      details: { openMinor: 0, writtenOffMinor: 250 },
    });
  });

  it('is not written off before the due date', () => {
    expect(guarantee.decide(play(WAYS.guaranteed), { verb: 'write-off' }, 1)).toMatchObject({
      code: 'illegal-transition',
    });
  });
});

describe('an order of another amount', () => {
  it.each([900, 2_000])('blocks %d of the limit from then on', (amountMinor) => {
    const asked = [...WAYS.reserved, { ...asks.modify, amountMinor }];
    expect(said(asked).amounts.authorized).toBe(TOTAL);
    const view = said([...asked, says.approved('modification')]);
    expect(view.amounts).toMatchObject({ requested: amountMinor, authorized: amountMinor });
    expect(view.commands[0]).toEqual({ verb: 'capture', maxMinor: amountMinor });
  });

  it('keeps its old amount when the new one is declined', () => {
    const view = said([...WAYS.modifying, says.declined('modification')]);
    expect(view).toMatchObject({ status: 'reserved', amounts: { authorized: TOTAL } });
    expect(view.decline?.verb).toBe('modify');
  });
});
