/** What each fact changes. Pure; where it leads, the chart says. */
import { assertNever } from '../shared/assert.ts';
import { askAgain, askLater, askNow, askRarely, askSoon } from '../shared/asking.ts';
import { contradiction, inFlight, nextOperation, recheckNow } from '../shared/operation.ts';
import { awaitsFunding, liveInvoices, uninvoicedMinor } from './credit.amounts.ts';
import {
  addInvoice,
  changed,
  closed,
  funded,
  invoiceOf,
  returned,
  shipmentIs,
} from './credit.invoices.ts';
import { NO_WISH } from './credit.context.ts';
import { isAcceptedAs } from './credit.guards.ts';
import { looksAtWhole, refusal } from './credit.refusals.ts';
import { resolvedEvent } from './credit.resolution.ts';
import {
  contradicted,
  lateAcceptance,
  notExecuted,
  reviewTakesLong,
  stillUnknown,
} from './credit.sentences.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext, CreditVerb } from './credit.types.ts';

/** The context after `event`: amounts, invoices, the operation in flight, what people are told. */
export function record(c: CreditContext, event: CreditEvent): CreditContext {
  const after = goesOnAsking(looksAtWhole(c, event, change(c, event)), event);
  // The provider has answered after all, and its word is proof.
  const isAnswered = 'operationId' in event && after.operation?.id !== c.operation?.id;
  const decline = isAnswered ? contradiction(c.resolution, c.provider, event.type) : null;
  const disagreement = AGREES.test(event.type) ? null : after.disagreement;
  return { ...after, disagreement, ...(decline === null ? {} : { decline }) };
}

/** The provider was seen, and what it showed could be. */
const AGREES = /\.(found|confirmed|funded|closed|lapsed)$/;

const waitsLate = (c: CreditContext): boolean =>
  liveInvoices(c).some((invoice) => invoice.isLate && awaitsFunding(invoice));

/** What the provider still owes an answer or a payment is asked about whatever else happened, until
 *  patience is over or a person has to look. */
function goesOnAsking(c: CreditContext, { at, type }: CreditEvent): CreditContext {
  const isQuiet = type === 'inquiry.exhausted' || type === 'picture.contradicted';
  if (isQuiet || c.operation !== null || c.asking !== null) return c;
  return c.isReviewed || waitsLate(c) ? { ...c, asking: askSoon(at) } : c;
}

type Terms = { amountMinor: number; reason?: string | null; follows?: string | null };

/** Starts an operation, which supersedes whatever was said about the last one. */
function begin(c: CreditContext, verb: CreditVerb, at: number, terms: Terms): CreditContext {
  return {
    ...c,
    ...nextOperation(c, verb, at, terms),
    asking: null,
    news: null,
    resolution: null,
    isParked: false,
    decline: null,
    attention: null,
    refused: null,
  };
}

const answered = (c: CreditContext): CreditContext => ({
  ...c,
  operation: null,
  asking: null,
  news: null,
  resolution: null,
  isParked: false,
});

/** Who said that it failed need not be told so. */
const notDone = (c: CreditContext): string | null =>
  c.resolution?.outcome === 'failed' ? null : notExecuted(c);

const parked = (c: CreditContext): CreditContext => ({
  ...c,
  isParked: true,
  asking: null,
  resolution: null,
});

/** The provider was looked at, and nothing more is to be asked. */
const seen = (c: CreditContext): CreditContext => ({ ...c, asking: null, news: null });

function change(c: CreditContext, event: CreditEvent): CreditContext {
  switch (event.type) {
    case 'offer.approved':
      return {
        ...answered(c),
        offer: event.offer,
        offerEndsAt: event.at + c.policy.buyerWithinMs,
        asking: askRarely(event.at),
      };
    case 'order.approved':
      return accepted(c, { ...event, amountMinor: c.requestedMinor });
    case 'order.found':
      return accepted(c, event);
    case 'order.reviewed':
    case 'review.found':
      return {
        ...answered(c),
        providerRef: event.providerRef,
        claimedRef: null,
        isReviewed: true,
        asking: askSoon(event.at),
      };
    case 'invoice.approved': {
      const terms = { amountMinor: c.operation?.amountMinor ?? 0, follows: inFlight(c.operation) };
      return begin(addInvoice(c, event), 'ship', event.at, { ...terms, reason: 'automatic' });
    }
    case 'shipment.approved':
      return shipmentIs(answered(c), 'shipped', event.providerRef);
    case 'cancellation.approved':
    case 'cancellation.found':
      return cancelled(c);
    case 'invoice_cancellation.approved':
      return invoiceCancelled(answered(c), c.upon);
    case 'return.approved':
      return returned(answered(c), c.upon, c.operation?.amountMinor ?? 0);
    case 'cancellation.declined':
      return notCancelled(c, { ...answered(c), decline: event.decline });
    case 'offer.declined':
    case 'order.declined':
    case 'invoice.declined':
    case 'invoice_cancellation.declined':
    case 'return.declined':
      return { ...answered(c), decline: event.decline };
    case 'shipment.declined':
      return shipmentIs({ ...answered(c), decline: event.decline }, 'failed', null);
    case 'offer.refused':
    case 'order.refused':
      return { ...(c.version === 1 ? parked(c) : answered(c)), ...refusal(c, event) };
    case 'shipment.refused':
      return { ...shipmentIs(answered(c), 'failed', null), ...refusal(c, event) };
    case 'cancellation.refused':
      return notCancelled(c, { ...answered(c), ...refusal(c, event) });
    case 'invoice.refused':
    case 'invoice_cancellation.refused':
    case 'return.refused':
      return { ...answered(c), ...refusal(c, event) };
    case 'offer.unknown':
    case 'order.unknown':
    case 'invoice.unknown':
    case 'shipment.unknown':
    case 'cancellation.unknown':
    case 'invoice_cancellation.unknown':
    case 'return.unknown':
      return { ...c, asking: askNow(event.at), news: null };
    case 'offer.absent':
    case 'order.absent':
    case 'payment.abandoned':
      return { ...answered(c), endedBy: 'time' };
    case 'shipment.absent':
      return shipmentIs(answered(c), 'failed', null);
    case 'cancellation.absent':
      return notCancelled(c, { ...answered(c), attention: notDone(c) });
    case 'invoice.absent':
    case 'invoice_cancellation.absent':
    case 'return.absent':
      return { ...answered(c), attention: notDone(c) };
    case 'acceptance.claimed':
      // Nothing new: the provider said so first.
      if (isAcceptedAs(c, event.providerRef)) return c;
      return {
        ...begin(c, 'accept', event.at, { amountMinor: c.requestedMinor }),
        claimedRef: event.providerRef,
        asking: askNow(event.at),
      };
    case 'acceptance.rejected':
      return {
        ...answered(c),
        claimedRef: null,
        asking: askSoon(event.at),
        decline: {
          verb: 'accept',
          code: 'contradicts_proof',
          message: `That order is not this payment's: ${event.reason}.`,
          advice: 'Hand the offer to the buyer again.',
        },
      };
    // Who accepted it in the last moment is seen.
    case 'offer.timed_out':
      return { ...answered(c), endedBy: 'time', asking: askNow(event.at) };
    case 'offer.withdrawn':
      return { ...answered(c), endedBy: 'cancel', asking: askNow(event.at) };
    case 'invoice.requested': {
      const { amountMinor, dueOn, number, shipment } = event;
      const wish = { number, dueOn, shipment };
      return { ...begin(c, 'invoice', event.at, { amountMinor }), upon: number, wish };
    }
    case 'shipment.requested': {
      const { number, shipment } = event;
      const { amountMinor } = invoiceOf(c, number);
      const wish = { ...c.wish, number, shipment };
      return { ...begin(c, 'ship', event.at, { amountMinor }), upon: number, wish };
    }
    case 'cancellation.requested': {
      const amountMinor = uninvoicedMinor(c);
      return begin(c, 'cancel', event.at, { amountMinor, reason: event.reason });
    }
    case 'invoice_cancellation.requested': {
      const { number, reason } = event;
      const { amountMinor } = invoiceOf(c, number);
      return { ...begin(c, 'cancel-invoice', event.at, { amountMinor, reason }), upon: number };
    }
    case 'return.requested': {
      const { amountMinor, number, reason } = event;
      return { ...begin(c, 'return', event.at, { amountMinor, reason }), upon: number };
    }
    case 'order.lapsed':
      return {
        ...seen(c),
        releasedMinor: c.releasedMinor + event.amountMinor,
        endedBy: 'time',
      };
    case 'invoice.found': {
      const found = { ...c, upon: event.number, wish: { ...NO_WISH, number: event.number } };
      return shipmentIs(addInvoice(seen(found), event), 'shipped', null);
    }
    case 'invoice_cancellation.found':
      return invoiceCancelled(seen(c), event.number);
    case 'return.found':
      return returned(seen(c), event.number, event.amountMinor);
    case 'invoice.funded':
      return funded(seen(c), event.number, event.amountMinor);
    case 'invoice.closed':
      return closed(seen(c), event.number);
    case 'funding.overdue':
      return { ...changed(c, event.number, { isLate: true }), asking: askNow(event.at) };
    case 'order.expiry_due':
      return { ...c, isExpiryAsked: true, asking: askNow(event.at) };
    case 'picture.confirmed':
      return confirmed(c, event.at);
    case 'picture.contradicted':
      return { ...seen(c), disagreement: contradicted(c, event.reason) };
    case 'recheck.requested': {
      const patienceMs = c.policy.inquireWithinMs;
      const anew = c.operation === null ? askNow(event.at) : recheckNow(event.at, patienceMs);
      const asking = c.asking === null ? anew : askAgain(c.asking);
      // What a person was told at rest stays true until something is seen, or done.
      const attention = c.operation === null ? c.attention : null;
      return { ...c, isParked: false, attention, asking };
    }
    case 'news.received': {
      const { claim, notificationId, verified } = event;
      return {
        ...c,
        isParked: false,
        providerRef: c.providerRef ?? (c.authorizedMinor > 0 ? event.providerRef : null),
        news: { claim, notificationId, verified },
        asking: c.asking === null ? askNow(event.at) : askAgain(c.asking),
      };
    }
    case 'resolution.proposed': {
      const { outcome, providerRef } = event;
      const resolution = { outcome, providerRef };
      return { ...c, isParked: false, attention: null, asking: askNow(event.at), resolution };
    }
    case 'resolution.applied':
      return change(c, resolvedEvent(c, event.at));
    case 'inquiry.due':
      return { ...c, asking: c.asking && askAgain(c.asking) };
    case 'inquiry.inconclusive':
      return {
        ...c,
        news: null,
        asking: c.asking && askLater(c.asking, event.at),
      };
    case 'inquiry.exhausted':
      return exhausted(c, event.at);
    default:
      return assertNever(event);
  }
}

const TOO_LATE = 'accepted too late';

/** An order that is not wanted stands all the same: nobody may forget it. */
const notCancelled = (c: CreditContext, after: CreditContext): CreditContext =>
  c.operation?.verb === 'cancel' && c.operation.reason === TOO_LATE
    ? { ...after, attention: lateAcceptance(c) }
    : after;

type Accepted = {
  readonly at: number;
  readonly providerRef: string;
  readonly amountMinor: number;
  readonly expiresAt: number | null;
  readonly others?: readonly string[];
};

/** The provider holds credit for the whole order from now on. */
function accepted(c: CreditContext, order: Accepted): CreditContext {
  const next: CreditContext = {
    ...answered(c),
    authorizedMinor: order.amountMinor,
    providerRef: order.providerRef,
    expiresAt: order.expiresAt,
    claimedRef: null,
    isReviewed: false,
    decline: null,
    duplicates: order.others ?? [],
    endedBy: null,
  };
  if (c.endedBy === null) return next;
  const isUnwanted = c.endedBy === 'cancel' || c.policy.onLateAcceptance === 'void';
  return isUnwanted
    ? begin(next, 'cancel', order.at, {
        amountMinor: order.amountMinor,
        reason: TOO_LATE,
      })
    : { ...next, attention: lateAcceptance(c) };
}

/** Before anybody accepted it that is a no; afterwards the credit is free again. */
function cancelled(c: CreditContext): CreditContext {
  const next = { ...answered(c), claimedRef: null, isReviewed: false };
  if (c.authorizedMinor > 0) {
    return {
      ...next,
      releasedMinor: c.releasedMinor + uninvoicedMinor(c),
      endedBy: 'cancel',
      attention: null,
    };
  }
  // Who asked for it is not told that it was refused.
  if (c.operation?.verb === 'cancel') return { ...next, endedBy: 'cancel' };
  const message = `${c.provider} cancelled the order: the buyer's credit was refused, or withdrawn.`;
  return { ...next, decline: { verb: 'order', code: 'order_canceled', message, advice: null } };
}

/** What it was of may be invoiced anew, unless the order's time is over: the provider is asked. */
const invoiceCancelled = (c: CreditContext, number: string | null): CreditContext => ({
  ...changed(c, number, { isCancelled: true, isLate: false }),
  isExpiryAsked: false,
});

/** Looked at, and the same as before. What should have happened by now is asked about again, ever
 *  later. */
function confirmed(c: CreditContext, at: number): CreditContext {
  const isOpen = c.authorizedMinor === 0 && c.endedBy === null;
  const waits = waitsLate(c) || (isOpen && (c.offerEndsAt !== null || c.isReviewed));
  if (!waits || c.asking === null) return seen(c);
  return { ...c, news: null, asking: askLater(c.asking, at) };
}

function exhausted(c: CreditContext, at: number): CreditContext {
  if (c.operation?.verb === 'accept') {
    const again = { ...answered(c), claimedRef: null, asking: askSoon(at) };
    return { ...again, attention: stillUnknown(c) };
  }
  if (c.operation !== null) {
    return { ...parked(c), attention: stillUnknown(c) };
  }
  // What nobody could see of an order that lapses is asked about again.
  const rested = { ...seen(c), isExpiryAsked: false };
  return c.isReviewed ? { ...rested, attention: reviewTakesLong(c) } : rested;
}
