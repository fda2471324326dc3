/** What each fact changes. Pure; where it leads, the chart says. */
import { assert, assertNever } from '../shared/assert.ts';
import { askAgain, askLater, askNow } from '../shared/asking.ts';
import { contradiction, inFlight, nextOperation, recheckNow } from '../shared/operation.ts';
import { openMinor } from './guarantee.amounts.ts';
import { NO_WISH } from './guarantee.context.ts';
import { resolvedEvent } from './guarantee.resolution.ts';
import {
  contradicted,
  notApplied,
  notExecuted,
  refusedByProvider,
  stillUnknown,
} from './guarantee.sentences.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeContext, GuaranteeVerb } from './guarantee.types.ts';

/** The integration wants the next step to follow by itself. */
const automatic = (c: GuaranteeContext) => ({
  reason: 'automatic',
  follows: inFlight(c.operation),
});

/** Starts an operation, which supersedes whatever was said about the last one. */
function begin(
  c: GuaranteeContext,
  verb: GuaranteeVerb,
  at: number,
  terms: { amountMinor: number; reason?: string | null; follows?: string | null },
): GuaranteeContext {
  return {
    ...c,
    ...nextOperation(c, verb, at, terms),
    asking: null,
    news: null,
    resolution: null,
    isParked: false,
    decline: null,
    attention: null,
  };
}

const answered = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  operation: null,
  applying: null,
  asking: null,
  news: null,
  resolution: null,
  isParked: false,
});

const parked = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  isParked: true,
  asking: null,
  resolution: null,
});

/** The provider was looked at, and nothing more is to be asked. */
const seen = (c: GuaranteeContext): GuaranteeContext => ({ ...c, asking: null, news: null });

const whole = (c: GuaranteeContext): { amountMinor: number } => ({ amountMinor: openMinor(c) });

/** The context after `event`: amounts, the operation in flight, what people are told. */
export function record(c: GuaranteeContext, event: GuaranteeEvent): GuaranteeContext {
  const after = change(c, event);
  // The provider has answered after all, and its word is proof.
  const isAnswered = 'operationId' in event && after.operation?.id !== c.operation?.id;
  const decline = isAnswered ? contradiction(c.resolution, c.provider, event.type) : null;
  const disagreement = AGREES.test(event.type) ? null : after.disagreement;
  return { ...after, disagreement, ...(decline === null ? {} : { decline }) };
}

/** The provider was seen, and what it showed could be. */
const AGREES = /\.(found|confirmed)$/;

/** `record` but for what an operator is told who was contradicted: that leads nowhere else. */
export function change(c: GuaranteeContext, event: GuaranteeEvent): GuaranteeContext {
  switch (event.type) {
    case 'reservation.approved':
      return reserved(c, event);
    case 'modification.approved':
      return {
        ...answered(c),
        requestedMinor: c.operation?.amountMinor ?? c.requestedMinor,
        reservedMinor: c.operation?.amountMinor ?? c.reservedMinor,
        notes: event.notes,
      };
    case 'capture.approved':
    case 'capture.found':
      return captured(c, event);
    case 'activation.approved':
      return {
        ...answered(c),
        stage: 'guaranteed',
        guaranteedMinor: event.guaranteedMinor,
        invoice: event.invoice,
        notes: event.notes,
      };
    case 'cancellation.approved':
      return { ...released(answered(c)), notes: event.notes };
    case 'application.approved':
      return { ...applied(c), notes: event.notes };
    case 'activation.declined':
      return {
        ...answered(c),
        stage: 'denied',
        notes: event.notes,
        decline: event.decline,
      };
    case 'cancellation.declined':
      // Only the portal frees the limit now, and until somebody did so it is not forgotten.
      return {
        ...answered(c),
        isLimitBlocked: true,
        notes: event.notes,
        decline: event.decline,
      };
    case 'application.declined':
      return {
        ...answered(c),
        notes: event.notes,
        decline: event.decline,
        attention: notApplied(c, event.decline.message),
      };
    case 'reservation.declined':
    case 'modification.declined':
    case 'capture.declined':
      return { ...answered(c), notes: event.notes, decline: event.decline };
    case 'reservation.refused':
      return { ...parked(c), attention: refusedByProvider(c, event.reason) };
    case 'application.refused':
      return { ...answered(c), attention: notApplied(c, event.reason) };
    case 'modification.refused':
    case 'capture.refused':
    case 'activation.refused':
    case 'cancellation.refused':
      return { ...answered(c), attention: refusedByProvider(c, event.reason) };
    case 'reservation.unknown':
    case 'modification.unknown':
    case 'capture.unknown':
    case 'activation.unknown':
    case 'cancellation.unknown':
    case 'application.unknown':
      return { ...c, invoice: event.invoice ?? c.invoice, asking: askNow(event.at), news: null };
    case 'reservation.absent':
    case 'payment.abandoned':
      return answered(c);
    case 'application.absent':
      return { ...answered(c), attention: notApplied(c, 'it did not arrive') };
    case 'modification.absent':
    case 'capture.absent':
    case 'activation.absent':
    case 'cancellation.absent':
      return {
        ...answered(c),
        attention: c.resolution?.outcome === 'failed' ? null : notExecuted(c),
      };
    case 'modification.requested':
      return begin(c, 'modify', event.at, event);
    case 'capture.requested':
      return begin(c, 'capture', event.at, whole(c));
    case 'activation.requested':
      return { ...begin(c, 'activate', event.at, whole(c)), wish: event.wish, invoice: null };
    case 'cancellation.requested':
      return begin(c, 'cancel', event.at, { ...whole(c), reason: event.reason });
    case 'application.requested':
      return apply(c, event.receiptId, event.at);
    case 'receipt.recorded':
      return received(c, event);
    case 'claim.recorded':
    case 'claim.found':
      return {
        ...seen(c),
        receivedMinor: c.receivedMinor + event.amountMinor,
        claimedMinor: c.claimedMinor + event.amountMinor,
        attention: null,
      };
    case 'payment.found': {
      const receipt = {
        amountMinor: event.amountMinor,
        reference: null,
        receivedOn: null,
        isApplied: true,
      };
      return {
        ...seen(c),
        receivedMinor: c.receivedMinor + event.amountMinor,
        receipts: { ...c.receipts, [nextReceipt(c)]: receipt },
        attention: null,
      };
    }
    case 'payment.written_off':
      // What it was about to ask the provider does not matter any more.
      return {
        ...seen(c),
        writtenOffMinor: c.writtenOffMinor + event.amountMinor,
        attention: null,
      };
    case 'reservation.aged':
      return { ...c, isAged: true };
    case 'payment.overdue':
      // Where the provider watches the merchant's account it may know that the buyer has paid.
      return { ...c, isOverdue: true, asking: askNow(event.at) };
    case 'release.claimed':
      return {
        ...begin(c, 'release', event.at, { ...whole(c), reason: event.reason }),
        asking: askNow(event.at),
      };
    case 'limit.released':
      return released(answered(c));
    case 'release.contradicted':
      return {
        ...answered(c),
        decline: {
          verb: 'confirm-limit-released',
          code: 'contradicts_proof',
          message: `${c.provider} still has the order: ${event.reason}.`,
          advice: `Cancel it in ${c.provider}’s portal, and confirm then.`,
        },
      };
    case 'cancellation.found':
      return released(seen(c));
    case 'picture.confirmed':
      return seen(c);
    case 'picture.contradicted':
      return { ...seen(c), disagreement: contradicted(c, event.reason) };
    case 'inquiry.due':
      return { ...c, asking: c.asking && askAgain(c.asking) };
    case 'recheck.requested': {
      const patienceMs = c.policy.inquireWithinMs;
      const anew = c.operation === null ? askNow(event.at) : recheckNow(event.at, patienceMs);
      const asking = c.asking === null ? anew : askAgain(c.asking);
      // What a person was told at rest stays true until something is seen, or done.
      const attention = c.operation === null ? c.attention : null;
      return { ...c, isParked: false, attention, asking };
    }
    case 'news.received': {
      const { notificationId, verified } = event;
      return {
        ...c,
        isParked: false,
        news: { notificationId, verified },
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
    case 'inquiry.inconclusive':
      return {
        ...c,
        invoice: event.invoice ?? c.invoice,
        news: null,
        asking: c.asking && askLater(c.asking, event.at),
      };
    case 'inquiry.exhausted':
      return c.operation === null ? seen(c) : { ...parked(c), attention: stillUnknown(c) };
    default:
      return assertNever(event);
  }
}

type Of<T extends GuaranteeEvent['type']> = Extract<GuaranteeEvent, { type: T }>;

function reserved(c: GuaranteeContext, event: Of<'reservation.approved'>): GuaranteeContext {
  const next: GuaranteeContext = {
    ...answered(c),
    stage: 'reserved',
    reservedMinor: c.requestedMinor,
    providerRef: event.providerRef ?? c.providerRef,
    notes: event.notes,
  };
  const isLate = c.asking !== null && event.at > c.requestedAt + c.policy.startWithinMs;
  if (isLate && c.policy.onLateReservation === 'void') {
    return begin(next, 'cancel', event.at, { ...whole(next), reason: 'reserved too late' });
  }
  return c.policy.autoCapture
    ? begin(next, 'capture', event.at, { ...whole(next), ...automatic(c) })
    : next;
}

function captured(
  c: GuaranteeContext,
  event: Of<'capture.approved'> | Of<'capture.found'>,
): GuaranteeContext {
  const notes = 'notes' in event ? event.notes : c.notes;
  const next: GuaranteeContext = { ...answered(c), stage: 'captured', notes };
  if (!c.policy.autoActivate) return next;
  const terms = { ...whole(next), ...automatic(c) };
  return { ...begin(next, 'activate', event.at, terms), wish: NO_WISH };
}

/** Nothing blocks the buyer's limit any more. */
const released = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  releasedMinor: c.releasedMinor + openMinor(c),
  guaranteedMinor: 0,
  isLimitBlocked: false,
  attention: null,
});

const nextReceipt = (c: GuaranteeContext): string =>
  `receipt_${Object.keys(c.receipts).length + 1}`;

function received(c: GuaranteeContext, event: Of<'receipt.recorded'>): GuaranteeContext {
  const { amountMinor, reference, receivedOn } = event;
  const id = nextReceipt(c);
  const next: GuaranteeContext = {
    ...seen(c),
    receivedMinor: c.receivedMinor + amountMinor,
    receipts: { ...c.receipts, [id]: { amountMinor, reference, receivedOn, isApplied: false } },
    attention: null,
  };
  return c.policy.appliesReceipts ? apply(next, id, event.at) : next;
}

function apply(c: GuaranteeContext, receiptId: string, at: number): GuaranteeContext {
  const receipt = c.receipts[receiptId];
  assert(receipt !== undefined, 'a receipt that is not there is to be told of');
  return { ...begin(c, 'apply', at, receipt), applying: receiptId };
}

function applied(c: GuaranteeContext): GuaranteeContext {
  const receipt = c.receipts[c.applying ?? ''];
  assert(receipt !== undefined, 'the provider took a receipt that is not there');
  const receipts = { ...c.receipts, [c.applying ?? '']: { ...receipt, isApplied: true } };
  return { ...answered(c), receipts };
}
