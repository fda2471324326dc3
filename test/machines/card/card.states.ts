/** One sample of each state and of each event, for tables that leave nothing out. */
import { cardLifecycle, type CardState } from '../../../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../../../machines/card/card.events.ts';
import type { CardInput, CardStatus } from '../../../machines/card/card.types.ts';

const PAYMENT = 'pay_sample';
const op = (verb: string, ordinal = 1): string => `op_sample_${verb}_${ordinal}`;

export const INPUT: CardInput = {
  paymentId: PAYMENT,
  total: { amountMinor: 1_050, currency: 'EUR' },
  captureMode: 'manual',
  provider: 'Stripe',
  policy: {
    startWithinMs: 900_000,
    inquireWithinMs: 86_400_000,
    buyerWithinMs: 3_600_000,
    reviewWithinMs: 604_800_000,
    warnBeforeMs: 86_400_000,
    actBeforeMs: 3_600_000,
    onHoldEnding: 'nothing',
    onLateMoney: 'adopt',
  },
  at: 0,
};

const decline = { verb: 'authorize', code: 'do_not_honor', message: 'No.', advice: null };
const nextAction = { type: 'redirect', url: 'https://bank.example/3ds' } as const;
const at = 1_000;

const approved: CardEvent = {
  type: 'authorization.approved',
  at,
  operationId: op('authorize'),
  providerRef: 'pi_1',
  amountMinor: 1_050,
  holdEndsAt: 604_800_000,
  multicapture: true,
};
const captureRequested: CardEvent = {
  type: 'capture.requested',
  at,
  amountMinor: 400,
  final: false,
};
const captured = (ordinal: number, amountMinor: number, releasedMinor: number): CardEvent => ({
  type: 'capture.succeeded',
  at,
  operationId: op('capture', ordinal),
  amountMinor,
  releasedMinor,
});
const refundRequested: CardEvent = { type: 'refund.requested', at, amountMinor: 400, reason: null };
const dispute = { providerRef: 'dp_1', amountMinor: 1_050 };
const disputeOpened: CardEvent = {
  type: 'dispute.opened',
  at,
  ...dispute,
  reason: 'fraudulent',
  respondBy: 5_000,
};
const disputeLost: CardEvent = { type: 'dispute.lost', at, ...dispute };
const wholeCapture: readonly CardEvent[] = [
  { type: 'capture.requested', at, amountMinor: 1_050, final: true },
  captured(1, 1_050, 0),
];
const unknownAuthorization: CardEvent = {
  type: 'authorization.unknown',
  at,
  operationId: op('authorize'),
  reason: 'time-out',
};

/** How each state is reached. `Record`, so that a new state has to be placed. */
const WAYS: Readonly<Record<CardStatus, readonly CardEvent[]>> = {
  authorizing: [],
  awaiting_buyer: [
    {
      type: 'buyer.action_required',
      at,
      operationId: op('authorize'),
      providerRef: 'pi_1',
      nextAction,
    },
  ],
  in_review: [{ type: 'review.opened', at, operationId: op('authorize'), providerRef: 'pi_1' }],
  authorized: [approved],
  capturing: [approved, captureRequested],
  partially_captured: [approved, captureRequested, captured(1, 400, 0)],
  captured: [approved, ...wholeCapture],
  voiding: [approved, { type: 'void.requested', at }],
  voided: [
    approved,
    { type: 'void.requested', at },
    { type: 'void.succeeded', at, operationId: op('void'), releasedMinor: 1_050 },
  ],
  refunding: [approved, ...wholeCapture, refundRequested],
  reauthorizing: [approved, { type: 'hold.policy_due', at, action: 'reauthorize' }],
  disputed: [approved, ...wholeCapture, disputeOpened],
  charged_back: [approved, ...wholeCapture, disputeOpened, disputeLost],
  partially_refunded: [
    approved,
    ...wholeCapture,
    refundRequested,
    { type: 'refund.succeeded', at, operationId: op('refund'), amountMinor: 400 },
  ],
  refunded: [
    approved,
    ...wholeCapture,
    { type: 'refund.requested', at, amountMinor: 1_050, reason: null },
    { type: 'refund.succeeded', at, operationId: op('refund'), amountMinor: 1_050 },
  ],
  declined: [
    {
      type: 'authorization.declined',
      at,
      operationId: op('authorize'),
      providerRef: 'pi_1',
      decline,
    },
  ],
  expired: [
    { type: 'authorization.absent', at, operationId: op('authorize'), reason: 'not in the list' },
  ],
  inquiring: [unknownAuthorization],
  parked: [unknownAuthorization, { type: 'inquiry.exhausted', at }],
};

function play(events: readonly CardEvent[], input: CardInput = INPUT): CardState {
  return events.reduce((state, event) => {
    const next = cardLifecycle.applyEvent(state, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${state.value}`);
    return next;
  }, cardLifecycle.open(input));
}

export const STATES = Object.entries(WAYS).map(([name, events]) => ({
  name: name as CardStatus,
  state: play(events),
}));

/** `inquiring` about each operation, since its answers depend on which one it is. */
export const INQUIRING = (['capture', 'void', 'refund'] as const).map((verb) => {
  const way = { capture: 'capturing', void: 'voiding', refund: 'refunding' } as const;
  const unknown: CardEvent = {
    type: `${verb}.unknown`,
    at,
    operationId: op(verb),
    reason: 'reset',
  };
  return { name: `inquiring(${verb})`, state: play([...WAYS[way[verb]], unknown]) };
});

/** Parked, and an operator has said what became of it. */
export const RESOLVING = {
  name: 'inquiring(resolution)',
  state: play([
    ...WAYS.parked,
    {
      type: 'resolution.proposed',
      at,
      outcome: 'succeeded',
      providerRef: 'pi_1',
      reason: 'Seen in the dashboard.',
    },
  ]),
};

const answers = (verb: 'capture' | 'void' | 'refund'): CardEvent[] => [
  { type: `${verb}.pending`, at, operationId: op(verb) },
  { type: `${verb}.declined`, at, operationId: op(verb), decline: { ...decline, verb } },
  { type: `${verb}.refused`, at, operationId: op(verb), reason: 'HTTP 401' },
  { type: `${verb}.unknown`, at, operationId: op(verb), reason: 'reset' },
  { type: `${verb}.absent`, at, operationId: op(verb), reason: 'not there' },
];

/** One sample of each event type; the test below checks that none is missing. */
export const EVENTS: readonly CardEvent[] = [
  approved,
  {
    type: 'sale.approved',
    at,
    operationId: op('authorize'),
    providerRef: 'pi_1',
    amountMinor: 1_050,
  },
  ...WAYS.declined,
  { type: 'authorization.refused', at, operationId: op('authorize'), reason: 'HTTP 401' },
  unknownAuthorization,
  ...WAYS.expired,
  { type: 'payment.abandoned', at, operationId: op('authorize') },
  ...WAYS.awaiting_buyer,
  { type: 'buyer.timed_out', at },
  ...WAYS.in_review,
  captureRequested,
  captured(1, 400, 0),
  ...answers('capture'),
  { type: 'void.requested', at },
  { type: 'void.succeeded', at, operationId: op('void'), releasedMinor: 1_050 },
  ...answers('void'),
  refundRequested,
  { type: 'refund.succeeded', at, operationId: op('refund'), amountMinor: 400 },
  ...answers('refund'),
  {
    type: 'reauthorization.approved',
    at,
    operationId: op('reauthorize'),
    providerRef: 'pi_2',
    amountMinor: 1_050,
    holdEndsAt: 1_209_600_000,
    multicapture: true,
  },
  {
    type: 'reauthorization.declined',
    at,
    operationId: op('reauthorize'),
    decline: { ...decline, verb: 'reauthorize' },
  },
  { type: 'reauthorization.refused', at, operationId: op('reauthorize'), reason: 'HTTP 401' },
  { type: 'reauthorization.unknown', at, operationId: op('reauthorize'), reason: 'reset' },
  { type: 'reauthorization.absent', at, operationId: op('reauthorize'), reason: 'not there' },
  { type: 'capture.scheduled', at, captureAt: 2_000, amountMinor: null, final: true },
  { type: 'capture.unscheduled', at },
  { type: 'capture.due', at },
  { type: 'capture.overtaken', at, operationId: op('capture'), reason: 'captured by hand' },
  { type: 'void.overtaken', at, operationId: op('void'), reason: 'captured by hand' },
  { type: 'hold.rescheduled', at, holdEndsAt: 700_000_000 },
  { type: 'hold.ending', at, holdEndsAt: 604_800_000 },
  { type: 'hold.policy_due', at, action: 'reauthorize' },
  { type: 'hold.policy_due', at, action: 'capture' },
  { type: 'hold.policy_due', at, action: 'void' },
  {
    type: 'news.received',
    at,
    source: 'provider',
    name: 'payment_intent.succeeded',
    notificationId: 'ntf_1',
    verified: true,
    providerRef: 'pi_1',
  },
  { type: 'picture.confirmed', at },
  { type: 'picture.contradicted', at, reason: 'less was captured there than here' },
  {
    type: 'hold.found',
    at,
    providerRef: 'pi_1',
    amountMinor: 1_050,
    holdEndsAt: 604_800_000,
    multicapture: true,
  },
  { type: 'capture.found', at, amountMinor: 1_050, heldMinor: 0 },
  { type: 'void.found', at, amountMinor: 1_050 },
  { type: 'refund.found', at, amountMinor: 400, providerRef: 're_2', upon: 'pi_1' },
  {
    type: 'refund.failed',
    at,
    amountMinor: 400,
    providerRef: op('refund'),
    reason: 'expired_or_canceled_card',
  },
  disputeOpened,
  { type: 'dispute.changed', at, providerRef: 'dp_1', amountMinor: 500 },
  { type: 'risk_review.opened', at, providerRef: 'prv_1', reason: 'rule' },
  { type: 'risk_review.closed', at, providerRef: 'prv_1', reason: 'approved' },
  { type: 'fraud_warning.received', at, providerRef: 'issfr_1', reason: 'stolen card' },
  { type: 'authorization.given_up', at, reason: null },
  { type: 'dispute.won', at, ...dispute },
  disputeLost,
  { type: 'late_money.rejected', at },
  {
    type: 'resolution.proposed',
    at,
    outcome: 'succeeded',
    providerRef: 'pi_1',
    reason: 'Seen in the dashboard.',
  },
  { type: 'resolution.applied', at },
  { type: 'hold.due', at },
  { type: 'hold.expired', at },
  { type: 'recheck.requested', at },
  { type: 'inquiry.due', at },
  { type: 'inquiry.inconclusive', at, reason: 'still processing' },
  { type: 'inquiry.exhausted', at },
];
