/**
 * Lifecycle of an order on a provider's credit: the buyer accepts it, invoices and their shipments
 * follow, and the provider pays each invoice within a day.
 *
 * Pure: no clock, no I/O, no Temporal. State names are database values. A state in `-ing` waits for
 * its operation (`pendingEffect`); time arrives as events (`deadline`). An invoice and its shipment
 * are two operations that fail and are repeated apart. `record` says what each fact changes; what it
 * holds then says where it leads. All versions are one chart: they differ in what `record` makes of a
 * refusal.
 */
import { assign, setup } from 'xstate';
import { statusOf } from './credit.amounts.ts';
import { type CreditOpening, openContext } from './credit.context.ts';
import { fits } from './credit.guards.ts';
import { record } from './credit.record.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext, CreditStatus } from './credit.types.ts';

/** Keeps what the event says, then goes wherever that puts the payment. */
const leads = <const S extends readonly CreditStatus[]>(...statuses: S) =>
  statuses.map((status) => ({
    target: status as S[number],
    guard: { type: 'leadsTo' as const, params: { status } },
    actions: 'record' as const,
  }));

/** With invoices that stand, and one of them in each of these ways. */
const INVOICED = [
  'ship_failed',
  'funding_late',
  'invoiced',
  'returned',
  'partially_funded',
  'closed',
  'funded',
] as const;

const ANYWHERE = leads('authorized', 'cancelled', 'expired', ...INVOICED);
const UNKNOWN = leads('inquiring');

/** A definite no. Version 1 parked what was refused, and a person could have it sent again. */
const REFUSED = leads('parked', 'declined');

const OFFER = { 'offer.approved': leads('offered'), 'offer.refused': REFUSED } as const;

const ORDER = {
  'order.approved': leads('authorized'),
  'order.reviewed': leads('in_review'),
  'order.declined': leads('declined'),
  'order.refused': REFUSED,
  'order.absent': leads('expired'),
} as const;

/** The buyer accepted it after all, or the provider decided. */
const FOUND = {
  'order.found': leads('authorized'),
  'review.found': leads('in_review'),
} as const;

const INVOICE = {
  'invoice.approved': leads('shipping'),
  'invoice.declined': ANYWHERE,
  'invoice.refused': ANYWHERE,
  'invoice.absent': ANYWHERE,
} as const;

const SHIPMENT = {
  'shipment.approved': ANYWHERE,
  'shipment.declined': leads('ship_failed'),
  'shipment.refused': leads('ship_failed'),
  'shipment.absent': leads('ship_failed'),
} as const;

const NOT_CANCELLED = leads('authorized', 'in_review', ...INVOICED);

const CANCELLATION = {
  'cancellation.approved': leads('cancelled'),
  'cancellation.declined': NOT_CANCELLED,
  'cancellation.refused': NOT_CANCELLED,
  'cancellation.absent': NOT_CANCELLED,
  'invoice_cancellation.approved': ANYWHERE,
  'invoice_cancellation.declined': ANYWHERE,
  'invoice_cancellation.refused': ANYWHERE,
  'invoice_cancellation.absent': ANYWHERE,
} as const;

const RETURN = {
  'return.approved': ANYWHERE,
  'return.declined': ANYWHERE,
  'return.refused': ANYWHERE,
  'return.absent': ANYWHERE,
} as const;

/** Asking by itself: the next question is due, or the last one brought nothing. */
const asks = <const S extends CreditStatus>(status: S) =>
  ({
    'inquiry.due': leads(status),
    'inquiry.inconclusive': leads(status),
    'recheck.requested': leads(status),
    'news.received': leads(status),
  }) as const;

/** At rest the provider may be looked at, and what it shows moves the payment. */
const looks = <const S extends CreditStatus>(status: S) =>
  ({
    ...asks(status),
    'inquiry.exhausted': leads(status),
    'picture.confirmed': leads(status),
    'picture.contradicted': leads(status),
  }) as const;

/** What may be asked of an accepted order, and what is found of it. */
const stands = <const S extends CreditStatus>(status: S) =>
  ({
    ...looks(status),
    'acceptance.claimed': leads(status),
    'invoice.requested': leads('invoicing'),
    'shipment.requested': leads('shipping'),
    'cancellation.requested': leads('cancelling'),
    'invoice_cancellation.requested': leads('cancelling'),
    'return.requested': leads('returning'),
    'cancellation.found': ANYWHERE,
    'order.lapsed': ANYWHERE,
    'order.expiry_due': leads(status),
    'invoice.found': ANYWHERE,
    'invoice_cancellation.found': ANYWHERE,
    'return.found': ANYWHERE,
    'invoice.funded': ANYWHERE,
    'invoice.closed': ANYWHERE,
    'funding.overdue': leads('funding_late', 'ship_failed'),
  }) as const;

/** As it was before somebody claimed that it is accepted. */
const UNACCEPTED = leads('offered', 'in_review', 'expired', 'cancelled');

/** It is over, and yet the buyer may have accepted it too late. */
const over = <const S extends CreditStatus>(status: S) =>
  ({
    ...looks(status),
    'order.found': leads('authorized', 'cancelling'),
    'acceptance.claimed': leads('accepting'),
  }) as const;

export const creditMachine = setup({
  types: { input: {} as CreditOpening, context: {} as CreditContext, events: {} as CreditEvent },
  guards: {
    leadsTo: ({ context, event }, params: { status: CreditStatus }) =>
      fits(context, event) && statusOf(record(context, event)) === params.status,
  },
  actions: { record: assign(({ context, event }) => record(context, event)) },
}).createMachine({
  id: 'credit',
  context: ({ input }) => openContext(input),
  initial: 'ordering',
  states: {
    // Signs what the buyer is to accept, or places the order server to server.
    ordering: {
      on: {
        ...OFFER,
        ...ORDER,
        'offer.unknown': UNKNOWN,
        'order.unknown': UNKNOWN,
        'payment.abandoned': leads('expired'),
      },
    },
    offered: {
      on: {
        ...looks('offered'),
        ...FOUND,
        'cancellation.found': leads('declined'),
        'acceptance.claimed': leads('accepting'),
        'offer.timed_out': leads('expired'),
        'offer.withdrawn': leads('cancelled'),
      },
    },
    accepting: {
      on: {
        ...asks('accepting'),
        'order.found': leads('authorized', 'cancelling'),
        'review.found': leads('in_review'),
        'cancellation.found': leads('declined'),
        'acceptance.rejected': UNACCEPTED,
        'inquiry.exhausted': UNACCEPTED,
      },
    },
    in_review: {
      on: {
        ...looks('in_review'),
        'acceptance.claimed': leads('in_review'),
        'order.found': leads('authorized'),
        'cancellation.found': leads('declined'),
        'cancellation.requested': leads('cancelling'),
      },
    },
    authorized: { on: stands('authorized') },
    invoicing: { on: { ...INVOICE, 'invoice.unknown': UNKNOWN } },
    shipping: { on: { ...SHIPMENT, 'shipment.unknown': UNKNOWN } },
    ship_failed: { on: stands('ship_failed') },
    invoiced: { on: stands('invoiced') },
    funding_late: { on: stands('funding_late') },
    partially_funded: { on: stands('partially_funded') },
    funded: { on: stands('funded') },
    closed: { on: stands('closed') },
    returning: { on: { ...RETURN, 'return.unknown': UNKNOWN } },
    returned: { on: stands('returned') },
    cancelling: {
      on: {
        ...CANCELLATION,
        'cancellation.unknown': UNKNOWN,
        'invoice_cancellation.unknown': UNKNOWN,
      },
    },
    inquiring: {
      on: {
        ...OFFER,
        ...ORDER,
        ...INVOICE,
        ...SHIPMENT,
        ...CANCELLATION,
        ...RETURN,
        ...asks('inquiring'),
        'inquiry.exhausted': leads('parked'),
        'resolution.applied': [...leads('shipping', 'in_review'), ...ANYWHERE],
      },
    },
    parked: {
      on: {
        'recheck.requested': UNKNOWN,
        'news.received': UNKNOWN,
        'resolution.proposed': UNKNOWN,
      },
    },
    cancelled: { on: over('cancelled') },
    declined: { on: { ...looks('declined'), ...FOUND } },
    expired: { on: over('expired') },
  },
});
