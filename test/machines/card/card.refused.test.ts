import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type { CardPicture } from '../../../machines/card/card.types.ts';
import { INPUT } from './card.states.ts';

const op = (verb: string): string => `op_sample_${verb}_1`;
const after = (...events: readonly CardEvent[]): CardState =>
  events.reduce((state, event) => {
    const next = cardLifecycle.applyEvent(state, event);
    if (next === null) throw new Error(`${event.type} is refused in ${state.value}`);
    return next;
  }, cardLifecycle.open(INPUT));
const view = (state: CardState) => cardLifecycle.view(state);

const sale: CardEvent = {
  type: 'sale.approved',
  at: 1,
  operationId: op('authorize'),
  providerRef: 'pi_1',
  amountMinor: 1_050,
};
const refundRequested: CardEvent = {
  type: 'refund.requested',
  at: 2,
  amountMinor: 1_050,
  reason: null,
};
const refundRefused: CardEvent = {
  type: 'refund.refused',
  at: 3,
  operationId: op('refund'),
  reason: 'HTTP 400 charge_already_refunded',
  code: 'charge_already_refunded',
};
const seen: CardPicture = {
  providerRef: 'pi_1',
  authorizedMinor: 1_050,
  capturedMinor: 1_050,
  heldMinor: 0,
  holdEndsAt: null,
  multicapture: false,
  endedBy: null,
  refunds: [],
  disputes: [],
};
const refundedThere: CardPicture = {
  ...seen,
  refunds: [
    {
      providerRef: 're_1',
      operationId: null,
      amountMinor: 1_050,
      status: 'succeeded',
      reason: null,
    },
  ],
};

describe('an authorization that is refused', () => {
  const refused = (fault?: 'credentials' | 'account' | 'ours'): CardEvent => ({
    type: 'authorization.refused',
    at: 1,
    operationId: op('authorize'),
    reason: 'HTTP 401',
    ...(fault === undefined ? {} : { fault }),
  });

  it('is declined, with a stable code, and needs nobody where nobody is at fault', () => {
    expect(view(after(refused()))).toMatchObject({
      status: 'declined',
      decline: { verb: 'authorize', code: 'provider_refused' },
      needsAttention: null,
      commands: [],
    });
  });

  it.each([
    ['credentials', 'valid credentials'],
    ['account', 'account changed'],
    ['ours', 'Tell whoever runs Holdfast'],
  ] as const)('needs attention where %s are at fault', (fault, words) => {
    expect(view(after(refused(fault))).needsAttention).toContain(words);
  });

  it.each(['recheck.requested', 'news.received', 'inquiry.due'] as const)(
    'is never sent again: not by %s',
    (type) => {
      const declined = after(refused('credentials'));
      const news = { source: 'buyer', name: 'buyer.returned', notificationId: null } as const;
      const event = { type, at: 2, ...news, verified: true, providerRef: null } as CardEvent;
      const next = cardLifecycle.applyEvent(declined, event) ?? declined;
      expect(cardLifecycle.pendingEffect(next)).toBeNull();
    },
  );

  it('does not hear a buyer who comes back', () => {
    const news = { source: 'buyer', name: 'buyer.returned', notificationId: null } as const;
    const heard = { ...news, verified: true, providerRef: null, claim: null };
    expect(cardLifecycle.hear(after(refused()), heard, 2)).toBeNull();
  });
});

describe('a refused refund', () => {
  const looking = after(sale, refundRequested, refundRefused);

  it('makes the payment look at the whole before it is answered', () => {
    expect(view(looking).operationInFlight).toBe(op('refund'));
    expect(cardLifecycle.pendingEffect(looking)).toMatchObject({
      type: 'inquire',
      about: { type: 'picture' },
      operationId: null,
    });
  });

  it('is answered with what is true, and what is found replaces the sentence', () => {
    const facts = cardLifecycle.factsOf(looking, [refundedThere], 4);
    expect(facts.map(({ type }) => type)).toEqual(['refund.found', 'picture.confirmed']);
    const told = view(facts.reduce((state, event) => after2(state, event), looking));
    expect(told).toMatchObject({
      status: 'refunded',
      operationInFlight: null,
      needsAttention: null,
      decline: { verb: 'refund', code: 'charge_already_refunded' },
    });
  });

  it('blames no credentials where nothing is found', () => {
    const facts = cardLifecycle.factsOf(looking, [seen], 4);
    const told = view(facts.reduce((state, event) => after2(state, event), looking));
    expect(told).toMatchObject({ status: 'captured', operationInFlight: null });
    expect(told.needsAttention).toContain('refused the refund');
    expect(told.needsAttention).not.toMatch(/credential|setting/);
  });

  it('is answered without a look where the credentials are refused', () => {
    const refused = after(sale, refundRequested, { ...refundRefused, fault: 'credentials' });
    expect(cardLifecycle.pendingEffect(refused)).toBeNull();
    expect(view(refused)).toMatchObject({ status: 'captured', operationInFlight: null });
    expect(view(refused).needsAttention).toContain('credentials');
  });

  it('is answered when the look brings no answer', () => {
    const reason = 'no answer';
    const state = after2(looking, { type: 'inquiry.inconclusive', at: 4, reason });
    expect(view(state).operationInFlight).toBeNull();
    expect(cardLifecycle.deadline(state)?.event.type).toBe('inquiry.due');
  });
});

const after2 = (state: CardState, event: CardEvent): CardState => {
  const next = cardLifecycle.applyEvent(state, event);
  if (next === null) throw new Error(`${event.type} is refused`);
  return next;
};

describe('a capture that somebody overtook', () => {
  const approved: CardEvent = {
    type: 'authorization.approved',
    at: 1,
    operationId: op('authorize'),
    providerRef: 'pi_1',
    amountMinor: 1_050,
    holdEndsAt: 900_000,
    multicapture: true,
  };
  const asked: CardEvent = { type: 'capture.requested', at: 2, amountMinor: 600, final: false };

  it('says what happened', () => {
    const state = after(approved, asked, {
      type: 'capture.overtaken',
      at: 3,
      operationId: op('capture'),
      reason: 'pi_1 received 1050',
    });
    const picture = { ...seen, multicapture: true };
    const facts = cardLifecycle.factsOf(state, [picture], 4);
    const told = view(facts.reduce((from, event) => after2(from, event), state));
    expect(told).toMatchObject({
      status: 'captured',
      decline: { verb: 'capture', code: 'superseded' },
      operationInFlight: null,
    });
  });
});
