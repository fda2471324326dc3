/** What follows a definite no: it is looked into, said to whoever asked, and never sent again. */
import { describe, expect, it } from 'vitest';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import type { CreditNoun, CreditPicture } from '../../../machines/credit/credit.types.ts';
import { operationId } from '../../../machines/shared/ids.ts';
import { asks, DAY, found, INPUT, late, PLACED, play, says, TOTAL, WAYS } from './credit.states.ts';

const at = 1;
const view = (state: CreditState) => creditLifecycle.view(state);
const effect = (state: CreditState) => creditLifecycle.pendingEffect(state);
const refused = (noun: CreditNoun, parts: object = {}): CreditEvent =>
  ({ ...says.refused(noun), reason: 'HTTP 404: it is not there', ...parts }) as CreditEvent;

const { authorized, funded, invoiced, offered, shipping } = WAYS;
const inReview = WAYS.in_review;
/** Each operation after the first, in flight. */
const OPERATIONS: readonly (readonly [CreditNoun, readonly CreditEvent[], string])[] = [
  ['invoice', [...authorized, asks.invoice], 'authorized'],
  ['shipment', shipping, 'ship_failed'],
  ['cancellation', [...authorized, asks.cancel], 'authorized'],
  ['cancellation', [...inReview, asks.cancel], 'in_review'],
  ['invoice_cancellation', [...invoiced, asks.cancelInvoice], 'invoiced'],
  ['return', [...funded, asks.giveBack], 'funded'],
];

const FAULTS = [
  ['credentials', "does not accept the integration's credentials"],
  ['account', "a setting of the merchant's account"],
  ['ours', 'Tell whoever runs Holdfast'],
] as const;

const buyer = {
  source: 'buyer',
  name: 'buyer.returned',
  notificationId: null,
  verified: true,
  providerRef: null,
  claim: null,
} as const;
const news: CreditEvent = {
  type: 'news.received',
  at,
  ...buyer,
  source: 'provider',
  name: 'order.changed',
};

describe.each([
  ['order', play([], {}, PLACED)],
  ['offer', play([])],
] as const)('an %s that the provider refuses', (noun, opened) => {
  const no = (parts: object) => {
    const state = creditLifecycle.applyEvent(opened, refused(noun, parts));
    if (state === null) throw new Error('it is refused');
    return state;
  };

  it('is declined with the provider’s code, and needs nobody', () => {
    const state = no({ code: 'bad_request' });
    expect(view(state)).toMatchObject({
      status: 'declined',
      decline: { verb: noun, code: 'bad_request' },
      needsAttention: null,
      firstOutcomeKnown: true,
      operationInFlight: null,
    });
    expect(view(no({})).decline?.code).toBe('provider_refused');
  });

  it.each(FAULTS)('by a fault of the %s needs a person, who reads whose it is', (fault, words) => {
    const { decline, needsAttention, status } = view(no({ fault }));
    expect([status, decline?.code]).toEqual(['declined', 'provider_refused']);
    expect(needsAttention).toContain(words);
    expect(needsAttention).toContain('then start a new payment');
    expect(needsAttention?.includes('credentials')).toBe(fault === 'credentials');
  });

  it('is announced as declined', () => {
    const after = no({});
    expect(creditLifecycle.announces(refused(noun), view(opened), view(after))).toBe(
      'payment.declined',
    );
  });

  it('is never sent again: nobody may ask for that, and all that is heard only looks', () => {
    const state = no({ fault: 'credentials' });
    expect([effect(state), creditLifecycle.deadline(state)]).toEqual([null, null]);
    expect(creditLifecycle.commands(state)).toEqual([]);
    expect(creditLifecycle.hear(state, buyer, at)).toBeNull();
    for (const event of [news, asks.recheck]) {
      const asked = creditLifecycle.applyEvent(state, event);
      expect([asked?.value, asked && effect(asked)]).toMatchObject([
        'declined',
        { type: 'inquire', about: { type: 'picture' } },
      ]);
    }
  });
});

describe.each(OPERATIONS)('a refused %s after %#', (noun, events, status) => {
  it.each([
    ['refused', refused(noun)],
    ['declined', says.declined(noun)],
  ])('when it is %s, is looked into before whoever asked has an answer', (_how, no) => {
    const before = play(events);
    const state = play([...events, no]);
    expect(state.value).toBe(status);
    expect(effect(state)).toMatchObject({
      type: 'inquire',
      about: { type: 'picture' },
      news: null,
    });
    expect(view(state).operationInFlight).toBe(view(before).operationInFlight);
    for (const end of [
      found.confirmed,
      found.contradicted,
      { type: 'inquiry.inconclusive', at, reason: 'no answer' } as const,
    ]) {
      expect(view(play([...events, no, end])).operationInFlight).toBeNull();
    }
  });

  it('says what happened, and that people have to look, until something is found', () => {
    const { decline, needsAttention } = view(play([...events, refused(noun), found.confirmed]));
    expect(decline).toMatchObject({
      code: 'provider_refused',
      message: expect.stringContaining('it is not there'),
    });
    expect(needsAttention).toContain('then ask again');
    expect(needsAttention).not.toContain('credentials');
    const coded = play([...events, refused(noun, { code: 'not_found' }), found.confirmed]);
    expect(view(coded).decline?.code).toBe('not_found');
  });

  it('for its credentials is answered at once: a look would be refused, too', () => {
    const state = play([...events, refused(noun, { fault: 'credentials' })]);
    expect(effect(state)).toBeNull();
    expect(view(state)).toMatchObject({ status, operationInFlight: null });
    expect(view(state).needsAttention).toContain('Save valid credentials');
  });

  it('goes on being waited for while something is heard', () => {
    const state = play([...events, refused(noun), news]);
    expect(view(state).operationInFlight).not.toBeNull();
  });
});

describe('what is found after a refusal', () => {
  it('replaces the sentence, and the answer still says what was refused', () => {
    const state = play([...authorized, asks.invoice, refused('invoice'), found.cancelled]);
    expect(view(state)).toMatchObject({
      status: 'cancelled',
      needsAttention: null,
      decline: { verb: 'invoice' },
      operationInFlight: null,
    });
  });

  it('leaves alone what people were told of something else', () => {
    const isLate = play([...invoiced, late, asks.giveBack, refused('return'), found.closed]);
    expect(view(isLate)).toMatchObject({ status: 'closed', needsAttention: null });
    const unshipped = play([...shipping, refused('shipment'), { ...found.funded }]);
    expect(view(unshipped).needsAttention).toContain('Send the shipment again');
    expect(view(unshipped).needsAttention).not.toContain('refused');
  });

  it('is a return that was made there: the question is about that, too', () => {
    const events = [...funded, asks.giveBack, refused('return')];
    expect(effect(play(events))).toMatchObject({ about: { returnsOf: 'invoice_1' } });
    const picture: CreditPicture = {
      providerRef: 'order_1',
      orderId: INPUT.orderId,
      status: 'accepted',
      amountMinor: TOTAL,
      currency: 'USD',
      expiresAt: 45 * DAY,
      others: [],
      invoices: [
        {
          providerRef: 'invoice_1',
          number: 'I1',
          amountMinor: TOTAL,
          status: 'open',
          returnedMinor: 30_000,
        },
      ],
    };
    const facts = creditLifecycle.factsOf(play(events), picture, 2);
    expect(facts).toEqual([{ type: 'return.found', at: 2, number: 'I1', amountMinor: 30_000 }]);
    const state = play([...events, ...facts]);
    expect(view(state).amounts).toMatchObject({ captured: TOTAL, refunded: 30_000 });
    expect(creditLifecycle.commands(state)).toContainEqual({ verb: 'refund', maxMinor: 70_000 });
    // Seen again it is nothing new.
    expect(creditLifecycle.factsOf(state, picture, 3)).toEqual([]);
  });

  it('of a return before the invoice was funded is released', () => {
    const back = { ...found.returned, amountMinor: 30_000 };
    const { amounts } = view(play([...invoiced, back]));
    expect(amounts).toMatchObject({ captured: 0, refunded: 0, voided: 30_000 });
  });

  it('of a return is never more than is left of the invoice', () => {
    const more: CreditEvent = { ...found.returned, amountMinor: TOTAL + 1 };
    expect(creditLifecycle.applyEvent(play(funded), more)).toBeNull();
  });
});

describe('a buyer who comes back', () => {
  const hears = (events: readonly CreditEvent[]) => creditLifecycle.hear(play(events), buyer, at);

  it('has the payment look while an offer is out, and after it has ended', () => {
    for (const events of [offered, WAYS.accepting, WAYS.expired]) {
      expect(hears(events)?.type).toBe('news.received');
    }
  });

  it.each([
    'in_review',
    'declined',
    'parked',
    'inquiring',
    'authorized',
    'funded',
    'cancelled',
  ] as const)('moves nothing of a payment that is %s', (status) => {
    expect(hears(WAYS[status])).toBeNull();
  });

  it('moves nothing of an order in doubt, or parked', () => {
    const doubt = play([says.unknown('order')], {}, PLACED);
    const parked = play([says.unknown('order'), { type: 'inquiry.exhausted', at }], {}, PLACED);
    for (const state of [doubt, parked]) {
      expect(creditLifecycle.hear(state, buyer, at)).toBeNull();
    }
    expect(operationId(INPUT.paymentId, 'order', 1)).toBe(view(doubt).operationInFlight);
  });
});
