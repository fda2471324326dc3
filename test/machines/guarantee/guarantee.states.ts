/** A sample of every state of a guaranteed payment, and of every event, for the tests of its chart. */
import { fold } from '../../../db/journal/fold.ts';
import type { GuaranteeEvent } from '../../../machines/guarantee/guarantee.events.ts';
import {
  guaranteeLifecycle,
  type GuaranteeState,
} from '../../../machines/guarantee/guarantee.lifecycle.ts';
import type {
  GuaranteeInput,
  GuaranteeNoun,
  GuaranteeStatus,
  GuaranteeVerb,
} from '../../../machines/guarantee/guarantee.types.ts';
import { operationId } from '../../../machines/shared/ids.ts';

export const DUE = 9_000_000;
export const TOTAL = 1_050;
const at = 1;
export const NOTES = { additionalInfo: null, errors: [], correctedDebtor: null };
export const INPUT: GuaranteeInput = {
  paymentId: 'pay_sample',
  total: { amountMinor: TOTAL, currency: 'EUR' },
  provider: 'InfinitePay',
  orderId: '4711-sample',
  term: 'net30',
  policy: {
    startWithinMs: 900_000,
    inquireWithinMs: 86_400_000,
    autoCapture: false,
    autoActivate: false,
    appliesReceipts: true,
    activateWithinMs: 14 * 86_400_000,
    onLateReservation: 'adopt',
  },
  at: 0,
};
export const INVOICE = {
  invoiceNumber: '4711',
  invoicedOn: '2026-11-21',
  dueOn: '2026-12-21',
  deliveryOn: '2026-11-21',
  dueAt: DUE,
};

const op = (verb: GuaranteeVerb, ordinal = 1): { at: number; operationId: string } => ({
  at,
  operationId: operationId(INPUT.paymentId, verb, ordinal),
});
const noted = (verb: GuaranteeVerb, ordinal = 1) => ({ ...op(verb, ordinal), notes: NOTES });
const decline = (verb: string) => ({
  verb,
  code: 'status_0',
  message: 'The provider said no.',
  advice: null,
});

const VERBS: Readonly<Record<GuaranteeNoun, GuaranteeVerb>> = {
  reservation: 'reserve',
  modification: 'modify',
  capture: 'capture',
  activation: 'activate',
  cancellation: 'cancel',
  application: 'apply',
};

/** What a provider may say of the first operation of `noun`. */
export const says = {
  approved: (noun: GuaranteeNoun, ordinal = 1): GuaranteeEvent => {
    const answer = noted(VERBS[noun], ordinal);
    if (noun === 'reservation')
      return { type: 'reservation.approved', ...answer, providerRef: 'R1' };
    if (noun === 'activation') {
      return {
        type: 'activation.approved',
        ...answer,
        guaranteedMinor: TOTAL,
        invoice: INVOICE,
      };
    }
    return { type: `${noun}.approved`, ...answer };
  },
  declined: (noun: GuaranteeNoun, ordinal = 1): GuaranteeEvent => ({
    type: `${noun}.declined`,
    ...noted(VERBS[noun], ordinal),
    decline: decline(VERBS[noun]),
  }),
  refused: (noun: GuaranteeNoun, ordinal = 1): GuaranteeEvent => ({
    type: `${noun}.refused`,
    ...op(VERBS[noun], ordinal),
    reason: 'it is captured already',
  }),
  unknown: (noun: GuaranteeNoun, ordinal = 1): GuaranteeEvent => ({
    type: `${noun}.unknown`,
    ...op(VERBS[noun], ordinal),
    reason: 'it timed out',
  }),
  absent: (noun: GuaranteeNoun): GuaranteeEvent => ({
    type: `${noun}.absent`,
    ...op(VERBS[noun]),
    reason: 'there is no such order',
  }),
};

export const asks = {
  modify: { type: 'modification.requested', at, amountMinor: 900, reason: null },
  capture: { type: 'capture.requested', at },
  activate: {
    type: 'activation.requested',
    at,
    wish: { invoiceNumber: null, dueOn: null, deliveryOn: null },
  },
  cancel: { type: 'cancellation.requested', at, reason: null },
  apply: { type: 'application.requested', at, receiptId: 'receipt_1' },
  receive: {
    type: 'receipt.recorded',
    at,
    amountMinor: TOTAL,
    reference: 'transfer 3',
    receivedOn: '2026-12-01',
  },
  bounce: { type: 'receipt.bounced', at, receiptId: 'receipt_1', reason: null },
  refund: { type: 'refund.recorded', at, amountMinor: TOTAL, reason: null },
  claim: { type: 'claim.recorded', at, amountMinor: TOTAL, reference: null },
  writeOff: { type: 'payment.written_off', at, amountMinor: TOTAL, reason: null },
  release: { type: 'release.claimed', at, reason: 'cancelled in the portal' },
  recheck: { type: 'recheck.requested', at },
  resolve: {
    type: 'resolution.proposed',
    at,
    outcome: 'succeeded',
    providerRef: null,
    reason: 'seen in the portal',
  },
} as const satisfies Record<string, GuaranteeEvent>;
export const overdue: GuaranteeEvent = { type: 'payment.overdue', at, dueOn: INVOICE.dueOn };

const reserved = [says.approved('reservation')];
const captured = [...reserved, asks.capture, says.approved('capture')];
const guaranteed = [...captured, asks.activate, says.approved('activation')];
const denied = [...captured, asks.activate, says.declined('activation')];
const late = [...guaranteed, overdue, { type: 'picture.confirmed', at } as const];
const paid = [...guaranteed, asks.receive, says.approved('application')];
const parked = [says.unknown('reservation'), { type: 'inquiry.exhausted', at } as const];

/** How each state is reached. `Record`, so that a new state has to be placed. */
export const WAYS: Readonly<Record<GuaranteeStatus, readonly GuaranteeEvent[]>> = {
  reserving: [],
  reserved,
  modifying: [...reserved, asks.modify],
  capturing: [...reserved, asks.capture],
  captured,
  activating: [...captured, asks.activate],
  guaranteed,
  guarantee_denied: denied,
  overdue: late,
  applying: [...guaranteed, asks.receive],
  paid,
  claimed: [...late, asks.claim],
  written_off: [...late, asks.writeOff],
  partially_refunded: [...paid, { ...asks.refund, amountMinor: 50 }],
  refunded: [...paid, asks.refund],
  cancelling: [...captured, asks.cancel],
  cancelled: [...captured, asks.cancel, says.approved('cancellation')],
  limit_blocked: [...captured, asks.cancel, says.declined('cancellation')],
  releasing: [...denied, asks.release],
  declined: [says.declined('reservation')],
  expired: [says.absent('reservation')],
  inquiring: [says.unknown('reservation')],
  parked,
};

const EACH_NOUN: readonly GuaranteeNoun[] = [
  'reservation',
  'modification',
  'capture',
  'activation',
  'cancellation',
  'application',
];

export const EVENTS: readonly GuaranteeEvent[] = [
  ...EACH_NOUN.flatMap((noun) => [
    says.approved(noun),
    says.declined(noun),
    says.refused(noun),
    says.unknown(noun),
    says.absent(noun),
  ]),
  { type: 'payment.abandoned', ...op('reserve') },
  ...Object.values(asks),
  overdue,
  { type: 'reservation.aged', at },
  { type: 'limit.released', ...op('release') },
  { type: 'release.contradicted', ...op('release'), reason: 'it is captured' },
  { type: 'capture.found', at },
  { type: 'cancellation.found', at },
  { type: 'payment.found', at, amountMinor: TOTAL },
  { type: 'claim.found', at, amountMinor: TOTAL },
  { type: 'picture.confirmed', at },
  { type: 'picture.contradicted', at, reason: 'it is denied there' },
  {
    type: 'news.received',
    at,
    source: 'reconciliation',
    name: 'nightly',
    notificationId: null,
    verified: true,
    providerRef: null,
  },
  { type: 'resolution.applied', at },
  { type: 'inquiry.due', at },
  { type: 'inquiry.inconclusive', at, reason: 'no answer' },
  { type: 'inquiry.exhausted', at },
];

/** Plays `events` in their order. Throws where one is not legal, or where postings and amounts
 *  disagree. */
export function play(
  events: readonly GuaranteeEvent[],
  policy: Partial<GuaranteeInput['policy']> = {},
): GuaranteeState {
  const input = { ...INPUT, policy: { ...INPUT.policy, ...policy } };
  return events.reduce((state, event) => {
    const next = guaranteeLifecycle.applyEvent(state, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${state.value}`);
    fold(guaranteeLifecycle.freeze(state), 1, [{ event, actor: 'test' }]);
    return next;
  }, guaranteeLifecycle.open(input));
}

export const STATES = Object.entries(WAYS).map(([name, events]) => ({ name, state: play(events) }));
