/** What may happen to a guaranteed payment, in each of its states. */
import { openMinor } from '../../../../machines/guarantee/guarantee.amounts.ts';
import { NO_NOTES as notes, NO_WISH } from '../../../../machines/guarantee/guarantee.context.ts';
import type { GuaranteeEvent } from '../../../../machines/guarantee/guarantee.events.ts';
import { guaranteeLifecycle } from '../../../../machines/guarantee/guarantee.lifecycle.ts';
import { guaranteeMachine } from '../../../../machines/guarantee/guarantee.machine.ts';
import type {
  GuaranteeContext,
  GuaranteeInput,
  GuaranteeNoun,
  GuaranteeVerb,
  InvoiceTerms,
} from '../../../../machines/guarantee/guarantee.types.ts';
import {
  type Alphabet,
  AMOUNTS,
  answer,
  anyFamily,
  DAY,
  type Family,
  MINUTE,
  PAYMENT,
  TOTAL,
} from '../family.ts';

const RECEIPTS_MAX = 1;

const INPUT: GuaranteeInput = {
  paymentId: PAYMENT,
  total: { amountMinor: TOTAL, currency: 'EUR' },
  provider: 'InfinitePay',
  orderId: '4711',
  term: 'net30',
  policy: {
    startWithinMs: 15 * MINUTE,
    inquireWithinMs: 10 * MINUTE,
    autoCapture: false,
    autoActivate: false,
    appliesReceipts: true,
    activateWithinMs: 14 * DAY,
    onLateReservation: 'adopt',
  },
  at: 0,
};
const withPolicy = (policy: Partial<GuaranteeInput['policy']>): GuaranteeInput => ({
  ...INPUT,
  policy: { ...INPUT.policy, ...policy },
});

const GIVEN_BACK = ['receipt.bounced', 'refund.recorded'] as const;

const DOUBTS = [
  'reservation.unknown',
  'modification.unknown',
  'capture.unknown',
  'activation.unknown',
  'cancellation.unknown',
  'application.unknown',
] as const;
const LOOKS = [
  'recheck.requested',
  'news.received',
  'capture.found',
  'cancellation.found',
  'payment.found',
  'claim.found',
  'picture.contradicted',
] as const;
const CHANGES = [
  'modification.requested',
  'reservation.aged',
  'application.requested',
  'resolution.proposed',
  'inquiry.exhausted',
] as const;

const invoiceAt = (at: number): InvoiceTerms => ({
  invoiceNumber: '4711',
  invoicedOn: '2026-11-21',
  dueOn: '2026-12-21',
  deliveryOn: '2026-11-21',
  dueAt: at + 30 * DAY,
});
const failed = <const Noun extends GuaranteeNoun>(noun: Noun, verb: GuaranteeVerb) => ({
  declined: {
    type: `${noun}.declined` as const,
    notes,
    decline: { verb, code: 'no', message: 'No.', advice: null },
  },
  refused: { type: `${noun}.refused` as const, reason: 'not in this state' },
  mistaken: {
    type: `${noun}.refused` as const,
    reason: 'wrong password',
    fault: 'credentials' as const,
  },
  unknown: { type: `${noun}.unknown` as const, reason: 'it timed out' },
  absent: { type: `${noun}.absent` as const, reason: 'there is none' },
});
const reservation = failed('reservation', 'reserve');
const modification = failed('modification', 'modify');
const capture = failed('capture', 'capture');
const activation = failed('activation', 'activate');
const cancellation = failed('cancellation', 'cancel');
const application = failed('application', 'apply');

const alphabet: Alphabet<GuaranteeContext, GuaranteeEvent> = {
  'reservation.approved': (now) =>
    answer(now, { type: 'reservation.approved', notes, providerRef: 'R1' }),
  'reservation.declined': (now) => answer(now, reservation.declined),
  'reservation.refused': (now) => answer(now, reservation.refused, reservation.mistaken),
  'reservation.unknown': (now) => answer(now, reservation.unknown),
  'reservation.absent': (now) => answer(now, reservation.absent),
  'payment.abandoned': (now) => answer(now, { type: 'payment.abandoned' }),
  'modification.requested': ({ at }) =>
    [0, 1, TOTAL, -1, 0.5].map((amountMinor) => ({
      type: 'modification.requested',
      at,
      amountMinor,
      reason: null,
    })),
  'modification.approved': (now) => answer(now, { type: 'modification.approved', notes }),
  'modification.declined': (now) => answer(now, modification.declined),
  'modification.refused': (now) => answer(now, modification.refused, modification.mistaken),
  'modification.unknown': (now) => answer(now, modification.unknown),
  'modification.absent': (now) => answer(now, modification.absent),
  'capture.requested': ({ at }) => [{ type: 'capture.requested', at }],
  'capture.approved': (now) => answer(now, { type: 'capture.approved', notes }),
  'capture.declined': (now) => answer(now, capture.declined),
  'capture.refused': (now) => answer(now, capture.refused, capture.mistaken),
  'capture.unknown': (now) => answer(now, capture.unknown),
  'capture.absent': (now) => answer(now, capture.absent),
  'activation.requested': ({ at }) => [{ type: 'activation.requested', at, wish: NO_WISH }],
  'activation.approved': (now) => {
    const open = openMinor(now.context);
    const said = [open, 1, 0, open + 1, null].map((guaranteedMinor) => ({
      type: 'activation.approved' as const,
      notes,
      guaranteedMinor,
      invoice: invoiceAt(now.at),
    }));
    return answer(now, ...said);
  },
  'activation.declined': (now) => answer(now, activation.declined),
  'activation.refused': (now) => answer(now, activation.refused, activation.mistaken),
  'activation.unknown': (now) =>
    answer<typeof activation.unknown & { invoice?: InvoiceTerms }>(
      now,
      { ...activation.unknown, invoice: invoiceAt(now.at) },
      activation.unknown,
    ),
  'activation.absent': (now) => answer(now, activation.absent),
  'cancellation.requested': ({ at }) => [{ type: 'cancellation.requested', at, reason: null }],
  'cancellation.approved': (now) => answer(now, { type: 'cancellation.approved', notes }),
  'cancellation.declined': (now) => answer(now, cancellation.declined),
  'cancellation.refused': (now) => answer(now, cancellation.refused, cancellation.mistaken),
  'cancellation.unknown': (now) => answer(now, cancellation.unknown),
  'cancellation.absent': (now) => answer(now, cancellation.absent),
  'application.requested': ({ at, context: c }) =>
    [...Object.keys(c.receipts), 'receipt_of_nobody'].map((receiptId) => ({
      type: 'application.requested',
      at,
      receiptId,
    })),
  'application.approved': (now) => answer(now, { type: 'application.approved', notes }),
  'application.declined': (now) => answer(now, application.declined),
  'application.refused': (now) => answer(now, application.refused, application.mistaken),
  'application.unknown': (now) => answer(now, application.unknown),
  'application.absent': (now) => answer(now, application.absent),
  'receipt.recorded': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({
      type: 'receipt.recorded',
      at,
      amountMinor,
      reference: null,
      receivedOn: null,
    })),
  'receipt.bounced': ({ at, context: c }) =>
    [...Object.keys(c.receipts), 'receipt_of_nobody'].map((receiptId) => ({
      type: 'receipt.bounced',
      at,
      receiptId,
      reason: null,
    })),
  'refund.recorded': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'refund.recorded', at, amountMinor, reason: null })),
  'claim.recorded': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'claim.recorded', at, amountMinor, reference: null })),
  'payment.written_off': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'payment.written_off', at, amountMinor, reason: null })),
  'reservation.aged': ({ at }) => [{ type: 'reservation.aged', at }],
  'payment.overdue': ({ at }) => [{ type: 'payment.overdue', at, dueOn: '2026-12-21' }],
  'release.claimed': ({ at }) => [{ type: 'release.claimed', at, reason: null }],
  'limit.released': (now) => answer(now, { type: 'limit.released' }),
  'release.contradicted': (now) =>
    answer(now, { type: 'release.contradicted', reason: 'it is captured' }),
  'capture.found': ({ at }) => [{ type: 'capture.found', at }],
  'cancellation.found': ({ at }) => [{ type: 'cancellation.found', at }],
  'payment.found': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'payment.found', at, amountMinor })),
  'claim.found': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'claim.found', at, amountMinor })),
  'picture.confirmed': ({ at }) => [{ type: 'picture.confirmed', at }],
  'picture.contradicted': ({ at }) => [{ type: 'picture.contradicted', at, reason: 'denied' }],
  'recheck.requested': ({ at }) => [{ type: 'recheck.requested', at }],
  'news.received': ({ at }) => [
    {
      type: 'news.received',
      at,
      source: 'reconciliation',
      name: 'nightly',
      notificationId: null,
      verified: true,
      providerRef: null,
    },
  ],
  'resolution.proposed': ({ at }) =>
    (['succeeded', 'failed'] as const).map((outcome) => ({
      type: 'resolution.proposed',
      at,
      outcome,
      providerRef: null,
      reason: 'seen there',
    })),
  'resolution.applied': ({ at }) => [{ type: 'resolution.applied', at }],
  'inquiry.due': ({ at }) => [{ type: 'inquiry.due', at }],
  'inquiry.inconclusive': ({ at, context: c }) => [
    { type: 'inquiry.inconclusive', at, reason: 'no answer' },
    ...(c.operation?.verb === 'activate'
      ? [
          {
            type: 'inquiry.inconclusive' as const,
            at,
            reason: 'no answer',
            invoice: invoiceAt(at),
          },
        ]
      : []),
  ],
  'inquiry.exhausted': ({ at }) => [{ type: 'inquiry.exhausted', at }],
};

const family: Family<GuaranteeContext, GuaranteeEvent, GuaranteeInput> = {
  lifecycle: guaranteeLifecycle,
  machine: guaranteeMachine,
  inputs: {
    'step by step': { input: INPUT, without: GIVEN_BACK },
    'money goes back': { input: INPUT, without: [...LOOKS, ...CHANGES, 'release.claimed'] },
    'money goes back, and the order ends there': {
      input: withPolicy({ appliesReceipts: false }),
      without: [
        ...DOUBTS,
        ...CHANGES,
        'recheck.requested',
        'news.received',
        'picture.contradicted',
        'payment.written_off',
        'claim.recorded',
      ],
    },
    'money goes back before an order is changed': {
      input: INPUT,
      without: [...DOUBTS, ...LOOKS, 'capture.requested', 'release.claimed'],
    },
    'money goes back while nobody knows': {
      input: INPUT,
      without: [
        ...LOOKS,
        'modification.requested',
        'resolution.proposed',
        'capture.requested',
        'cancellation.requested',
        'release.claimed',
      ],
    },
    'money goes back, and somebody looks': {
      input: INPUT,
      without: [
        ...DOUBTS,
        'modification.requested',
        'capture.found',
        'cancellation.requested',
        'cancellation.found',
        'release.claimed',
        'reservation.aged',
        'activation.declined',
        'claim.recorded',
        'claim.found',
        'payment.written_off',
        'payment.found',
        'payment.overdue',
      ],
    },
    automatic: {
      input: withPolicy({ autoCapture: true, autoActivate: true, appliesReceipts: false }),
      without: ['modification.requested', ...GIVEN_BACK],
    },
    'reserved too late': {
      input: withPolicy({ startWithinMs: 0, onLateReservation: 'void' }),
      without: ['capture.requested', 'modification.requested', 'capture.found', ...GIVEN_BACK],
    },
  },
  alphabet,
  nothingNew: ['picture.confirmed'],
  bounds: `a total of ${TOTAL}, modified to less; ${RECEIPTS_MAX} receipts`,
  isBeyond: ({ receipts }) => Object.keys(receipts).length > RECEIPTS_MAX,
  forgets: (c) => ({
    wish: null,
    invoice: c.invoice !== null,
    providerRef: null,
    decline: null,
    refused: c.refused !== null,
    bouncedReceipt: null,
    // What has bounced, and was never told, is looked at by nothing any more.
    receipts: Object.fromEntries(
      Object.entries(c.receipts).filter(
        ([, { bounced, isApplied }]) => bounced !== true || isApplied,
      ),
    ),
    isAged: c.isAged && (c.stage === 'reserved' || c.stage === 'captured'),
    operation: c.operation && {
      ...c.operation,
      reason: c.operation.reason === 'automatic' ? c.operation.reason : null,
    },
  }),
  bags: ['receipts'],
  inFlight: () => ({ taking: 0, giving: 0 }),
  recorded: ({ receipts, claimedMinor }) => ({
    ...Object.fromEntries(
      Object.entries(receipts).map(([id, receipt]) => [id, { bounced: false, ...receipt }]),
    ),
    // What the provider paid has come, too, and no check of it comes back.
    claims: { amountMinor: claimedMinor, bounced: true },
  }),
  mayExceed: 'a buyer may pay too much, and it is given back',
  asks: {
    'modification.requested': 'modify',
    'capture.requested': 'capture',
    'activation.requested': 'activate',
    'cancellation.requested': 'cancel',
    'application.requested': 'apply',
    'receipt.recorded': 'receive',
    'receipt.bounced': 'bounce',
    'refund.recorded': 'refund',
    'claim.recorded': 'claim',
    'payment.written_off': 'write-off',
    'release.claimed': 'confirm-limit-released',
    'resolution.proposed': 'resolve',
  },
  unoffered: {},
  needs: {
    modify: () => ({ amountMinor: 1 }),
    receive: () => ({ amountMinor: 1 }),
    bounce: (context) => {
      const good = Object.entries(context.receipts).find(([, { bounced }]) => bounced !== true);
      return good === undefined ? {} : { receiptId: good[0] };
    },
    resolve: () => ({ outcome: 'succeeded', reason: 'seen there' }),
  },
  wholes: [],
  supersedes: {},
  varying: {},
  alike: [],
  ends: {},
  movesAfterEnd: {},
  untaken: {},
};

export const GUARANTEE = anyFamily(family);
