/**
 * Lifecycle of an invoice that a provider guarantees: reserve, capture, activate; then the buyer
 * pays, or the provider does.
 *
 * Pure: no clock, no I/O, no Temporal. State names are database values. A state in `-ing` waits for
 * its operation (`pendingEffect`); time arrives as events (`deadline`). Three steps are three
 * operations, also where they follow each other by themselves, so a denied guarantee is always seen.
 * `record` says what each fact changes; what it holds then says where it leads.
 */
import { assign, setup } from 'xstate';
import { statusOf } from './guarantee.amounts.ts';
import { openContext } from './guarantee.context.ts';
import { fits } from './guarantee.guards.ts';
import { change, record } from './guarantee.record.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeContext, GuaranteeInput, GuaranteeStatus } from './guarantee.types.ts';

/** Keeps what the event says, then goes wherever that puts the payment. */
const leads = <const S extends readonly GuaranteeStatus[]>(...statuses: S) =>
  statuses.map((status) => ({
    target: status as S[number],
    guard: { type: 'leadsTo' as const, params: { status } },
    actions: 'record' as const,
  }));

const RESERVATION = {
  'reservation.approved': leads('reserved', 'capturing', 'cancelling'),
  'reservation.declined': leads('declined'),
  'reservation.refused': leads('parked'),
  'reservation.absent': leads('expired'),
} as const;

const MODIFICATION = {
  'modification.approved': leads('reserved'),
  'modification.declined': leads('reserved'),
  'modification.refused': leads('reserved'),
  'modification.absent': leads('reserved'),
} as const;

const CAPTURE = {
  'capture.approved': leads('captured', 'activating'),
  'capture.declined': leads('reserved'),
  'capture.refused': leads('reserved'),
  'capture.absent': leads('reserved'),
} as const;

/** As it was before it was asked for. */
const NOT_ACTIVATED = leads('captured', 'guarantee_denied');

const ACTIVATION = {
  'activation.approved': leads('guaranteed'),
  'activation.declined': leads('guarantee_denied'),
  'activation.refused': NOT_ACTIVATED,
  'activation.absent': NOT_ACTIVATED,
} as const;

const NOT_CANCELLED = leads('reserved', 'captured', 'limit_blocked');

const CANCELLATION = {
  'cancellation.approved': leads('cancelled'),
  'cancellation.declined': leads('limit_blocked'),
  'cancellation.refused': NOT_CANCELLED,
  'cancellation.absent': NOT_CANCELLED,
} as const;

/** The money has come, whether or not the provider knows. */
const AFTER_RECEIPT = leads('guaranteed', 'overdue', 'paid', 'claimed', 'written_off');

const APPLICATION = {
  'application.approved': AFTER_RECEIPT,
  'application.declined': AFTER_RECEIPT,
  'application.refused': AFTER_RECEIPT,
  'application.absent': AFTER_RECEIPT,
} as const;

/** Asking by itself: the next question is due, or the last one brought nothing. */
const asks = <const S extends GuaranteeStatus>(status: S) =>
  ({
    'inquiry.due': leads(status),
    'inquiry.inconclusive': leads(status),
    'recheck.requested': leads(status),
    'news.received': leads(status),
  }) as const;

/** At rest the provider may be looked at, and what it shows moves the payment. */
const looks = <const S extends GuaranteeStatus>(status: S) =>
  ({
    ...asks(status),
    'inquiry.exhausted': leads(status),
    'picture.confirmed': leads(status),
    'picture.contradicted': leads(status),
    'cancellation.found': leads('cancelled'),
  }) as const;

const AGES = <const S extends GuaranteeStatus>(status: S) =>
  ({ 'reservation.aged': leads(status) }) as const;

const UNKNOWN = leads('inquiring');

const tellsAgain = { 'application.requested': leads('applying') } as const;

const settles = <const S extends GuaranteeStatus>(status: S) =>
  ({
    ...looks(status),
    ...tellsAgain,
    'receipt.recorded': leads('applying', status, 'paid', 'claimed'),
    'payment.found': leads('paid', 'claimed'),
    'claim.found': leads('claimed', status),
  }) as const;

export const guaranteeMachine = setup({
  types: {
    input: {} as GuaranteeInput,
    context: {} as GuaranteeContext,
    events: {} as GuaranteeEvent,
  },
  guards: {
    leadsTo: ({ context, event }, params: { status: GuaranteeStatus }) =>
      fits(context, event) && statusOf(change(context, event)) === params.status,
  },
  actions: { record: assign(({ context, event }) => record(context, event)) },
}).createMachine({
  id: 'guarantee',
  context: ({ input }) => openContext(input),
  initial: 'reserving',
  states: {
    reserving: {
      on: {
        ...RESERVATION,
        'reservation.unknown': UNKNOWN,
        'payment.abandoned': leads('expired'),
      },
    },
    reserved: {
      on: {
        ...looks('reserved'),
        ...AGES('reserved'),
        'capture.found': leads('captured', 'activating'),
        'modification.requested': leads('modifying'),
        'capture.requested': leads('capturing'),
        'cancellation.requested': leads('cancelling'),
      },
    },
    modifying: { on: { ...MODIFICATION, 'modification.unknown': UNKNOWN } },
    capturing: { on: { ...CAPTURE, 'capture.unknown': UNKNOWN } },
    captured: {
      on: {
        ...looks('captured'),
        ...AGES('captured'),
        'activation.requested': leads('activating'),
        'cancellation.requested': leads('cancelling'),
      },
    },
    activating: { on: { ...ACTIVATION, 'activation.unknown': UNKNOWN } },
    guarantee_denied: {
      on: {
        ...looks('guarantee_denied'),
        'activation.requested': leads('activating'),
        'release.claimed': leads('releasing'),
      },
    },
    guaranteed: { on: { ...settles('guaranteed'), 'payment.overdue': leads('overdue') } },
    overdue: {
      on: {
        ...settles('overdue'),
        'claim.recorded': leads('claimed', 'overdue'),
        'payment.written_off': leads('written_off'),
      },
    },
    applying: { on: { ...APPLICATION, 'application.unknown': UNKNOWN } },
    cancelling: { on: { ...CANCELLATION, 'cancellation.unknown': UNKNOWN } },
    limit_blocked: {
      on: {
        ...looks('limit_blocked'),
        'cancellation.requested': leads('cancelling'),
        'release.claimed': leads('releasing'),
      },
    },
    releasing: {
      on: {
        'inquiry.due': leads('releasing'),
        'inquiry.inconclusive': leads('releasing'),
        'limit.released': leads('cancelled'),
        'release.contradicted': leads('guarantee_denied', 'limit_blocked'),
      },
    },
    inquiring: {
      on: {
        ...RESERVATION,
        ...MODIFICATION,
        ...CAPTURE,
        ...ACTIVATION,
        ...CANCELLATION,
        ...APPLICATION,
        ...asks('inquiring'),
        'inquiry.exhausted': leads('parked'),
        'resolution.applied': leads(
          'reserved',
          'capturing',
          'captured',
          'activating',
          'guaranteed',
          'guarantee_denied',
          'overdue',
          'paid',
          'claimed',
          'written_off',
          'cancelling',
          'cancelled',
          'limit_blocked',
          'expired',
        ),
      },
    },
    parked: {
      on: {
        'recheck.requested': leads('inquiring'),
        'news.received': leads('inquiring'),
        'resolution.proposed': leads('inquiring'),
      },
    },
    paid: { on: tellsAgain },
    claimed: { on: tellsAgain },
    written_off: { on: tellsAgain },
    cancelled: { type: 'final' },
    declined: { type: 'final' },
    expired: { type: 'final' },
  },
});
