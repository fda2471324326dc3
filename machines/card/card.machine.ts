/**
 * Lifecycle of one card payment: authorize (or sale), captures, void, refunds.
 *
 * Pure: no clock, no I/O, no Temporal. State names are database values. A state in `-ing` waits for
 * its operation (`pendingEffect`); time arrives as events (`deadline`). Every doubt leads to
 * `inquiring`, and from there to what really happened or to `parked`.
 * `record` says what each fact changes; this chart says only where it leads.
 */
import { assign, setup } from 'xstate';
import { openContext } from './card.context.ts';
import { capturableMinor, openHoldMinor, refundableMinor, restingStatus } from './card.amounts.ts';
import {
  answersAmount,
  answersOperation,
  answersPending,
  canGiveUp,
  canSchedule,
  isAmount,
  waitsForReview,
} from './card.guards.ts';
import { record } from './card.record.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext, CardInput, CardStatus, CardVersion, HoldAction } from './card.types.ts';

/** Keeps what `event` says, then goes wherever the amounts put the payment. */
const settles = <const S extends readonly CardStatus[]>(...statuses: S) =>
  statuses.map((status) => ({
    target: status as S[number],
    guard: { type: 'restsAt' as const, params: { status } },
    actions: 'record' as const,
  }));

type GuardName =
  | 'answersOperation'
  | 'wholeAmount'
  | 'always'
  | 'canBeAsked'
  | 'isInDoubt'
  | 'isAtRest'
  | 'isRenewing'
  | 'canGiveUp'
  | 'fits';

const goes = <const S extends CardStatus>(target: S, guard: GuardName = 'answersOperation') => ({
  target,
  guard,
  actions: 'record' as const,
});

const notes = (guard: GuardName = 'always') => ({ guard, actions: 'record' as const });

/** What the provider may say of an authorization, whenever it says it. A definite no ends the payment;
 *  version 1 parked it, as if nobody knew. */
const authorizationAnswers = (version: CardVersion) =>
  ({
    'authorization.approved': goes('authorized', 'wholeAmount'),
    'sale.approved': goes('captured', 'wholeAmount'),
    'authorization.declined': goes('declined'),
    'authorization.refused': goes(version === 1 ? 'parked' : 'declined'),
    'authorization.absent': goes('expired'),
  }) as const;

const STANDING = settles('authorized', 'partially_captured');
const TAKEN = settles('captured', 'partially_refunded', 'refunded', 'disputed', 'charged_back');

const CAPTURE_ANSWERS = {
  'capture.succeeded': [...settles('partially_captured'), ...TAKEN],
  'capture.declined': STANDING,
  'capture.refused': STANDING,
  'capture.absent': STANDING,
  'capture.overtaken': STANDING,
} as const;

const VOID_ANSWERS = {
  'void.succeeded': [...settles('voided', 'expired'), ...TAKEN],
  'void.declined': [...STANDING, ...settles('parked')],
  'void.refused': [...STANDING, ...settles('parked')],
  'void.absent': [...STANDING, ...settles('parked')],
  'void.overtaken': STANDING,
} as const;

/** The replaced hold is given back; the new one stands whatever becomes of it. */
const RENEWAL_ANSWERS = {
  'void.succeeded': STANDING,
  'void.declined': STANDING,
  'void.refused': STANDING,
  'void.absent': STANDING,
  'void.overtaken': STANDING,
} as const;

const REFUND_ANSWERS = {
  'refund.succeeded': [...settles('partially_captured'), ...TAKEN],
  'refund.declined': [...settles('partially_captured'), ...TAKEN],
  'refund.refused': [...settles('partially_captured'), ...TAKEN],
  'refund.absent': [...settles('partially_captured'), ...TAKEN],
} as const;

/** In version 2 pending is an answer: the payment goes on. */
const PENDING_REFUND = { 'refund.pending': REFUND_ANSWERS['refund.succeeded'] } as const;

const REAUTHORIZATION_ANSWERS = {
  'reauthorization.approved': goes('reauthorizing', 'wholeAmount'),
  'reauthorization.declined': STANDING,
  'reauthorization.refused': STANDING,
  'reauthorization.absent': STANDING,
} as const;

/** Only a payment that holds money can lose it, and only while no refund is in doubt. */
const HOLD_GONE = {
  'hold.expired': [...settles('expired'), ...TAKEN],
  'void.found': [...settles('voided'), ...TAKEN, ...STANDING],
} as const;

/** Asking by itself: the next question is due, or the last one brought nothing. */
const ASKING = {
  'inquiry.due': notes(),
  'inquiry.inconclusive': notes(),
  'recheck.requested': notes('canBeAsked'),
  'news.received': notes('canBeAsked'),
} as const;

const EXHAUSTED = { target: 'parked', actions: 'record' } as const;

const ANYWHERE_AT_REST = [
  ...STANDING,
  ...TAKEN,
  ...settles('voided', 'expired', 'declined', 'parked'),
];

/** Where no operation is in flight the provider's whole picture is looked at, and what it shows
 *  moves the payment, also long after its end. */
const LOOKED_AT_1 = {
  ...ASKING,
  'inquiry.exhausted': notes(),
  'picture.confirmed': notes('isAtRest'),
  'picture.contradicted': notes('isAtRest'),
  'hold.rescheduled': notes('isAtRest'),
  'hold.found': ANYWHERE_AT_REST,
  'capture.found': ANYWHERE_AT_REST,
  'void.found': ANYWHERE_AT_REST,
  'hold.expired': ANYWHERE_AT_REST,
  'refund.found': ANYWHERE_AT_REST,
  'refund.failed': ANYWHERE_AT_REST,
  'dispute.opened': ANYWHERE_AT_REST,
  'dispute.won': ANYWHERE_AT_REST,
  'dispute.lost': ANYWHERE_AT_REST,
} as const;

/** What version 2 sees besides. */
const LOOKED_AT_2 = {
  ...LOOKED_AT_1,
  // These say more of the payment, and lead nowhere.
  'risk_review.opened': notes('fits'),
  'risk_review.closed': notes('fits'),
  'fraud_warning.received': notes('fits'),
} as const;

/** What became of a refund that was pending, where something was captured. */
const PENDING_DONE = {
  'refund.succeeded': REFUND_ANSWERS['refund.succeeded'],
  'refund.declined': REFUND_ANSWERS['refund.declined'],
} as const;

const GIVEN_UP = { 'authorization.given_up': notes('canGiveUp') } as const;

/** What may be asked of a hold, and what time brings it. */
const HOLDING = {
  'capture.requested': { target: 'capturing', guard: 'withinHold', actions: 'record' },
  'capture.scheduled': { guard: 'canSchedule', actions: 'record' },
  'capture.unscheduled': { guard: 'isScheduled', actions: 'record' },
  'capture.due': { target: 'capturing', guard: 'isScheduled', actions: 'record' },
  'void.requested': { target: 'voiding', actions: 'record' },
  'hold.ending': notes(),
  'hold.policy_due': [
    {
      target: 'reauthorizing',
      guard: { type: 'acts', params: { action: 'reauthorize' } },
      actions: 'record',
    },
    {
      target: 'capturing',
      guard: { type: 'acts', params: { action: 'capture' } },
      actions: 'record',
    },
    { target: 'voiding', guard: { type: 'acts', params: { action: 'void' } }, actions: 'record' },
  ],
  'hold.due': notes(),
  'late_money.rejected': { target: 'voiding', guard: 'isLate', actions: 'record' },
} as const;

const REFUNDABLE = {
  'refund.requested': { target: 'refunding', guard: 'withinCaptured', actions: 'record' },
} as const;

/** Both versions: they differ in what a refusal and a pending refund mean, and in what is seen. */
const chart = (version: CardVersion) => {
  const AUTHORIZATION_ANSWERS = authorizationAnswers(version);
  const LOOKING: typeof LOOKED_AT_2 | typeof LOOKED_AT_1 =
    version === 1 ? LOOKED_AT_1 : LOOKED_AT_2;
  const DONE = version === 1 ? {} : PENDING_DONE;
  // A payment that still holds money may be disputed, too.
  const DISPUTED = version === 1 ? {} : { 'dispute.changed': notes('fits') };
  return setup({
    types: { input: {} as CardInput, context: {} as CardContext, events: {} as CardEvent },
    guards: {
      always: () => true,
      /** There is something to ask about: an operation that was sent, or the payment as a whole. */
      canBeAsked: ({ context, event }) =>
        context.asking !== null ||
        (context.operation === null &&
          (context.providerRef !== null ||
            (event.type === 'news.received' && event.providerRef !== null))),
      /** What is parked about an operation can be asked about again. */
      isInDoubt: ({ context }) => context.operation !== null,
      isAtRest: ({ context }) => context.operation === null,
      isRenewing: ({ context, event }) =>
        answersOperation(context, event) && context.operation?.reason === 'renewed',
      /** The operation that was in doubt is followed by another one. */
      goesOn: ({ context, event }) =>
        context.resolution !== null && record(context, event).operation !== null,
      isLate: ({ context }) => context.lateAt !== null && context.operation === null,
      isScheduled: ({ context }) => context.captureAt !== null,
      canSchedule: ({ context, event }) => canSchedule(context, event),
      canGiveUp: ({ context, event }) => canGiveUp(context, event),
      fits: ({ context, event }) => answersAmount(context, event),
      acts: ({ event }, params: { action: HoldAction }) =>
        event.type === 'hold.policy_due' && event.action === params.action,
      answersOperation: ({ context, event }) => answersOperation(context, event),
      /** Holdfast asks for whole amounts, once; a provider that approves another was not understood. */
      wholeAmount: ({ context, event }) =>
        (context.authorizedMinor === 0 || event.type === 'reauthorization.approved') &&
        'amountMinor' in event &&
        event.amountMinor === wholeOf(context) &&
        answersOperation(context, event),
      restsAt: ({ context, event }, params: { status: CardStatus }) =>
        (!('operationId' in event) ||
          answersOperation(context, event) ||
          answersPending(context, event)) &&
        answersAmount(context, event) &&
        restingStatus(record(context, event)) === params.status,
      /** Never captured + in flight > authorized; and parts only where the provider allows them. */
      withinHold: ({ context, event }) =>
        event.type === 'capture.requested' &&
        isAmount(event.amountMinor) &&
        !waitsForReview(context) &&
        event.amountMinor <= capturableMinor(context) &&
        (event.final || context.multicapture || event.amountMinor === openHoldMinor(context)),
      /** Never refunded > captured. */
      withinCaptured: ({ context, event }) =>
        event.type === 'refund.requested' &&
        isAmount(event.amountMinor) &&
        event.amountMinor <= refundableMinor(context),
    },
    actions: { record: assign(({ context, event }) => record(context, event)) },
  }).createMachine({
    id: 'card',
    context: ({ input }) => openContext(input, version),
    initial: 'authorizing',
    states: {
      authorizing: {
        on: {
          ...AUTHORIZATION_ANSWERS,
          'buyer.action_required': goes('awaiting_buyer'),
          'review.opened': goes('in_review'),
          'authorization.unknown': goes('inquiring'),
          'payment.abandoned': goes('expired'),
        },
      },
      awaiting_buyer: {
        on: {
          ...AUTHORIZATION_ANSWERS,
          ...ASKING,
          'review.opened': goes('in_review'),
          'authorization.unknown': goes('inquiring'),
          'buyer.timed_out': { target: 'voiding', actions: 'record' },
          'void.requested': { target: 'voiding', actions: 'record' },
        },
      },
      in_review: {
        on: {
          ...AUTHORIZATION_ANSWERS,
          ...ASKING,
          'buyer.action_required': goes('awaiting_buyer'),
          'authorization.unknown': goes('inquiring'),
          'inquiry.exhausted': EXHAUSTED,
          ...(version === 1 ? {} : GIVEN_UP),
        },
      },
      authorized: { on: { ...LOOKING, ...HOLDING } },
      capturing: {
        on: {
          ...CAPTURE_ANSWERS,
          ...ASKING,
          'capture.pending': notes('answersOperation'),
          'capture.unknown': goes('inquiring'),
          ...HOLD_GONE,
          'inquiry.exhausted': EXHAUSTED,
        },
      },
      partially_captured: {
        on: { ...LOOKING, ...HOLDING, ...REFUNDABLE, ...DONE, ...DISPUTED },
      },
      captured: {
        on: {
          ...LOOKING,
          ...REFUNDABLE,
          ...DONE,
          'late_money.rejected': { target: 'refunding', guard: 'isLate', actions: 'record' },
        },
      },
      voiding: {
        on: {
          ...VOID_ANSWERS,
          ...ASKING,
          'void.pending': notes('answersOperation'),
          'void.unknown': goes('inquiring'),
          'sale.approved': goes('captured', 'wholeAmount'),
          'hold.found': settles('authorized'),
          ...HOLD_GONE,
          'inquiry.exhausted': EXHAUSTED,
        },
      },
      reauthorizing: {
        on: {
          ...REAUTHORIZATION_ANSWERS,
          ...RENEWAL_ANSWERS,
          ...ASKING,
          'void.pending': notes('answersOperation'),
          'reauthorization.unknown': goes('inquiring'),
          'void.unknown': goes('inquiring'),
          'inquiry.exhausted': EXHAUSTED,
        },
      },
      refunding: {
        on: {
          ...REFUND_ANSWERS,
          ...ASKING,
          ...(version === 1 ? { 'refund.pending': notes('answersOperation') } : PENDING_REFUND),
          'refund.unknown': goes('inquiring'),
          'inquiry.exhausted': EXHAUSTED,
        },
      },
      partially_refunded: { on: { ...LOOKING, ...REFUNDABLE, ...DONE } },
      disputed: { on: { ...LOOKING, ...REFUNDABLE, ...DONE, ...DISPUTED } },
      charged_back: { on: { ...LOOKING, ...REFUNDABLE, ...DONE } },
      inquiring: {
        on: {
          ...AUTHORIZATION_ANSWERS,
          ...CAPTURE_ANSWERS,
          ...VOID_ANSWERS,
          'void.succeeded': [
            ...VOID_ANSWERS['void.succeeded'],
            ...RENEWAL_ANSWERS['void.succeeded'],
          ],
          ...REFUND_ANSWERS,
          ...REAUTHORIZATION_ANSWERS,
          ...ASKING,
          'buyer.action_required': goes('awaiting_buyer'),
          'review.opened': goes('in_review'),
          'capture.pending': goes('capturing'),
          'void.pending': [goes('reauthorizing', 'isRenewing'), goes('voiding')],
          ...(version === 1 ? { 'refund.pending': goes('refunding') } : PENDING_REFUND),
          ...(version === 1 ? {} : GIVEN_UP),
          'hold.found': settles('authorized'),
          ...HOLD_GONE,
          'resolution.applied': [
            { target: 'reauthorizing', guard: 'goesOn', actions: 'record' },
            ...ANYWHERE_AT_REST.map((each) => ({ ...each })),
          ],
          'inquiry.exhausted': EXHAUSTED,
        },
      },
      parked: {
        on: {
          ...LOOKING,
          'recheck.requested': [goes('inquiring', 'isInDoubt'), notes('canBeAsked')],
          'news.received': [goes('inquiring', 'isInDoubt'), notes('canBeAsked')],
          'resolution.proposed': goes('inquiring', 'isInDoubt'),
          ...(version === 1 ? {} : { 'authorization.given_up': goes('inquiring', 'canGiveUp') }),
        },
      },
      // Nothing is expected to move these, and yet a buyer may pay late and a bank may take back.
      declined: { on: LOOKING },
      expired: { on: LOOKING },
      voided: { on: LOOKING },
      refunded: { on: LOOKING },
    },
  });
};

export const cardMachine = chart(2);
/** Version 1. */
export const cardMachine1 = chart(1);

/** A void of a sale that was paid meanwhile asked for nothing: the whole is what was wanted. */
const wholeOf = (c: CardContext): number =>
  c.operation?.verb === 'reauthorize' ? c.operation.amountMinor : c.requestedMinor;
