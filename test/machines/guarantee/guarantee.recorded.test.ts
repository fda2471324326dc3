/** Money that people record: more than is owed, gone again, given back, and after the end. */
import { describe, expect, it } from 'vitest';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle as guarantee } from '../../../machines/guarantee/guarantee.lifecycle.ts';
import { asks, NOTES, overdue, play, says, STATES, TOTAL, WAYS } from './guarantee.states.ts';

/** InfinitePay watches the merchant's account: it is told of nothing. */
const watched = { appliesReceipts: false };
const said = (events: readonly GuaranteeEvent[], policy: Parameters<typeof play>[1] = watched) =>
  guarantee.view(play(events, policy));
const receive = (amountMinor: number): GuaranteeEvent => ({ ...asks.receive, amountMinor });
const refund = (amountMinor: number): GuaranteeEvent => ({ ...asks.refund, amountMinor });
const bounce = (ordinal = 1): GuaranteeEvent => ({
  ...asks.bounce,
  receiptId: `receipt_${ordinal}`,
});
const claim = (amountMinor: number): GuaranteeEvent => ({ ...asks.claim, amountMinor });
const confirmed: GuaranteeEvent = { type: 'picture.confirmed', at: 1 };
const late: readonly GuaranteeEvent[] = [overdue, confirmed];
const told = says.approved('application');

describe('more than is owed', () => {
  it('is recorded, posted and to be sent back', () => {
    const over = said([...WAYS.guaranteed, receive(TOTAL + 200)]);
    expect(over).toMatchObject({
      status: 'paid',
      amounts: { captured: TOTAL + 200, authorized: TOTAL + 200, refunded: 0 },
      details: { openMinor: 0, overpaidMinor: 200 },
    });
    expect(over.needsAttention).toContain('EUR 2.00 came beyond what is owed. Send it back');
    const back = said([...WAYS.guaranteed, receive(TOTAL + 200), refund(200)]);
    expect(back).toMatchObject({
      status: 'paid',
      needsAttention: null,
      amounts: { captured: TOTAL + 200, refunded: 200 },
      details: { overpaidMinor: 0, forgivenMinor: 0 },
    });
  });

  it('is owed again as a whole when it bounces after a part was given back', () => {
    const fraud = said([...WAYS.guaranteed, receive(TOTAL + 200), refund(200), bounce()]);
    expect(fraud).toMatchObject({
      status: 'guaranteed',
      amounts: { captured: 0, refunded: 200, authorized: TOTAL },
      details: { openMinor: TOTAL, uncoveredMinor: 200 },
    });
    expect(fraud.needsAttention).toContain('EUR 2.00 was given back out of money that did not');
  });

  it('is the provider’s where it has paid a claim before the buyer paid', () => {
    const both = [...WAYS.guaranteed, ...late, claim(TOTAL), receive(TOTAL)];
    expect(said(both)).toMatchObject({ status: 'claimed', details: { overpaidMinor: TOTAL } });
    expect(said(both).needsAttention).toContain('Hand it to InfinitePay');
    expect(said([...both, refund(TOTAL)]).needsAttention).toBeNull();
  });

  it('is nothing that can be claimed again where a claim was handed back and the order cancelled', () => {
    const over: GuaranteeEvent = { type: 'cancellation.found', at: 1 };
    const handed = [...WAYS.guaranteed, ...late, claim(100), refund(100), over];
    expect(said(handed)).toMatchObject({ status: 'cancelled', details: { claimableMinor: 0 } });
  });

  it('is told to the provider only as far as it is expected there', () => {
    const over = play([...WAYS.guaranteed, receive(TOTAL + 200)]);
    expect(guarantee.pendingEffect(over)).toMatchObject({ type: 'apply', amountMinor: TOTAL });
    const more = play([...WAYS.guaranteed, receive(TOTAL + 200), told, receive(10)]);
    expect([more.value, guarantee.pendingEffect(more)]).toEqual(['paid', null]);
    expect(guarantee.view(more).commands).not.toContainEqual({ verb: 'apply' });
  });
});

describe('a refund', () => {
  it('forgives what is no overpayment, and the rest stays owed', () => {
    const part = [...WAYS.guaranteed, receive(600), refund(100)];
    expect(said(part)).toMatchObject({ status: 'guaranteed', details: { openMinor: 450 } });
    expect(said([...part, receive(450)])).toMatchObject({ status: 'partially_refunded' });
    expect(said([...part, receive(550)])).toMatchObject({
      status: 'paid',
      details: { overpaidMinor: 100 },
    });
  });

  it('of all that came leaves nothing owed', () => {
    expect(said([...WAYS.guaranteed, receive(TOTAL), refund(TOTAL)])).toMatchObject({
      status: 'refunded',
      amounts: { captured: TOTAL, refunded: TOTAL },
      details: { openMinor: 0 },
    });
  });

  it('is not more than is there: the caller hears how much that is', () => {
    const state = play([...WAYS.guaranteed, receive(600)], watched);
    expect(guarantee.decide(state, { verb: 'refund', amountMinor: 601 }, 1)).toMatchObject({
      code: 'amount-out-of-range',
      maxMinor: 600,
    });
  });
});

describe('a receipt that bounces', () => {
  it('is owed again, and asked for until money comes', () => {
    const gone = [...WAYS.guaranteed, receive(TOTAL), bounce()];
    expect(said(gone)).toMatchObject({ status: 'guaranteed', details: { openMinor: TOTAL } });
    expect(said(gone).needsAttention).toContain('did not arrive after all (transfer 3)');
    expect(said([...gone, receive(TOTAL)])).toMatchObject({ status: 'paid', needsAttention: null });
  });

  it('bounces once only', () => {
    const state = play([...WAYS.guaranteed, receive(TOTAL), bounce()], watched);
    expect(guarantee.applyEvent(state, bounce())).toBeNull();
    expect(guarantee.decide(state, { verb: 'bounce' }, 1)).toHaveProperty('code');
  });

  it('that the provider was told of cannot be taken back: a person has to tell it', () => {
    const gone = [...WAYS.guaranteed, receive(400), told, bounce()];
    const view = said(gone, {});
    expect(view.needsAttention).toContain('InfinitePay was told that EUR 4.00 was paid');
    expect(view.needsAttention).toContain('in its portal');
    // What comes in its place makes true what the provider was told.
    const replaced = play([...gone, receive(400)]);
    expect([replaced.value, guarantee.view(replaced).needsAttention]).toEqual(['guaranteed', null]);
    expect(guarantee.pendingEffect(play([...gone, receive(600)]))).toMatchObject({
      type: 'apply',
      amountMinor: 200,
      openMinor: 650,
    });
  });

  it('is not found again because the provider repeats what it was told', () => {
    const gone = play([...WAYS.guaranteed, receive(TOTAL), told, bounce(), asks.recheck]);
    const picture = { stands: true, stage: 'paid', guaranteedMinor: 0, notes: NOTES } as const;
    expect(guarantee.factsOf(gone, picture, 2)).toEqual([]);
  });

  it('is overdue at once where its day is over', () => {
    const gone = play([...WAYS.overdue, receive(TOTAL), bounce()], watched);
    expect(gone.value).toBe('overdue');
    expect(guarantee.commands(gone)).toContainEqual({ verb: 'claim', maxMinor: TOTAL });
  });
});

describe('a write-off', () => {
  const writtenOff = [
    ...WAYS.guaranteed,
    ...late,
    receive(600),
    { ...asks.writeOff, amountMinor: 450 },
  ];

  it('leaves owed what bounces afterwards', () => {
    expect(said([...writtenOff, bounce()])).toMatchObject({
      status: 'overdue',
      amounts: { captured: 0, voided: 450 },
      details: { openMinor: 600 },
    });
  });

  it('is recovered by what comes all the same, and merchants hear of that', () => {
    const before = play(writtenOff, watched);
    const after = guarantee.applyEvent(before, receive(450));
    expect(after && guarantee.view(after)).toMatchObject({
      status: 'paid',
      needsAttention: null,
      details: { recoveredMinor: 450 },
    });
    const views = [guarantee.view(before), guarantee.view(after ?? before)] as const;
    expect(guarantee.announces(receive(450), ...views)).toBe('payment.recovered');
  });
});

describe('money for what is not guaranteed', () => {
  it.each(['declined', 'expired', 'cancelled'] as const)('is there although it is %s', (name) => {
    const came = said([...WAYS[name], receive(400)]);
    expect(came).toMatchObject({ status: name, amounts: { captured: 400 } });
    expect(came.needsAttention).toContain('EUR 4.00 came although');
    expect(said([...WAYS[name], receive(400), refund(400)])).toMatchObject({
      status: name,
      needsAttention: null,
    });
    expect(said([...WAYS[name], receive(400), bounce()]).needsAttention).toBeNull();
  });

  it('pays a denied invoice, and the limit is still to be freed in the portal', () => {
    const paid = [...WAYS.guarantee_denied, receive(TOTAL)];
    expect(said(paid)).toMatchObject({ status: 'paid', amounts: { captured: TOTAL } });
    expect(said(paid).needsAttention).toContain("Cancel it in InfinitePay's portal");
    const release: GuaranteeEvent = {
      type: 'limit.released',
      at: 1,
      operationId: 'op_sample_release_1',
    };
    const freed = [...paid, asks.release, release];
    expect(said(freed)).toMatchObject({
      status: 'paid',
      needsAttention: null,
      amounts: { captured: TOTAL, voided: 0 },
    });
  });

  it('pays an order that is only reserved, which can be cancelled there', () => {
    const paid = [...WAYS.reserved, receive(TOTAL)];
    expect(said(paid).commands).toContainEqual({ verb: 'cancel' });
    const over = said([...paid, asks.cancel, says.approved('cancellation')]);
    expect(over).toMatchObject({ status: 'paid', needsAttention: null });
  });

  it('goes back where the order is cancelled before it was paid', () => {
    const view = said([...WAYS.reserved, receive(400), asks.cancel, says.approved('cancellation')]);
    expect(view).toMatchObject({ status: 'cancelled', details: { overpaidMinor: 400 } });
    expect(view.needsAttention).toContain('although the order was cancelled. Send it back');
  });

  it('is told to the provider once it guarantees the invoice, and the order is still the whole', () => {
    const early = [...WAYS.reserved, receive(400), asks.capture];
    expect(guarantee.pendingEffect(play(early))).toMatchObject({ amountMinor: TOTAL });
    const ways = [...early, says.approved('capture'), asks.activate, says.approved('activation')];
    expect(said(ways, {})).toMatchObject({
      status: 'guaranteed',
      details: { openMinor: TOTAL - 400, claimableMinor: TOTAL - 400 },
    });
    expect(said(ways, {}).commands).toContainEqual({ verb: 'apply' });
  });
});

describe('what happened outside', () => {
  it.each(STATES)('is recorded in $name, whatever is in flight', ({ state }) => {
    const came = guarantee.applyEvent(state, receive(TOTAL + 1));
    expect(came?.context.receivedMinor).toBe(state.context.receivedMinor + TOTAL + 1);
    expect(came?.context.operation ?? null).toEqual(
      state.context.operation ?? came?.context.operation ?? null,
    );
    if (came === null) return;
    const last = `receipt_${Object.keys(came.context.receipts).length}`;
    const gone = guarantee.applyEvent(came, { ...asks.bounce, receiptId: last });
    expect(gone?.context.receivedMinor).toBe(state.context.receivedMinor);
    expect(guarantee.applyEvent(came, refund(1))?.context.refundedMinor).toBe(
      state.context.refundedMinor + 1,
    );
  });
});
