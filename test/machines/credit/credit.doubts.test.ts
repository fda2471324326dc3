/** What people and the provider say of an order on credit, and what of it is already known. */
import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import type { CreditClaim, CreditPicture } from '../../../machines/credit/credit.types.ts';
import { asks, DAY, found, INPUT, play, says, TOTAL, WAYS } from './credit.states.ts';

const exhausted: CreditEvent = { type: 'inquiry.exhausted', at: DAY };
const applied: CreditEvent = { type: 'resolution.applied', at: DAY };
const failed: CreditEvent = { ...asks.resolve, outcome: 'failed', providerRef: null };
const { authorized, funded, invoiced, parked, shipping } = WAYS;
const view = (state: CreditState) => creditLifecycle.view(state);

describe('what an operator saw', () => {
  it('is applied when the provider says nothing against it, and the shipment follows', () => {
    const asked = play([...parked, asks.resolve]);
    expect(creditLifecycle.pendingEffect(asked)).toMatchObject({ lookOnly: true });
    const state = play([
      ...parked,
      asks.resolve,
      { type: 'inquiry.inconclusive', at: DAY, reason: '-' },
      applied,
    ]);
    expect([state.value, Object.keys(state.context.invoices)]).toEqual(['shipping', ['I1']]);
  });

  it('not to have happened gives the amount back to be invoiced', () => {
    const state = play([...parked, failed, applied]);
    expect(creditLifecycle.commands(state)).toContainEqual({ verb: 'invoice', maxMinor: TOTAL });
    expect(view(state).needsAttention).toBeNull();
  });

  it('is contradicted by the word of the provider, which counts', () => {
    const state = play([...parked, failed, says.approved('invoice')]);
    expect(state.value).toBe('shipping');
    expect(state.context.decline).toMatchObject({ code: 'contradicts_proof', verb: 'resolve' });
    const stands = play([...parked, asks.resolve, says.absent('invoice')]);
    expect([stands.value, view(stands).decline?.code]).toEqual(['authorized', 'contradicts_proof']);
  });

  it.each([
    ['shipment', [...shipping, says.unknown('shipment')], 'ship_failed', 'invoiced'],
    ['return', [...funded, asks.giveBack, says.unknown('return')], 'funded', 'returned'],
    [
      'cancellation',
      [...authorized, asks.cancel, says.unknown('cancellation')],
      'authorized',
      'cancelled',
    ],
    [
      'invoice_cancellation',
      [...invoiced, asks.cancelInvoice, says.unknown('invoice_cancellation')],
      'invoiced',
      'authorized',
    ],
  ] as const)('of a %s leads where the provider’s word would', (_noun, doubt, ifNot, ifSo) => {
    expect(play([...doubt, exhausted]).value).toBe('parked');
    expect(play([...doubt, exhausted, failed, applied]).value).toBe(ifNot);
    expect(play([...doubt, exhausted, asks.resolve, applied]).value).toBe(ifSo);
  });
});

const PICTURE: CreditPicture = {
  providerRef: 'order_1',
  orderId: INPUT.orderId,
  status: 'accepted',
  amountMinor: TOTAL,
  currency: 'USD',
  expiresAt: 45 * DAY,
  others: [],
  invoices: [],
};
const there = (
  status: CreditPicture['invoices'][number]['status'],
  part: Partial<CreditPicture['invoices'][number]> = {},
): CreditPicture => ({
  ...PICTURE,
  invoices: [{ providerRef: 'invoice_1', number: 'I1', amountMinor: TOTAL, status, ...part }],
});
const told = (claim: CreditClaim, verified = true): CreditEvent => ({
  type: 'news.received',
  at: 1,
  source: 'provider',
  name: claim.says,
  notificationId: null,
  verified,
  providerRef: 'order_1',
  claim: verified ? claim : null,
});
const facts = (events: readonly CreditEvent[], picture: CreditPicture | null) => {
  const state = play(events);
  const all = creditLifecycle.factsOf(state, picture, 2);
  // Every fact has to be legal after the one before it.
  play([...events, ...all]);
  return all.map(({ type }) => type);
};
const isFunded: CreditClaim = { says: 'funded', invoiceRef: 'invoice_1' };

describe('what the provider shows', () => {
  it('of an invoice that was made there is taken over, with what became of it', () => {
    expect(facts(authorized, there('open'))).toEqual(['invoice.found']);
    expect(facts(authorized, there('closed'))).toEqual(['invoice.found', 'invoice.closed']);
    expect(facts([...authorized, told(isFunded)], there('open'))).toEqual([
      'invoice.found',
      'invoice.funded',
    ]);
    const state = play([...authorized, found.invoice]);
    expect([state.value, view(state).amounts.captured]).toEqual(['invoiced', 0]);
  });

  it('never counts an invoice that nobody issued, or that was cancelled', () => {
    expect(facts(authorized, there('pending'))).toEqual([]);
    expect(facts(authorized, there('canceled'))).toEqual([]);
  });

  it('of another amount than the books can hold is left to a person', () => {
    const wrong = there('open', { amountMinor: TOTAL + 1 });
    expect(facts(authorized, wrong)).toEqual(['picture.contradicted']);
    const second = there('open', { providerRef: 'invoice_2' });
    expect(facts(invoiced, second)).toEqual(['picture.contradicted']);
    expect(facts(authorized, null)).toEqual(['picture.contradicted']);
    expect(facts(funded, there('canceled'))).toEqual(['picture.contradicted']);
  });

  it('proves funding only together with a message that does, of an invoice that stands', () => {
    expect(facts(invoiced, there('open'))).toEqual([]);
    expect(facts([...invoiced, told(isFunded)], there('open'))).toEqual(['invoice.funded']);
    expect(facts([...invoiced, told(isFunded, false)], there('open'))).toEqual([]);
    expect(facts([...invoiced, told(isFunded)], there('pending'))).toEqual([]);
    expect(facts([...invoiced, told(isFunded)], PICTURE)).toEqual([]);
    expect(facts([...invoiced, told(isFunded)], there('closed'))).toEqual(['invoice.closed']);
  });
});

describe('goods that came back before we heard that the provider had paid', () => {
  const part = 4_000;
  const back: readonly CreditEvent[] = [
    ...invoiced,
    { ...asks.giveBack, amountMinor: part },
    says.approved('return'),
  ];
  const amountsAfter = (
    events: readonly CreditEvent[],
    amountMinor: number | undefined,
    status: 'open' | 'closed' = 'open',
  ) => {
    const claim: CreditClaim = amountMinor === undefined ? isFunded : { ...isFunded, amountMinor };
    const before = [...events, told(claim)];
    const found4 = creditLifecycle.factsOf(play(before), there(status), 2);
    const { captured, refunded, voided } = view(play([...before, ...found4])).amounts;
    return { captured, refunded, voided };
  };
  const whole = { captured: TOTAL, refunded: part, voided: 0 };
  const rest = { captured: TOTAL - part, refunded: 0, voided: part };

  it('were given back when all was paid, and released when the rest was', () => {
    expect(amountsAfter(back, TOTAL)).toEqual(whole);
    expect(amountsAfter(back, TOTAL, 'closed')).toEqual(whole);
    expect(amountsAfter(back, TOTAL - part)).toEqual(rest);
  });

  it.each([undefined, 0, TOTAL - part - 1, TOTAL + 1])(
    'count as released where the message says %o, which tells nothing',
    (amountMinor) => expect(amountsAfter(back, amountMinor)).toEqual(rest),
  );

  it('were given back, though nothing is left of the invoice', () => {
    const all: readonly CreditEvent[] = [...invoiced, asks.giveBack, says.approved('return')];
    expect(amountsAfter(all, TOTAL)).toEqual({ captured: TOTAL, refunded: TOTAL, voided: 0 });
  });
});

describe('news', () => {
  const says4: readonly (readonly [CreditClaim, readonly CreditEvent[], readonly CreditEvent[]])[] =
    [
      [{ says: 'accepted', orderRef: 'order_1' }, authorized, WAYS.offered],
      [{ says: 'cancelled' }, WAYS.cancelled, authorized],
      [isFunded, funded, invoiced],
      [{ says: 'closed', invoiceRef: 'invoice_1' }, WAYS.closed, funded],
      [
        { says: 'invoice_cancelled', invoiceRef: 'invoice_1' },
        [...invoiced, found.invoiceCancelled],
        invoiced,
      ],
    ];
  it.each(says4)('that it is %o is known once the payment says so', (claim, known, unknown) => {
    expect(creditLifecycle.knows(play(known), claim)).toBe(true);
    expect(creditLifecycle.knows(play(unknown), claim)).toBe(false);
    const {
      type: _type,
      at: _at,
      ...news
    } = told(claim) as Extract<CreditEvent, { type: 'news.received' }>;
    expect(creditLifecycle.hear(play(known), news, 2)).toBeNull();
    expect(creditLifecycle.hear(play(unknown), news, 2)).toMatchObject({ claim });
  });

  it('is never known where it says only that something changed, or of another invoice', () => {
    expect(creditLifecycle.knows(play(funded), { says: 'changed' })).toBe(false);
    const other: CreditClaim = { says: 'funded', invoiceRef: 'invoice_7' };
    expect(creditLifecycle.knows(play(funded), other)).toBe(false);
  });

  it('without proof makes the payment look and says nothing', () => {
    const {
      type: _type,
      at: _at,
      ...news
    } = told(isFunded, false) as Extract<CreditEvent, { type: 'news.received' }>;
    const forged = { ...news, claim: isFunded };
    expect(creditLifecycle.hear(play(invoiced), forged, 2)).toMatchObject({ claim: null });
  });
});
