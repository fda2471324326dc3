/** The card family, as the check has to know it. */
import {
  openHoldMinor,
  pendingMinor,
  wasDeclined,
} from '../../../../machines/card/card.amounts.ts';
import { cardLifecycle } from '../../../../machines/card/card.lifecycle.ts';
import { cardMachine } from '../../../../machines/card/card.machine.ts';
import type { CardEvent } from '../../../../machines/card/card.events.ts';
import type { CardContext, CardInput } from '../../../../machines/card/card.types.ts';
import { anyFamily, DAY, type Family, HOUR, MINUTE, PAYMENT, TOTAL } from '../family.ts';
import { CARD_ALPHABET, referenceOf } from './card.ts';

const DISPUTES_MAX = 1;
const HOLDS_MAX = 2;

const INPUT: CardInput = {
  paymentId: PAYMENT,
  total: { amountMinor: TOTAL, currency: 'EUR' },
  captureMode: 'manual',
  provider: 'Stripe',
  policy: {
    startWithinMs: 15 * MINUTE,
    inquireWithinMs: 10 * MINUTE,
    buyerWithinMs: HOUR,
    reviewWithinMs: 2 * HOUR,
    warnBeforeMs: DAY,
    actBeforeMs: HOUR,
    onHoldEnding: 'nothing',
    onLateMoney: 'adopt',
  },
  at: 0,
};
const withPolicy = (policy: Partial<CardInput['policy']>): CardInput => ({
  ...INPUT,
  policy: { ...INPUT.policy, ...policy },
});

const SCHEDULING = ['capture.scheduled', 'capture.unscheduled'] as const;
const DISPUTING = ['dispute.opened'] as const;
/** Told beside the money, and of nothing that moves it: explored once. */
const RISKS = [
  'risk_review.opened',
  'risk_review.closed',
  'fraud_warning.received',
  'dispute.changed',
] as const;
const GIVING_UP = ['authorization.given_up'] as const;
const FOUND = ['capture.found', 'refund.found', 'refund.failed', 'hold.rescheduled'] as const;

/** What is decided by the hold, while there is one; and by how it ended, afterwards. */
function forgets(c: CardContext): ReturnType<NonNullable<typeof family.forgets>> {
  const { operation } = c;
  const isOpen = openHoldMinor(c) > 0;
  const reason = operation?.reason ?? null;
  return {
    holdSince: null,
    decline: null,
    lastCapture: null,
    isDeclined: wasDeclined(c),
    operation: operation && {
      ...operation,
      requestedAt: 0,
      reason: reason === 'abandoned' || reason === 'renewed' ? reason : null,
    },
    captureAt: c.captureAt && { amountMinor: c.captureAt.amountMinor, final: c.captureAt.final },
    providerRef: c.providerRef !== null,
    ...(c.authorizedMinor === 0 ? {} : { buyer: null }),
    ...(isOpen || c.authorizedMinor === 0
      ? {}
      : { holdEndsAt: null, holdWarned: false, holdActed: false, multicapture: false }),
    ...(isOpen || c.capturedMinor > 0 ? { endedBy: null } : {}),
  };
}

const family: Family<CardContext, CardEvent, CardInput> = {
  lifecycle: cardLifecycle,
  machine: cardMachine,
  inputs: {
    'capturing at the end': {
      input: withPolicy({ onHoldEnding: 'capture', onLateMoney: 'void', warnBeforeMs: 0 }),
      without: [
        ...SCHEDULING,
        ...DISPUTING,
        ...RISKS,
        ...GIVING_UP,
        'refund.found',
        'refund.failed',
        'refund.pending',
      ],
    },
    'voiding at the end': {
      input: withPolicy({ onHoldEnding: 'void', warnBeforeMs: 0 }),
      without: [...SCHEDULING, ...DISPUTING, ...RISKS, ...GIVING_UP, ...FOUND, 'refund.pending'],
    },
    sale: {
      input: {
        ...withPolicy({ onLateMoney: 'void', warnBeforeMs: 0 }),
        captureMode: 'automatic',
      },
      without: [...SCHEDULING, ...DISPUTING, ...RISKS, 'refund.found'],
    },
    scheduled: {
      input: { ...INPUT, captureAt: 2 * DAY },
      without: [...FOUND, ...DISPUTING, ...RISKS, ...GIVING_UP, 'refund.pending'],
    },
    manual: { input: INPUT, without: [...SCHEDULING, ...RISKS, ...GIVING_UP] },
    'reviewed at the provider': {
      input: withPolicy({ captureInReview: 'refuse', warnBeforeMs: 0 }),
      without: [
        ...SCHEDULING,
        ...GIVING_UP,
        ...DISPUTING,
        ...FOUND,
        'fraud_warning.received',
        'dispute.changed',
        'refund.requested',
        'void.found',
        'hold.expired',
      ],
    },
    'warned of': {
      input: { ...withPolicy({ warnBeforeMs: 0 }), captureMode: 'automatic' },
      without: [...SCHEDULING, ...GIVING_UP, ...FOUND, 'refund.pending', 'risk_review.opened'],
    },
    renewing: {
      input: withPolicy({ onHoldEnding: 'reauthorize', warnBeforeMs: 0 }),
      without: [
        ...SCHEDULING,
        ...DISPUTING,
        ...RISKS,
        ...GIVING_UP,
        'refund.pending',
        'refund.found',
        'refund.failed',
        'hold.rescheduled',
        'void.found',
        'hold.expired',
        'void.requested',
      ],
    },
  },
  alphabet: CARD_ALPHABET,
  nothingNew: ['picture.confirmed'],
  bounds: `a total of ${TOTAL}, ${HOLDS_MAX} holds, ${DISPUTES_MAX} dispute`,
  isBeyond: ({ disputes, formerHolds }) =>
    formerHolds.length >= HOLDS_MAX || Object.keys(disputes).length > DISPUTES_MAX,
  forgets,
  bags: ['refunds', 'disputes', 'pendingRefunds'],
  inFlight: (context) => ({
    taking: context.operation?.verb === 'capture' ? context.operation.amountMinor : 0,
    giving:
      pendingMinor(context) +
      (context.operation?.verb === 'refund' ? context.operation.amountMinor : 0),
  }),
  mayExceed: null,
  asks: {
    'capture.requested': 'capture',
    'capture.scheduled': 'capture',
    'capture.unscheduled': 'capture',
    'void.requested': 'void',
    'refund.requested': 'refund',
    'resolution.proposed': 'resolve',
    'authorization.given_up': 'give-up',
  },
  unoffered: { recheck: 'whoever wants to look may look' },
  needs: {
    resolve: (context) => ({
      outcome: 'succeeded',
      reason: 'seen there',
      ...(context.operation === null ? {} : { amountMinor: context.operation.amountMinor }),
      providerRef: referenceOf({ context }) ?? undefined,
    }),
  },
  wholes: [],
  supersedes: {
    'void.requested': 'a buyer who has not paid yet is not waited for any more',
    'buyer.timed_out': 'the buyer did not come back',
  },
  varying: { 'sale.approved': 'a buyer can be faster than a void only while nobody has paid' },
  // A card's operation does not say how far it has come: the state does.
  alike: [
    new Set([
      'authorizing',
      'awaiting_buyer',
      'in_review',
      'capturing',
      'voiding',
      'refunding',
      'reauthorizing',
      'inquiring',
      'parked',
    ]),
  ],
  ends: {
    declined: 'the issuer said no; a buyer may still pay late, which is found',
    expired: 'nothing is held any more; a buyer may still pay late, which is found',
    voided: 'nothing is held any more; a buyer may still pay late, which is found',
    refunded: 'all was given back; a refund may fail, which is found',
    captured: 'all was given back or taken back; what changes at the provider is found',
    partially_refunded: 'the rest is disputed or lost; what changes at the provider is found',
    disputed: 'all of it is disputed; the bank decides, which is found',
    charged_back: 'all of it is lost; the bank may decide otherwise, which is found',
    parked: 'nothing is held, and nobody said under what reference it is known',
  },
  movesAfterEnd: {
    'hold.found': 'the buyer paid late',
    'capture.found': 'somebody captured at the provider',
    'refund.found': 'somebody refunded at the provider',
    'refund.failed': 'the money came back',
    'dispute.opened': 'the buyer disputes what was captured',
    'dispute.changed': 'another amount is disputed now',
    'dispute.won': 'the bank decided',
    'dispute.lost': 'the bank decided',
    'hold.expired': 'what an end left open has lapsed',
    'void.found': 'what an end left open was released',
  },
  untaken: {
    'refunding (recheck[.]requested|news[.]received)':
      'only a payment that version 1 left there has something to ask about',
    '.* (risk_review[.](opened|closed)|fraud_warning[.]received)':
      'it says more of a payment in any state at rest, and leads nowhere',
    'partially_captured dispute[.]changed': 'of a total of 2, a part of it is all that is disputed',
    '(authorized|partially_captured|captured|partially_refunded|disputed|charged_back|refunded) hold[.]found':
      'there is a hold already',
    '(authorized|parked|declined|expired|voided) (refund[.](found|failed)|dispute[.].*)':
      'nothing was captured',
    'refunded refund[.]found': 'all was refunded',
    'captured refund[.]failed': 'nothing was refunded',
    '(captured|partially_refunded|refunded|charged_back) dispute[.](won|lost)':
      'no dispute is open; there is one at most',
    '(captured|partially_refunded|disputed|charged_back|declined|expired|voided|refunded) (void[.]found|hold[.]expired)':
      'nothing is held',
    'partially_refunded capture[.]found': 'of a total of 2, all is captured then',
    '(parked|declined) capture[.]found': 'nothing is held',
  },
};

export const CARD = anyFamily(family);
