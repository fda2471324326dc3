/** How orders on credit are accepted, given up, and accepted all the same. */
import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import type { CreditPicture } from '../../../machines/credit/credit.types.ts';
import { asks, DAY, found, INPUT, play, says, TOTAL, WAYS } from './credit.states.ts';

const accepted: CreditPicture = {
  providerRef: 'order_1',
  orderId: INPUT.orderId,
  status: 'accepted',
  amountMinor: TOTAL,
  currency: 'USD',
  expiresAt: 45 * DAY,
  others: [],
  invoices: [],
};
const { accepting, authorized, cancelled, expired, in_review: inReview, offered } = WAYS;
const withdrawn: CreditEvent[] = [...offered, asks.withdraw];

/** The facts of a picture, and where they lead. */
function shown(state: CreditState, picture: CreditPicture | null) {
  const facts = creditLifecycle.factsOf(state, picture, 2);
  const after = facts.reduce<CreditState>((at, fact) => {
    const next = creditLifecycle.applyEvent(at, fact);
    if (next === null) throw new Error(`${fact.type} is not legal in ${at.value}`);
    return next;
  }, state);
  const { needsAttention, status } = creditLifecycle.view(after);
  return { facts: facts.map(({ type }) => type), status, needsAttention, after };
}

describe('an order id that a browser brings', () => {
  it('is believed only of an order with our number, amount and currency', () => {
    expect(shown(play(accepting), accepted)).toMatchObject({ status: 'authorized' });
    const foreign: Partial<CreditPicture>[] = [
      { orderId: 'somebody-elses' },
      { orderId: null },
      { amountMinor: TOTAL - 1 },
      { currency: 'EUR' },
    ];
    for (const part of foreign) {
      const { after, facts, status } = shown(play(accepting), { ...accepted, ...part });
      expect([facts, status]).toEqual([['acceptance.rejected'], 'offered']);
      expect(after.context).toMatchObject({ authorizedMinor: 0, claimedRef: null });
    }
  });

  it('is not believed of an order that the provider does not have', () => {
    const { after, status } = shown(play(accepting), null);
    expect(status).toBe('offered');
    expect(creditLifecycle.view(after)).toMatchObject({ decline: { code: 'contradicts_proof' } });
    expect(creditLifecycle.deadline(after)?.event.type).toBe('inquiry.due');
  });

  it('of a canceled order is a no, unless the buyer has another one', () => {
    const canceled = { ...accepted, status: 'canceled' } as const;
    expect(shown(play(accepting), canceled).status).toBe('declined');
    const two = { ...canceled, others: ['order_2'] };
    expect(shown(play(accepting), two)).toMatchObject({
      facts: ['acceptance.rejected'],
      status: 'offered',
    });
  });

  it('is no news when the provider told of that order first, and refused when it is another', () => {
    for (const state of [play(authorized), play(inReview)]) {
      const request = { verb: 'accept', providerRef: 'order_1' };
      const asked = creditLifecycle.decide(state, request, 2) as CreditEvent;
      expect(creditLifecycle.applyEvent(state, asked)?.context).toEqual(state.context);
      const other = { ...request, providerRef: 'order_2' };
      expect(creditLifecycle.decide(state, other, 2)).toMatchObject({ code: 'illegal-transition' });
    }
  });

  it('that nobody can ask about leaves the offer with the buyer', () => {
    const state = play([...accepting, { type: 'inquiry.exhausted', at: DAY }]);
    expect([state.value, state.context.claimedRef]).toEqual(['offered', null]);
  });
});

describe('an offer that the buyer accepts', () => {
  it('twice is one payment, and a person hears of the other order', () => {
    const { after, needsAttention, status } = shown(play(offered), {
      ...accepted,
      others: ['order_2'],
    });
    expect(status).toBe('authorized');
    expect(needsAttention).toContain('order_2');
    const other = { says: 'accepted', orderRef: 'order_2' } as const;
    expect(creditLifecycle.knows(after, other)).toBe(false);
  });

  it('after it was withdrawn is cancelled at the provider', () => {
    const { after, status } = shown(play(withdrawn), accepted);
    expect(status).toBe('cancelling');
    expect(creditLifecycle.pendingEffect(after)).toMatchObject({
      type: 'cancel',
      providerRef: 'order_1',
      amountMinor: TOTAL,
    });
  });

  it('after its time is taken up again, with a word to people, or cancelled: as the policy says', () => {
    const adopted = play([...expired, found.order], { onLateAcceptance: 'adopt' });
    expect(adopted.value).toBe('authorized');
    expect(creditLifecycle.view(adopted).needsAttention).toContain('taken up again');
    const freed = play([...expired, found.order, says.approved('cancellation')], {
      onLateAcceptance: 'void',
    });
    expect(creditLifecycle.view(freed)).toMatchObject({
      status: 'cancelled',
      amounts: { authorized: TOTAL, voided: TOTAL },
    });
  });

  it('is not doubted again once it was given up here and canceled there', () => {
    const canceled = { ...accepted, status: 'canceled' } as const;
    expect(shown(play(withdrawn), canceled).facts).toEqual([]);
    expect(shown(play(expired), { ...accepted, status: 'pending' }).facts).toEqual([]);
  });
});

describe('an order under review', () => {
  it('is accepted or cancelled by the provider, and asks for a person when that takes long', () => {
    expect(play([...inReview, found.order]).value).toBe('authorized');
    expect(play([...inReview, found.cancelled]).value).toBe('declined');
    const long = play([...inReview, { type: 'inquiry.exhausted', at: 7 * DAY }]);
    expect(creditLifecycle.view(long).needsAttention).toContain('has not decided');
  });

  it('can be cancelled, and is asked about on when that does not succeed', () => {
    const ended = play([...inReview, asks.cancel, says.approved('cancellation')]);
    expect(creditLifecycle.view(ended)).toMatchObject({ status: 'cancelled', decline: null });
    const stands = play([...inReview, asks.cancel, says.declined('cancellation')]);
    expect(stands.value).toBe('in_review');
    expect(creditLifecycle.pendingEffect(stands)).toMatchObject({ about: { type: 'picture' } });
    const looked = play([...inReview, asks.cancel, says.declined('cancellation'), found.confirmed]);
    expect(creditLifecycle.deadline(looked)?.event.type).toBe('inquiry.due');
    expect(shown(stands, accepted).status).toBe('authorized');
  });
});

describe('an accepted order', () => {
  const canceled = { ...accepted, status: 'canceled' } as const;

  it('that the provider cancels is over, and its credit is free', () => {
    const { after, status } = shown(play(authorized), canceled);
    expect(status).toBe('cancelled');
    expect(creditLifecycle.view(after).amounts).toMatchObject({ voided: TOTAL });
    expect(shown(play(cancelled), canceled).facts).toEqual([]);
  });

  it('lapses only where the provider still has it accepted after its time', () => {
    const late = (state: CreditState) => creditLifecycle.factsOf(state, accepted, 46 * DAY);
    expect(creditLifecycle.factsOf(play(authorized), accepted, 44 * DAY)).toEqual([]);
    expect(late(play(authorized))).toMatchObject([{ type: 'order.lapsed', amountMinor: TOTAL }]);
    const lapsed = play([...authorized, { type: 'order.expiry_due', at: 45 * DAY }, found.lapsed]);
    expect([lapsed.value, creditLifecycle.commands(lapsed)]).toEqual(['expired', []]);
  });

  const lapsedWithInvoice: CreditEvent[] = [
    ...authorized,
    { ...asks.invoice, amountMinor: 40_000 },
    says.approved('invoice'),
    says.approved('shipment'),
    { type: 'order.expiry_due', at: 45 * DAY },
    { ...found.lapsed, amountMinor: 60_000 },
  ];

  it('that lapses with an invoice keeps it, and frees the rest', () => {
    const state = play(lapsedWithInvoice);
    expect(creditLifecycle.view(state)).toMatchObject({
      status: 'invoiced',
      amounts: { voided: 60_000 },
    });
    expect(creditLifecycle.commands(state).map(({ verb }) => verb)).not.toContain('invoice');
  });

  it('that has lapsed is asked about again when an invoice of it is cancelled', () => {
    const cancels = [...lapsedWithInvoice, asks.cancelInvoice];
    const freed = [...cancels, says.approved('invoice_cancellation')];
    expect(creditLifecycle.deadline(play(freed))?.event.type).toBe('order.expiry_due');
    const asked: CreditEvent = { type: 'order.expiry_due', at: 46 * DAY };
    const over = play([...freed, asked, { ...found.lapsed, amountMinor: 40_000 }]);
    expect(over.value).toBe('expired');
  });
});
