/** Stories of one payment at its provider, each with what is said of it at every step. */
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type { CardClaim, CardPicture } from '../../../machines/card/card.types.ts';

const HOLD = 1_050;
export const DAY = 86_400_000;

/** What happened at the provider one after the other, and what it said of each. */
export type Happening = {
  readonly act: (hold: CardPicture) => CardPicture;
  readonly said: CardClaim;
};
export type Story = {
  readonly name: string;
  /** How the journal stands before; `authorized` unless it says otherwise. */
  readonly base?: 'expired' | 'renewed';
  readonly happenings: readonly Happening[];
};

export const UPON = 'pi_1';
export const untouched: CardPicture = {
  providerRef: UPON,
  authorizedMinor: HOLD,
  capturedMinor: 0,
  heldMinor: HOLD,
  holdEndsAt: 7 * DAY,
  multicapture: true,
  endedBy: null,
  refunds: [],
  disputes: [],
};

const authorized: Happening = {
  act: (hold) => hold,
  said: { says: 'authorized', upon: UPON },
};
const somehow: Happening = { act: (hold) => hold, said: { says: 'changed' } };
const capture = (amountMinor: number, total: number, isOver: boolean): Happening => ({
  act: (hold) => ({
    ...hold,
    capturedMinor: hold.capturedMinor + amountMinor,
    heldMinor: isOver ? 0 : hold.heldMinor - amountMinor,
  }),
  said: { says: 'captured', upon: UPON, amountMinor: total, isOver },
});
const ended = (endedBy: 'void' | 'time'): Happening => ({
  act: (hold) => ({ ...hold, heldMinor: 0, endedBy }),
  said: { says: 'released', upon: UPON },
});
export const refund = (providerRef: string, amountMinor: number): Happening => ({
  act: (hold) => ({
    ...hold,
    refunds: [
      { providerRef, operationId: null, amountMinor, status: 'succeeded', reason: null },
      ...hold.refunds,
    ],
  }),
  said: { says: 'refund', providerRef, status: 'succeeded' },
});
const refundSum = (amountMinor: number): Happening => ({
  act: (hold) => hold,
  said: { says: 'refunded', upon: UPON, amountMinor },
});
const refundFails = (ref: string): Happening => ({
  act: (hold) => ({
    ...hold,
    refunds: hold.refunds.map((each) =>
      each.providerRef === ref ? { ...each, status: 'failed' } : each,
    ),
  }),
  said: { says: 'refund', providerRef: ref, status: 'failed' },
});
const dispute = (providerRef: string, amountMinor: number): Happening => ({
  act: (hold) => ({
    ...hold,
    disputes: [
      { providerRef, amountMinor, status: 'open', reason: 'fraudulent', respondBy: 9 * DAY },
      ...hold.disputes,
    ],
  }),
  said: { says: 'dispute', providerRef, status: 'open' },
});
const closes = (ref: string, status: 'won' | 'lost'): Happening => ({
  act: (hold) => ({
    ...hold,
    disputes: hold.disputes.map((each) => (each.providerRef === ref ? { ...each, status } : each)),
  }),
  said: { says: 'dispute', providerRef: ref, status },
});

export const STORIES: readonly Story[] = [
  {
    name: 'captured in parts, refunded, and the refund fails',
    happenings: [
      authorized,
      capture(400, 400, false),
      capture(500, 900, true),
      refund('re_1', 200),
      refundFails('re_1'),
    ],
  },
  { name: 'cancelled', happenings: [authorized, ended('void'), somehow] },
  { name: 'lapsed before its date', happenings: [authorized, ended('time'), somehow] },
  {
    name: 'cancelled after a part was captured',
    happenings: [authorized, capture(400, 400, false), ended('void'), capture(0, 400, true)],
  },
  {
    name: 'disputed and won',
    happenings: [
      authorized,
      capture(HOLD, HOLD, true),
      dispute('dp_1', HOLD),
      closes('dp_1', 'won'),
      somehow,
    ],
  },
  {
    name: 'disputed and lost after a part was refunded',
    happenings: [
      capture(HOLD, HOLD, true),
      refund('re_1', 300),
      dispute('dp_1', 700),
      closes('dp_1', 'lost'),
      refundSum(300),
    ],
  },
  {
    name: 'disputed twice, won and lost',
    happenings: [
      capture(HOLD, HOLD, true),
      dispute('dp_1', 500),
      closes('dp_1', 'won'),
      dispute('dp_2', 400),
      closes('dp_2', 'lost'),
    ],
  },
  {
    name: 'refunded twice',
    happenings: [
      capture(HOLD, HOLD, true),
      refund('re_1', 300),
      refundSum(300),
      refund('re_2', 650),
      refundSum(950),
    ],
  },
  {
    name: 'refunded, failed, refunded again',
    happenings: [
      capture(800, 800, true),
      refund('re_1', 800),
      refundFails('re_1'),
      refund('re_2', 700),
      refundSum(700),
    ],
  },
  {
    name: 'paid after it had ended, captured and refunded',
    base: 'expired',
    happenings: [
      authorized,
      capture(300, 300, false),
      capture(750, HOLD, true),
      refund('re_1', 400),
      somehow,
    ],
  },
  {
    name: 'renewed, then captured, refunded and disputed',
    base: 'renewed',
    happenings: [
      capture(100, 100, false),
      capture(200, 300, true),
      refund('re_1', 150),
      dispute('dp_1', 100),
      closes('dp_1', 'won'),
    ],
  },
];

export const FORMER: CardPicture = {
  ...untouched,
  providerRef: 'pi_0',
  capturedMinor: 400,
  heldMinor: 0,
  endedBy: 'void',
};

export const approved = (providerRef: string, at: number): CardEvent => ({
  type: 'authorization.approved',
  at,
  operationId: 'op_sample_authorize_1',
  providerRef,
  amountMinor: HOLD,
  holdEndsAt: 7 * DAY,
  multicapture: true,
});

/** The facts that the journal has before. */
export const BASES: Readonly<Record<'authorized' | 'expired' | 'renewed', readonly CardEvent[]>> = {
  authorized: [approved(UPON, 1)],
  expired: [
    {
      type: 'buyer.action_required',
      at: 1,
      operationId: 'op_sample_authorize_1',
      providerRef: UPON,
      nextAction: { type: 'redirect', url: 'https://bank.example/' },
    },
    { type: 'buyer.timed_out', at: 2 },
    { type: 'void.succeeded', at: 3, operationId: 'op_sample_void_1', releasedMinor: 0 },
  ],
  renewed: [
    approved('pi_0', 1),
    { type: 'capture.requested', at: 2, amountMinor: 400, final: false },
    {
      type: 'capture.succeeded',
      at: 3,
      operationId: 'op_sample_capture_1',
      amountMinor: 400,
      releasedMinor: 0,
    },
    { type: 'hold.policy_due', at: 4, action: 'reauthorize' },
    {
      type: 'reauthorization.approved',
      at: 5,
      operationId: 'op_sample_reauthorize_1',
      providerRef: UPON,
      amountMinor: 650,
      holdEndsAt: 7 * DAY,
      multicapture: true,
    },
    { type: 'void.succeeded', at: 6, operationId: 'op_sample_void_1', releasedMinor: 650 },
  ],
};
