/**
 * Lifecycle of one card payment: authorize (or sale), captures, void, refunds.
 *
 * Pure: no clock, no I/O, no Temporal. State names are database values. A state in `-ing` waits for
 * its operation (`pendingEffect`); time arrives as events (`deadline`). Every doubt leads to
 * `inquiring`, and from there to what really happened or to `parked`.
 * `record` says what each fact changes; this chart says only where it leads.
 */
import { assign, setup } from 'xstate';
import { operationId } from '../shared/ids.ts';
import { openHoldMinor, record, refundableMinor, restingStatus } from './card.record.ts';
import type { CardContext, CardEvent, CardInput, CardStatus } from './card.types.ts';

/** Keeps what `event` says, then goes wherever the amounts put the payment. */
const settles = <const S extends readonly CardStatus[]>(...statuses: S) =>
  statuses.map((status) => ({
    target: status as S[number],
    guard: { type: 'restsAt' as const, params: { status } },
    actions: 'record' as const,
  }));

const goes = <const S extends CardStatus>(
  target: S,
  guard: 'answersOperation' | 'wholeAmount' = 'answersOperation',
) => ({ target, guard, actions: 'record' as const });

const notes = (guard: 'answersOperation' | 'always' | 'canBeAsked' = 'always') => ({
  guard,
  actions: 'record' as const,
});

/** What the provider may say of an authorization, whenever it says it. */
const AUTHORIZATION_ANSWERS = {
  'authorization.approved': goes('authorized', 'wholeAmount'),
  'sale.approved': goes('captured', 'wholeAmount'),
  'authorization.declined': goes('declined'),
  'authorization.refused': goes('parked'),
  'authorization.absent': goes('expired'),
} as const;

const CAPTURE_ANSWERS = {
  'capture.succeeded': settles('partially_captured', 'captured', 'partially_refunded', 'refunded'),
  'capture.declined': settles('authorized', 'partially_captured'),
  'capture.refused': settles('authorized', 'partially_captured'),
  'capture.absent': settles('authorized', 'partially_captured'),
} as const;

const VOID_ANSWERS = {
  'void.succeeded': settles('voided', 'expired', 'captured', 'partially_refunded', 'refunded'),
  'void.declined': settles('authorized', 'partially_captured', 'parked'),
  'void.refused': settles('authorized', 'partially_captured', 'parked'),
  'void.absent': settles('authorized', 'partially_captured', 'parked'),
} as const;

const REFUND_ANSWERS = {
  'refund.succeeded': settles('partially_captured', 'partially_refunded', 'refunded'),
  'refund.declined': settles('partially_captured', 'captured', 'partially_refunded'),
  'refund.refused': settles('partially_captured', 'captured', 'partially_refunded'),
  'refund.absent': settles('partially_captured', 'captured', 'partially_refunded'),
} as const;

/** Only a payment that holds money can lose it, and only while no refund is in doubt. */
const HOLD_EXPIRED = settles('expired', 'captured', 'partially_refunded', 'refunded');

/** Asking by itself: the next question is due, or the last one brought nothing. */
const ASKING = {
  'inquiry.due': notes(),
  'inquiry.inconclusive': notes(),
  'recheck.requested': notes('canBeAsked'),
} as const;

const EXHAUSTED = { target: 'parked', actions: 'record' } as const;

export const cardMachine = setup({
  types: { input: {} as CardInput, context: {} as CardContext, events: {} as CardEvent },
  guards: {
    always: () => true,
    /** There is something to ask about: an operation that was sent, or a hold. */
    canBeAsked: ({ context }) =>
      context.asking !== null || (context.operation === null && openHoldMinor(context) > 0),
    /** What is parked about an operation can be asked about again. */
    isInDoubt: ({ context }) => context.operation !== null,
    answersOperation: ({ context, event }) => answersOperation(context, event),
    /** Holdfast asks for whole amounts, once; a provider that approves another was not understood. */
    wholeAmount: ({ context, event }) =>
      context.authorizedMinor === 0 &&
      'amountMinor' in event &&
      event.amountMinor === context.requestedMinor &&
      answersOperation(context, event),
    restsAt: ({ context, event }, params: { status: CardStatus }) =>
      (!('operationId' in event) || answersOperation(context, event)) &&
      answersAmount(context, event) &&
      restingStatus(record(context, event)) === params.status,
    /** Never captured + in flight > authorized; and parts only where the provider allows them. */
    withinHold: ({ context, event }) =>
      event.type === 'capture.requested' &&
      isAmount(event.amountMinor) &&
      event.amountMinor <= openHoldMinor(context) &&
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
  context: ({ input }) => openContext(input),
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
      },
    },
    authorized: {
      on: {
        ...ASKING,
        'capture.requested': { target: 'capturing', guard: 'withinHold', actions: 'record' },
        'void.requested': { target: 'voiding', actions: 'record' },
        'hold.due': notes(),
        'hold.expired': settles('expired'),
      },
    },
    capturing: {
      on: {
        ...CAPTURE_ANSWERS,
        ...ASKING,
        'capture.pending': notes('answersOperation'),
        'capture.unknown': goes('inquiring'),
        'hold.expired': HOLD_EXPIRED,
        'inquiry.exhausted': EXHAUSTED,
      },
    },
    partially_captured: {
      on: {
        ...ASKING,
        'capture.requested': { target: 'capturing', guard: 'withinHold', actions: 'record' },
        'void.requested': { target: 'voiding', actions: 'record' },
        'refund.requested': { target: 'refunding', guard: 'withinCaptured', actions: 'record' },
        'hold.due': notes(),
        'hold.expired': settles('captured', 'partially_refunded', 'refunded'),
      },
    },
    captured: {
      on: {
        'refund.requested': { target: 'refunding', guard: 'withinCaptured', actions: 'record' },
      },
    },
    voiding: {
      on: {
        ...VOID_ANSWERS,
        ...ASKING,
        'void.pending': notes('answersOperation'),
        'void.unknown': goes('inquiring'),
        'sale.approved': goes('captured', 'wholeAmount'),
        'hold.expired': HOLD_EXPIRED,
        'inquiry.exhausted': EXHAUSTED,
      },
    },
    refunding: {
      on: {
        ...REFUND_ANSWERS,
        ...ASKING,
        'refund.pending': notes('answersOperation'),
        'refund.unknown': goes('inquiring'),
        'inquiry.exhausted': EXHAUSTED,
      },
    },
    partially_refunded: {
      on: {
        'refund.requested': { target: 'refunding', guard: 'withinCaptured', actions: 'record' },
      },
    },
    inquiring: {
      on: {
        ...AUTHORIZATION_ANSWERS,
        ...CAPTURE_ANSWERS,
        ...VOID_ANSWERS,
        ...REFUND_ANSWERS,
        ...ASKING,
        'buyer.action_required': goes('awaiting_buyer'),
        'review.opened': goes('in_review'),
        'capture.pending': goes('capturing'),
        'void.pending': goes('voiding'),
        'refund.pending': goes('refunding'),
        'hold.expired': HOLD_EXPIRED,
        'inquiry.exhausted': EXHAUSTED,
      },
    },
    parked: {
      on: {
        'recheck.requested': { target: 'inquiring', guard: 'isInDoubt', actions: 'record' },
      },
    },
    declined: { type: 'final' },
    expired: { type: 'final' },
    voided: { type: 'final' },
    refunded: { type: 'final' },
  },
});

const isAmount = (amountMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0;

/** Is `event` the answer to the very operation in flight, by id and by verb? */
function answersOperation(c: CardContext, event: CardEvent): boolean {
  if (!('operationId' in event) || event.operationId !== c.operation?.id) return false;
  const verb = event.type.split('.')[0];
  return c.operation.verb === 'authorize'
    ? verb !== 'capture' && verb !== 'void' && verb !== 'refund'
    : verb === c.operation.verb || (c.operation.verb === 'void' && event.type === 'sale.approved');
}

/** An outcome moves exactly what was asked for: another amount was not understood. */
function answersAmount(c: CardContext, event: CardEvent): boolean {
  switch (event.type) {
    case 'capture.succeeded': {
      const rest = openHoldMinor(c) - event.amountMinor;
      const released = c.operation?.final === true ? rest : 0;
      return event.amountMinor === c.operation?.amountMinor && event.releasedMinor === released;
    }
    case 'void.succeeded':
      return event.releasedMinor === openHoldMinor(c);
    case 'refund.succeeded':
      return event.amountMinor === c.operation?.amountMinor;
    case 'hold.expired':
      return openHoldMinor(c) > 0 && c.operation?.verb !== 'refund';
    default:
      return true;
  }
}

const NO_POLICY = { startWithinMs: 0, inquireWithinMs: 0, buyerWithinMs: 0, reviewWithinMs: 0 };

/** XState also builds a throw-away actor without input on each transition, hence the `undefined`. */
function openContext(input: CardInput | undefined): CardContext {
  const paymentId = input?.paymentId ?? '';
  const requestedMinor = input?.total.amountMinor ?? 0;
  const at = input?.at ?? 0;
  return {
    paymentId,
    provider: input?.provider ?? '',
    currency: input?.total.currency ?? '',
    captureMode: input?.captureMode ?? 'manual',
    policy: input?.policy ?? NO_POLICY,
    requestedAt: at,
    requestedMinor,
    authorizedMinor: 0,
    capturedMinor: 0,
    voidedMinor: 0,
    refundedMinor: 0,
    multicapture: false,
    providerRef: null,
    holdEndsAt: null,
    operation: {
      id: operationId(paymentId, 'authorize', 1),
      verb: 'authorize',
      amountMinor: requestedMinor,
      final: false,
      reason: null,
      requestedAt: at,
    },
    ordinals: { authorize: 1, capture: 0, void: 0, refund: 0 },
    asking: null,
    buyer: null,
    decline: null,
    attention: null,
    endedBy: null,
  };
}
