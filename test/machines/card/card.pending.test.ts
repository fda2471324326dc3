import { describe, expect, it } from 'vitest';
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type { CardPicture } from '../../../machines/card/card.types.ts';
import { INPUT } from './card.states.ts';

const op = (verb: string, ordinal = 1): string => `op_sample_${verb}_${ordinal}`;
const onwards = (state: CardState, ...events: readonly CardEvent[]): CardState =>
  events.reduce((from, event) => {
    const next = cardLifecycle.applyEvent(from, event);
    if (next === null) throw new Error(`${event.type} is refused in ${from.value}`);
    return next;
  }, state);
const view = (state: CardState) => cardLifecycle.view(state);

const partlyCaptured = onwards(
  cardLifecycle.open(INPUT),
  {
    type: 'authorization.approved',
    at: 1,
    operationId: op('authorize'),
    providerRef: 'pi_1',
    amountMinor: 1_050,
    holdEndsAt: 604_800_000,
    multicapture: true,
  },
  { type: 'capture.requested', at: 2, amountMinor: 400, final: false },
  {
    type: 'capture.succeeded',
    at: 3,
    operationId: op('capture'),
    amountMinor: 400,
    releasedMinor: 0,
  },
);
const pending = onwards(
  partlyCaptured,
  { type: 'capture.scheduled', at: 4, captureAt: 20_000, amountMinor: null, final: true },
  { type: 'refund.requested', at: 5, amountMinor: 300, reason: null },
  { type: 'refund.pending', at: 6, operationId: op('refund'), providerRef: 're_1' },
);
const picture = (status: 'succeeded' | 'pending' | 'failed'): CardPicture => ({
  providerRef: 'pi_1',
  authorizedMinor: 1_050,
  capturedMinor: 400,
  heldMinor: 650,
  holdEndsAt: 604_800_000,
  multicapture: true,
  endedBy: null,
  refunds: [
    { providerRef: 're_1', operationId: op('refund'), amountMinor: 300, status, reason: null },
  ],
  disputes: [],
});

describe('a refund that the provider accepted, and whose result comes later', () => {
  it('is an answer: nothing is in flight, and it is shown as pending', () => {
    expect(view(pending)).toMatchObject({
      status: 'partially_captured',
      operationInFlight: null,
      amounts: { refunded: 0, refundPending: 300 },
      details: { pending: [{ operationId: op('refund'), verb: 'refund', amountMinor: 300 }] },
    });
  });

  it('counts against what may be refunded, and against nothing else', () => {
    expect(cardLifecycle.commands(pending)).toEqual([
      { verb: 'capture', maxMinor: 650, multiple: true },
      { verb: 'void' },
      { verb: 'refund', maxMinor: 100 },
    ]);
  });

  it('keeps neither a scheduled capture nor the end of the hold from coming', () => {
    const events = view(pending).deadlines.map(({ event }) => event);
    expect(events).toContain('capture.due');
    expect(events).toContain('hold.due');
    const later = onwards(pending, { type: 'capture.due', at: 20_000 });
    expect(cardLifecycle.pendingEffect(later)).toMatchObject({ type: 'capture', amountMinor: 650 });
  });

  it('is asked about by itself, ever more rarely', () => {
    let state = pending;
    const pauses: number[] = [];
    for (let asked = 6; pauses.length < 5;) {
      const due = cardLifecycle.deadline(state);
      expect(due?.event.type).toBe('inquiry.due');
      const at = due?.at ?? 0;
      pauses.push(at - asked);
      asked = at;
      const asking = onwards(state, { type: 'inquiry.due', at });
      expect(cardLifecycle.pendingEffect(asking)).toMatchObject({ about: { type: 'picture' } });
      state = onwards(asking, { type: 'picture.confirmed', at });
    }
    expect(pauses).toEqual([1_000, 1_000, 2_000, 5_000, 10_000]);
  });

  it('is counted when the provider shows it done, and is pending no more', () => {
    const [fact] = cardLifecycle.factsOf(pending, [picture('succeeded')], 9);
    expect(fact).toMatchObject({ type: 'refund.succeeded', operationId: op('refund') });
    const state = onwards(pending, fact as CardEvent);
    expect(view(state).amounts).toMatchObject({ refunded: 300 });
    expect(view(state).amounts.refundPending).toBeUndefined();
  });

  it('needs a person when it fails, for nobody waits any more', () => {
    const [fact] = cardLifecycle.factsOf(pending, [picture('failed')], 9);
    expect(fact).toMatchObject({ type: 'refund.declined', operationId: op('refund') });
    const state = onwards(pending, fact as CardEvent);
    expect(view(state).needsAttention).toContain('EUR 3.00 failed');
    expect(cardLifecycle.commands(state)).toContainEqual({ verb: 'refund', maxMinor: 400 });
  });

  it('says nothing new while it is pending there, too', () => {
    expect(cardLifecycle.factsOf(pending, [picture('pending')], 9)).toEqual([
      { type: 'picture.confirmed', at: 9 },
    ]);
  });

  it('does not keep another refund from being asked for', () => {
    const second = onwards(
      pending,
      { type: 'refund.requested', at: 7, amountMinor: 100, reason: null },
      { type: 'refund.succeeded', at: 8, operationId: op('refund', 2), amountMinor: 100 },
    );
    expect(view(second).amounts).toMatchObject({ refunded: 100, refundPending: 300 });
  });

  it('is called to attention when it takes longer than the integration waits', () => {
    const at = 6 + INPUT.policy.reviewWithinMs;
    expect(view(onwards(pending, { type: 'inquiry.due', at })).needsAttention).toContain('pending');
  });
});

describe('what was heard while an operation was in doubt', () => {
  it('is looked at when that ends', () => {
    const state = onwards(
      partlyCaptured,
      { type: 'refund.requested', at: 5, amountMinor: 300, reason: null },
      { type: 'refund.unknown', at: 6, operationId: op('refund'), reason: 'time-out' },
      {
        type: 'news.received',
        at: 7,
        source: 'provider',
        name: 'charge.dispute.created',
        notificationId: 'ntf_1',
        verified: true,
        providerRef: 'pi_1',
      },
      { type: 'inquiry.inconclusive', at: 8, reason: 'not there yet' },
      { type: 'refund.succeeded', at: 9, operationId: op('refund'), amountMinor: 300 },
    );
    expect(cardLifecycle.pendingEffect(state)).toMatchObject({ about: { type: 'picture' } });
  });
});
