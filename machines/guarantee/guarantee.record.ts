/** What each fact changes. Pure; where it leads, the chart says. */
import { assertNever } from '../shared/assert.ts';
import { askAgain, askLater, askNow } from '../shared/asking.ts';
import { contradiction, recheckNow } from '../shared/operation.ts';
import { NO_WISH } from './guarantee.context.ts';
import {
  applied,
  apply,
  bounced,
  received,
  receivedThere,
  refunded,
  released,
} from './guarantee.money.ts';
import {
  answered,
  automatic,
  begin,
  lookAfter,
  parked,
  seen,
  whole,
} from './guarantee.operations.ts';
import { refused } from './guarantee.refusals.ts';
import { resolvedEvent } from './guarantee.resolution.ts';
import { contradicted, notApplied, notExecuted, stillUnknown } from './guarantee.sentences.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

/** The context after `event`: amounts, the operation in flight, what people are told. */
export function record(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  event: GuaranteeEvent,
): GuaranteeContext {
  const after = change(rules, c, event);
  // The provider has answered after all, and its word is proof.
  const isAnswered = 'operationId' in event && after.operation?.id !== c.operation?.id;
  const decline = isAnswered ? contradiction(c.resolution, c.provider, event.type) : null;
  const disagreement = AGREES.test(event.type) ? null : after.disagreement;
  return { ...after, disagreement, ...(decline === null ? {} : { decline }) };
}

/** The provider was seen, and what it showed could be. */
const AGREES = /\.(found|confirmed)$/;

/** `record` but for what an operator is told who was contradicted: that leads nowhere else. */
export function change(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  event: GuaranteeEvent,
): GuaranteeContext {
  const after = changed(rules, c, event);
  const hasEnded = c.operation !== null && after.operation === null;
  return hasEnded ? lookAfter(rules, c, after, event) : after;
}

function changed(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  event: GuaranteeEvent,
): GuaranteeContext {
  switch (event.type) {
    case 'reservation.approved':
      return reserved(rules, c, event);
    case 'modification.approved':
      return {
        ...answered(c),
        requestedMinor: c.operation?.amountMinor ?? c.requestedMinor,
        reservedMinor: c.operation?.amountMinor ?? c.reservedMinor,
        notes: event.notes,
      };
    case 'capture.approved':
      return captured(rules, c, event);
    case 'capture.found':
      // What is found replaces what was said of a refusal.
      return captured(rules, rules.takesRefusalsForAnswers ? { ...c, attention: null } : c, event);
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
      return { ...answered(c), isDeclined: true, notes: event.notes, decline: event.decline };
    case 'modification.declined':
    case 'capture.declined':
      return { ...answered(c), notes: event.notes, decline: event.decline };
    case 'reservation.refused':
    case 'modification.refused':
    case 'capture.refused':
    case 'activation.refused':
    case 'cancellation.refused':
    case 'application.refused':
      return refused(rules, c, event);
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
      return begin(rules, c, 'modify', event.at, event);
    case 'capture.requested':
      return begin(rules, c, 'capture', event.at, whole(c));
    case 'activation.requested':
      return {
        ...begin(rules, c, 'activate', event.at, whole(c)),
        wish: event.wish,
        invoice: null,
      };
    case 'cancellation.requested':
      return begin(rules, c, 'cancel', event.at, { ...whole(c), reason: event.reason });
    case 'application.requested':
      return apply(rules, c, event.receiptId, event.at);
    case 'receipt.recorded':
      return received(rules, c, event);
    case 'receipt.bounced':
      return bounced(c, event.receiptId);
    case 'refund.recorded':
      return refunded(c, event.amountMinor);
    case 'claim.recorded':
    case 'claim.found':
      return {
        ...seen(c),
        receivedMinor: c.receivedMinor + event.amountMinor,
        claimedMinor: c.claimedMinor + event.amountMinor,
        bouncedReceipt: null,
        attention: null,
      };
    case 'payment.found':
      return receivedThere(c, event.amountMinor);
    case 'payment.written_off':
      // What it was about to ask the provider does not matter any more.
      return {
        ...seen(c),
        writtenOffMinor: c.writtenOffMinor + event.amountMinor,
        bouncedReceipt: null,
        attention: null,
      };
    case 'reservation.aged':
      return { ...c, isAged: true };
    case 'payment.overdue':
      // Where the provider watches the merchant's account it may know that the buyer has paid.
      return { ...c, isOverdue: true, asking: askNow(event.at) };
    case 'release.claimed':
      return {
        ...begin(rules, c, 'release', event.at, { ...whole(c), reason: event.reason }),
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
    case 'picture.contradicted': {
      const attention = c.refused === null ? c.attention : null;
      return { ...seen(c), attention, disagreement: contradicted(c, event.reason) };
    }
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
        hasHeard: rules.looksAfterNews && c.operation !== null,
        asking: c.asking === null ? askNow(event.at) : askAgain(c.asking),
      };
    }
    case 'resolution.proposed': {
      const { outcome, providerRef } = event;
      const resolution = { outcome, providerRef };
      return { ...c, isParked: false, attention: null, asking: askNow(event.at), resolution };
    }
    case 'resolution.applied':
      return changed(rules, c, resolvedEvent(c, event.at));
    case 'inquiry.inconclusive':
      return {
        ...c,
        invoice: event.invoice ?? c.invoice,
        news: null,
        // Whoever was refused is answered with what is known.
        refused: null,
        asking: c.asking && askLater(c.asking, event.at),
      };
    case 'inquiry.exhausted':
      return c.operation === null ? seen(c) : { ...parked(c), attention: stillUnknown(c) };
    default:
      return assertNever(event);
  }
}

type Of<T extends GuaranteeEvent['type']> = Extract<GuaranteeEvent, { type: T }>;

function reserved(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  event: Of<'reservation.approved'>,
): GuaranteeContext {
  const next: GuaranteeContext = {
    ...answered(c),
    stage: 'reserved',
    reservedMinor: c.requestedMinor,
    providerRef: event.providerRef ?? c.providerRef,
    notes: event.notes,
  };
  const isLate = c.asking !== null && event.at > c.requestedAt + c.policy.startWithinMs;
  if (isLate && c.policy.onLateReservation === 'void') {
    return begin(rules, next, 'cancel', event.at, { ...whole(next), reason: 'reserved too late' });
  }
  return c.policy.autoCapture
    ? begin(rules, next, 'capture', event.at, { ...whole(next), ...automatic(c) })
    : next;
}

function captured(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  event: Of<'capture.approved'> | Of<'capture.found'>,
): GuaranteeContext {
  const notes = 'notes' in event ? event.notes : c.notes;
  const next: GuaranteeContext = { ...answered(c), refused: null, stage: 'captured', notes };
  if (!c.policy.autoActivate) return next;
  const terms = { ...whole(next), ...automatic(c) };
  return { ...begin(rules, next, 'activate', event.at, terms), wish: NO_WISH };
}
