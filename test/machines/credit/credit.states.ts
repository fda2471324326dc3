/** A sample of every state of a payment on credit, and of every event, for the tests of its chart. */
import { fold } from '../../../db/journal/fold.ts';
import type { CreditEvent } from '../../../machines/credit/credit.events.ts';
import { creditLifecycle, type CreditState } from '../../../machines/credit/credit.lifecycle.ts';
import type {
  CreditInput,
  CreditNoun,
  CreditStatus,
  CreditVerb,
} from '../../../machines/credit/credit.types.ts';
import { operationId } from '../../../machines/shared/ids.ts';

export const TOTAL = 100_000;
export const DAY = 86_400_000;
const at = 1;
export const INPUT: CreditInput = {
  paymentId: 'pay_sample',
  total: { amountMinor: TOTAL, currency: 'USD' },
  provider: 'Apruve',
  orderId: '4711-sample',
  corporateAccountId: null,
  policy: {
    startWithinMs: 900_000,
    inquireWithinMs: DAY,
    orderWithinMs: 45 * DAY,
    buyerWithinMs: 7 * DAY,
    reviewWithinMs: 7 * DAY,
    fundWithinMs: DAY,
    onLateAcceptance: 'adopt',
  },
  at: 0,
};
export const PLACED: CreditInput = { ...INPUT, corporateAccountId: 'account_1' };

const VERBS: Readonly<Record<CreditNoun, CreditVerb>> = {
  offer: 'offer',
  order: 'order',
  invoice: 'invoice',
  shipment: 'ship',
  cancellation: 'cancel',
  invoice_cancellation: 'cancel-invoice',
  return: 'return',
};
const op = (verb: CreditVerb, ordinal = 1) => ({
  at,
  operationId: operationId(INPUT.paymentId, verb, ordinal),
});

/** What a provider may say of an operation of `noun`, the first one unless told otherwise. */
export const says = {
  approved: (noun: CreditNoun, ordinal = 1): CreditEvent => {
    const answer = op(VERBS[noun], ordinal);
    switch (noun) {
      case 'offer':
        return {
          type: 'offer.approved',
          ...answer,
          offer: {
            scriptUrl: 'https://apruve.example/apruve.js',
            merchantId: 'm1',
            order: {},
            secureHash: 'abc',
          },
        };
      case 'order':
        return { type: 'order.approved', ...answer, providerRef: 'order_1', expiresAt: 45 * DAY };
      case 'invoice':
        return { type: 'invoice.approved', ...answer, providerRef: `invoice_${ordinal}` };
      case 'shipment':
        return { type: 'shipment.approved', ...answer, providerRef: 'shipment_1' };
      case 'return':
        return { type: 'return.approved', ...answer, providerRef: 'return_1' };
      case 'cancellation':
      case 'invoice_cancellation':
        return { type: `${noun}.approved`, ...answer };
    }
  },
  declined: (noun: CreditNoun, ordinal = 1): CreditEvent => ({
    type: `${noun}.declined`,
    ...op(VERBS[noun], ordinal),
    decline: { verb: VERBS[noun], code: 'bad_request', message: 'No.', advice: null },
  }),
  refused: (noun: CreditNoun, ordinal = 1): CreditEvent => ({
    type: `${noun}.refused`,
    ...op(VERBS[noun], ordinal),
    reason: 'wrong key',
  }),
  unknown: (noun: CreditNoun, ordinal = 1): CreditEvent => ({
    type: `${noun}.unknown`,
    ...op(VERBS[noun], ordinal),
    reason: 'it timed out',
  }),
  absent: (noun: CreditNoun, ordinal = 1): CreditEvent => ({
    type: `${noun}.absent`,
    ...op(VERBS[noun], ordinal),
    reason: 'it never arrived',
  }),
};
const NO_SHIPMENT = { shipper: null, trackingNumber: null, shippedOn: null, deliveredOn: null };

export const asks = {
  accept: { type: 'acceptance.claimed', at, providerRef: 'order_1' },
  withdraw: { type: 'offer.withdrawn', at, reason: null },
  invoice: {
    type: 'invoice.requested',
    at,
    amountMinor: TOTAL,
    number: 'I1',
    dueOn: null,
    shipment: NO_SHIPMENT,
  },
  ship: { type: 'shipment.requested', at, number: 'I1', shipment: NO_SHIPMENT },
  cancel: { type: 'cancellation.requested', at, reason: null },
  cancelInvoice: { type: 'invoice_cancellation.requested', at, number: 'I1', reason: null },
  giveBack: { type: 'return.requested', at, number: 'I1', amountMinor: TOTAL, reason: 'damaged' },
  recheck: { type: 'recheck.requested', at },
  resolve: {
    type: 'resolution.proposed',
    at,
    outcome: 'succeeded',
    providerRef: 'invoice_1',
    reason: 'seen at the provider',
  },
} as const satisfies Record<string, CreditEvent>;

export const found = {
  order: {
    type: 'order.found',
    at,
    providerRef: 'order_1',
    amountMinor: TOTAL,
    expiresAt: 45 * DAY,
  },
  review: { type: 'review.found', at, providerRef: 'order_1' },
  cancelled: { type: 'cancellation.found', at },
  lapsed: { type: 'order.lapsed', at, amountMinor: TOTAL },
  invoice: {
    type: 'invoice.found',
    at,
    number: 'I9',
    amountMinor: 40_000,
    providerRef: 'invoice_9',
  },
  returned: { type: 'return.found', at, number: 'I1', amountMinor: TOTAL },
  invoiceCancelled: { type: 'invoice_cancellation.found', at, number: 'I1' },
  funded: { type: 'invoice.funded', at, number: 'I1', amountMinor: TOTAL },
  closed: { type: 'invoice.closed', at, number: 'I1' },
  confirmed: { type: 'picture.confirmed', at },
  contradicted: { type: 'picture.contradicted', at, reason: 'it is in EUR' },
} as const satisfies Record<string, CreditEvent>;
export const late: CreditEvent = { type: 'funding.overdue', at, number: 'I1' };

const offered = [says.approved('offer')];
const authorized = [...offered, found.order];
const shipping = [...authorized, asks.invoice, says.approved('invoice')];
const invoiced = [...shipping, says.approved('shipment')];
const funded = [...invoiced, found.funded];
const part = { ...asks.invoice, amountMinor: 40_000 };
const partly = [
  ...authorized,
  part,
  says.approved('invoice'),
  says.approved('shipment'),
  { ...found.funded, amountMinor: 40_000 },
];

/** How each state is reached. `Record`, so that a new state has to be placed. */
export const WAYS: Readonly<Record<CreditStatus, readonly CreditEvent[]>> = {
  ordering: [],
  offered,
  accepting: [...offered, asks.accept],
  in_review: [...offered, found.review],
  authorized,
  invoicing: [...authorized, asks.invoice],
  shipping,
  ship_failed: [...shipping, says.declined('shipment'), found.confirmed],
  invoiced,
  funding_late: [...invoiced, late],
  partially_funded: partly,
  funded,
  closed: [...funded, found.closed],
  returning: [...funded, asks.giveBack],
  returned: [...funded, asks.giveBack, says.approved('return')],
  cancelling: [...authorized, asks.cancel],
  cancelled: [...authorized, asks.cancel, says.approved('cancellation')],
  declined: [...offered, found.cancelled],
  expired: [...offered, { type: 'offer.timed_out', at }],
  inquiring: [...authorized, asks.invoice, says.unknown('invoice')],
  parked: [...authorized, asks.invoice, says.unknown('invoice'), { type: 'inquiry.exhausted', at }],
};

const NOUNS = Object.keys(VERBS) as CreditNoun[];

export const EVENTS: readonly CreditEvent[] = [
  ...NOUNS.flatMap((noun) => [says.approved(noun), says.refused(noun), says.unknown(noun)]),
  // An offer asks nobody: it is never declined, and never lost.
  ...NOUNS.filter((noun) => noun !== 'offer').flatMap((noun) => [
    says.declined(noun),
    says.absent(noun),
  ]),
  { type: 'order.reviewed', ...op('order'), providerRef: 'order_1' },
  { type: 'payment.abandoned', ...op('offer') },
  { type: 'acceptance.rejected', ...op('accept'), reason: 'it has another amount' },
  { type: 'offer.timed_out', at },
  ...Object.values(asks),
  ...Object.values(found),
  late,
  { type: 'order.expiry_due', at },
  {
    type: 'news.received',
    at,
    source: 'provider',
    name: 'invoice.funded',
    notificationId: null,
    verified: true,
    providerRef: 'order_1',
    claim: { says: 'changed' },
  },
  { type: 'resolution.applied', at },
  { type: 'inquiry.due', at },
  { type: 'inquiry.inconclusive', at, reason: 'no answer' },
  { type: 'inquiry.exhausted', at },
];

/** Plays `events` in their order. Throws where one is not legal, or where postings and amounts
 *  disagree. */
export function play(
  events: readonly CreditEvent[],
  policy: Partial<CreditInput['policy']> = {},
  input: CreditInput = INPUT,
): CreditState {
  const opened = creditLifecycle.open({ ...input, policy: { ...input.policy, ...policy } });
  return events.reduce((state, event) => {
    const next = creditLifecycle.applyEvent(state, event);
    if (next === null) throw new Error(`${event.type} is not legal in ${state.value}`);
    fold(creditLifecycle.freeze(state), 1, [{ event, actor: 'test' }]);
    return next;
  }, opened);
}

/** Each state, and the beginning of an order that is placed server to server. */
export const STATES = [
  ...Object.entries(WAYS).map(([name, events]) => ({ name, state: play(events) })),
  { name: 'ordering', state: play([], {}, PLACED) },
];
