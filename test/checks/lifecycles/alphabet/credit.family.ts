/** The credit family, as the check has to know it. */
import {
  awaitsFunding,
  canBeCancelled,
  liveInvoices,
  returnableMinor,
  uninvoicedMinor,
  unshipped,
} from '../../../../machines/credit/credit.amounts.ts';
import type { CreditEvent } from '../../../../machines/credit/credit.events.ts';
import { creditLifecycle } from '../../../../machines/credit/credit.lifecycle.ts';
import { creditMachine } from '../../../../machines/credit/credit.machine.ts';
import type {
  CreditContext,
  CreditInput,
  CreditInvoice,
} from '../../../../machines/credit/credit.types.ts';
import { anyFamily, DAY, type Family, HOUR, MINUTE, PAYMENT, TOTAL } from '../family.ts';
import { CREDIT_ALPHABET, INVOICES_MAX } from './credit.ts';

const INPUT: CreditInput = {
  paymentId: PAYMENT,
  total: { amountMinor: TOTAL, currency: 'USD' },
  provider: 'Apruve',
  orderId: '4711',
  corporateAccountId: null,
  policy: {
    startWithinMs: 15 * MINUTE,
    inquireWithinMs: DAY,
    orderWithinMs: 45 * DAY,
    buyerWithinMs: HOUR,
    reviewWithinMs: 2 * HOUR,
    fundWithinMs: DAY,
    onLateAcceptance: 'adopt',
  },
  at: 0,
};

/** Names one of the invoices that a command can be about. */
const named = (invoices: readonly CreditInvoice[]): { invoiceNumber?: string } =>
  invoices[0] === undefined ? {} : { invoiceNumber: invoices[0].number };

/** Two invoices may be told apart by what became of them, and not by their names. */
function forgets(c: CreditContext): ReturnType<NonNullable<typeof family.forgets>> {
  const { authorizedMinor, decline, operation, resolution } = c;
  const isAccepted = authorizedMinor > 0;
  return {
    invoices: liveInvoices(c)
      .map(({ amountMinor, returnedMinor, releasedMinor, shipment, ...invoice }) =>
        [
          operation !== null && invoice.number === c.upon ? 'upon' : '',
          amountMinor,
          returnedMinor,
          releasedMinor,
          shipment.status,
          invoice.isFunded,
          invoice.isLate,
          invoice.isClosed,
        ].join(' '),
      )
      .toSorted(),
    wish: null,
    claimedRef: null,
    offerEndsAt: null,
    upon: null,
    providerRef: c.providerRef !== null,
    resolution: resolution?.outcome ?? null,
    decline: !isAccepted && decline !== null && decline.verb !== 'accept',
    operation: operation && { ...operation, requestedAt: 0, reason: null },
    ...(isAccepted ? { offer: null } : {}),
    ...(uninvoicedMinor(c) > 0 ? {} : { expiresAt: null, isExpiryAsked: false }),
  };
}

const family: Family<CreditContext, CreditEvent, CreditInput> = {
  lifecycle: creditLifecycle,
  machine: creditMachine,
  inputs: {
    offered: { input: INPUT, without: [] },
    'accepted too late': {
      input: { ...INPUT, policy: { ...INPUT.policy, onLateAcceptance: 'void' } },
      without: ['invoice.requested', 'invoice.found'],
    },
    placed: {
      input: { ...INPUT, corporateAccountId: 'account_1' },
      without: ['invoice.requested', 'invoice.found'],
    },
  },
  alphabet: CREDIT_ALPHABET,
  nothingNew: ['picture.confirmed'],
  bounds: `a total of ${TOTAL}, ${INVOICES_MAX} invoices`,
  isBeyond: ({ invoices }) => Object.keys(invoices).length > INVOICES_MAX,
  forgets,
  bags: [],
  inFlight: ({ invoices, operation, upon }) => ({
    taking: operation?.verb === 'invoice' ? operation.amountMinor : 0,
    giving:
      operation?.verb === 'return' && invoices[upon ?? '']?.isFunded === true
        ? operation.amountMinor
        : 0,
  }),
  mayExceed: null,
  asks: {
    'acceptance.claimed': 'accept',
    'offer.withdrawn': 'cancel',
    'invoice.requested': 'invoice',
    'shipment.requested': 'ship',
    'cancellation.requested': 'cancel',
    'invoice_cancellation.requested': 'cancel-invoice',
    'return.requested': 'refund',
    'resolution.proposed': 'resolve',
  },
  unoffered: { accept: 'who says again what is known is answered as the first time' },
  needs: {
    accept: () => ({ providerRef: 'order_1' }),
    receive: (c) => named(liveInvoices(c).filter(awaitsFunding)),
    ship: (c) => named(unshipped(c)),
    'cancel-invoice': (c) => named(liveInvoices(c).filter(canBeCancelled)),
    refund: (c) =>
      named(liveInvoices(c).toSorted((a, b) => returnableMinor(b) - returnableMinor(a))),
    resolve: () => ({ outcome: 'succeeded', reason: 'seen there', providerRef: 'seen_1' }),
  },
  wholes: [],
  supersedes: { 'order.found': 'the acceptance that was looked for is there, and is not wanted' },
  varying: {},
  alike: [],
  ends: {
    declined: 'the provider said no; a buyer may still accept, which is found',
    expired: 'nobody accepted in time, or what was not invoiced has lapsed',
    cancelled: 'the credit is free again',
  },
  movesAfterEnd: {
    'order.found': 'the buyer accepted late',
  },
  untaken: {
    '(authorized|invoiced|funding_late|partially_funded|funded|closed|returned) shipment[.]requested':
      'every shipment is known there',
    '(authorized|partially_funded|funded|closed|returned) invoice_cancellation[.](requested|found)':
      'no invoice is there that was not paid',
    '(authorized|returned) return[.](requested|found)': 'nothing is left to come back',
    '(authorized|partially_funded|funded|closed|returned) (invoice[.]funded|funding[.]overdue)':
      'nothing waits to be funded',
    '(authorized|closed) invoice[.]closed': 'every invoice is closed, or there is none',
    '(ship_failed|invoiced|funding_late|partially_funded|funded|closed|returned) cancellation[.]requested':
      'an order with an invoice is not cancelled',
    '(funded|closed) (invoice[.](requested|found)|order[.](lapsed|expiry_due))':
      'all of it is invoiced',
  },
};

export const CREDIT = anyFamily(family);
