import { assert, assertNever } from '../shared/assert.ts';
import { askAgain, askLater, askNow, askSoon } from '../shared/asking.ts';
import { operationId } from '../shared/ids.ts';
import { formatMoney } from '../shared/money.ts';
import type { CardContext, CardEvent, CardStatus, CardVerb, Operation } from './card.types.ts';

const HOUR = 3_600_000;
/** A buyer who comes back wants to know; nobody else looks so closely. */
const BUYER_MAX_MS = 60_000;

/** What of the hold is neither captured nor released. */
export const openHoldMinor = (c: CardContext): number =>
  c.authorizedMinor - c.capturedMinor - c.voidedMinor;

export const refundableMinor = (c: CardContext): number => c.capturedMinor - c.refundedMinor;

/** The same operation has the same id wherever it is computed. */
function nextOperation(
  c: CardContext,
  verb: CardVerb,
  at: number,
  terms: { amountMinor: number; final?: boolean; reason?: string | null },
): Operation {
  return {
    id: operationId(c.paymentId, verb, c.ordinals[verb] + 1),
    verb,
    amountMinor: terms.amountMinor,
    final: terms.final ?? false,
    reason: terms.reason ?? null,
    requestedAt: at,
  };
}

/** A new operation supersedes whatever was said about the last one. */
const begin = (c: CardContext, operation: Operation): CardContext => ({
  ...c,
  operation,
  ordinals: { ...c.ordinals, [operation.verb]: c.ordinals[operation.verb] + 1 },
  asking: null,
  buyer: null,
  decline: null,
  attention: null,
});

const answered = (c: CardContext): CardContext => ({
  ...c,
  operation: null,
  asking: null,
  buyer: null,
});

const WORDS: Readonly<Record<CardVerb, string>> = {
  authorize: 'authorization',
  capture: 'capture',
  void: 'void',
  refund: 'refund',
};

function refusedByProvider(c: CardContext, reason: string): string {
  const operation = c.operation;
  const what = operation === null ? 'request' : WORDS[operation.verb];
  const next = operation?.verb === 'authorize' ? 'start a new payment' : 'ask again';
  return (
    `${c.provider} refused the ${what} and moved no money: ${reason}. ` +
    `Check the integration's settings and credentials, then ${next}.`
  );
}

function notExecuted(c: CardContext): string {
  const operation = c.operation;
  assert(operation !== null, 'an absent operation was asked for');
  return (
    `${c.provider} proved that the ${WORDS[operation.verb]} of ` +
    `${formatMoney(operation.amountMinor, c.currency)} never took place. Ask for it again.`
  );
}

const releaseRest = (c: CardContext, endedBy: 'void' | 'time'): CardContext => ({
  ...answered(c),
  voidedMinor: c.voidedMinor + openHoldMinor(c),
  endedBy,
});

/** The context after `event`: amounts, the operation in flight, what people are told. Pure. */
export function record(c: CardContext, event: CardEvent): CardContext {
  switch (event.type) {
    case 'authorization.approved':
      return {
        ...answered(c),
        authorizedMinor: event.amountMinor,
        providerRef: event.providerRef,
        holdEndsAt: event.holdEndsAt,
        multicapture: event.multicapture,
      };
    case 'sale.approved':
      return {
        ...answered(c),
        authorizedMinor: event.amountMinor,
        capturedMinor: event.amountMinor,
        providerRef: event.providerRef,
        attention:
          c.operation?.verb === 'void'
            ? 'The buyer paid before the payment could be voided. Refund it if it is not wanted.'
            : null,
      };
    case 'authorization.declined':
      return {
        ...answered(c),
        decline: event.decline,
        providerRef: event.providerRef ?? c.providerRef,
      };
    case 'buyer.action_required':
      return {
        ...c,
        providerRef: event.providerRef,
        buyer: { nextAction: event.nextAction, expiresAt: event.at + c.policy.buyerWithinMs },
        asking: askSoon(event.at),
      };
    case 'review.opened':
      return { ...c, providerRef: event.providerRef, buyer: null, asking: askSoon(event.at) };
    case 'capture.pending':
    case 'void.pending':
    case 'refund.pending':
      // Pending still: the pauses go on growing, and patience is counted from the beginning.
      return { ...c, asking: c.asking ? askLater(c.asking, event.at) : askSoon(event.at) };
    case 'authorization.unknown':
    case 'capture.unknown':
    case 'void.unknown':
    case 'refund.unknown':
      return { ...c, asking: askNow(event.at) };
    case 'authorization.absent':
    case 'payment.abandoned':
      return { ...answered(c), endedBy: 'time' };
    case 'authorization.refused':
      return { ...c, asking: null, attention: refusedByProvider(c, event.reason) };
    case 'capture.requested':
      return begin(
        c,
        nextOperation(c, 'capture', event.at, {
          amountMinor: event.amountMinor,
          // Nothing would be left to capture later, so the provider is told that it is the last.
          final: event.final || event.amountMinor === openHoldMinor(c),
        }),
      );
    case 'void.requested':
      return begin(c, nextOperation(c, 'void', event.at, { amountMinor: openHoldMinor(c) }));
    case 'buyer.timed_out': {
      const giveUp = nextOperation(c, 'void', event.at, { amountMinor: 0, reason: 'abandoned' });
      return begin(c, giveUp);
    }
    case 'refund.requested':
      return begin(c, nextOperation(c, 'refund', event.at, event));
    case 'capture.succeeded':
      return {
        ...answered(c),
        capturedMinor: c.capturedMinor + event.amountMinor,
        voidedMinor: c.voidedMinor + event.releasedMinor,
      };
    case 'void.succeeded':
      return releaseRest(c, c.operation?.reason === 'abandoned' ? 'time' : 'void');
    case 'refund.succeeded':
      return { ...answered(c), refundedMinor: c.refundedMinor + event.amountMinor };
    case 'capture.declined':
    case 'void.declined':
    case 'refund.declined':
      return { ...answered(c), decline: event.decline };
    case 'capture.refused':
    case 'void.refused':
    case 'refund.refused':
      return { ...answered(c), attention: refusedByProvider(c, event.reason) };
    case 'capture.absent':
    case 'void.absent':
    case 'refund.absent':
      return { ...answered(c), attention: notExecuted(c) };
    case 'hold.due':
      return { ...c, asking: askNow(event.at) };
    case 'hold.expired':
      return { ...releaseRest(c, 'time'), decline: lostCapture(c) };
    case 'inquiry.due':
      return { ...c, asking: c.asking && askAgain(c.asking) };
    case 'recheck.requested':
      return { ...c, attention: null, asking: c.asking ? askAgain(c.asking) : askNow(event.at) };
    case 'inquiry.inconclusive':
      // The hold is as it was and its date has not come: nothing to ask again.
      if (c.operation === null && c.holdEndsAt !== null && event.at < c.holdEndsAt) {
        return { ...c, asking: null };
      }
      return {
        ...c,
        asking: c.asking && askLater(c.asking, event.at, c.buyer ? BUYER_MAX_MS : HOUR),
      };
    case 'inquiry.exhausted':
      return { ...c, asking: null, attention: stillUnknown(c) };
    default:
      return assertNever(event);
  }
}

function lostCapture(c: CardContext): CardContext['decline'] {
  if (c.operation?.verb !== 'capture') return c.decline;
  return {
    verb: 'capture',
    code: 'hold_expired',
    message: 'The hold had lapsed before the capture reached the provider.',
    advice: 'Start a new payment.',
  };
}

function stillUnknown(c: CardContext): string {
  const operation = c.operation;
  const what =
    operation === null
      ? 'the hold'
      : `the ${WORDS[operation.verb]} of ${formatMoney(operation.amountMinor, c.currency)}`;
  return (
    `Nobody knows whether ${what} took place: ${c.provider} gave no usable answer in time. ` +
    `Look it up at ${c.provider}${c.providerRef === null ? '' : ` (${c.providerRef})`}, and recheck ` +
    `the payment when it can be seen there.`
  );
}

/** Where a payment with these amounts rests, or null when they cannot be. */
export function restingStatus(c: CardContext): CardStatus | null {
  const { authorizedMinor, capturedMinor, voidedMinor, refundedMinor } = c;
  const open = openHoldMinor(c);
  const possible =
    capturedMinor >= 0 && voidedMinor >= 0 && open >= 0 && refundedMinor <= capturedMinor;
  if (!possible || authorizedMinor > c.requestedMinor) return null;
  if (open > 0) return capturedMinor === 0 ? 'authorized' : 'partially_captured';
  if (capturedMinor === 0) {
    // A void that could not be done, of a payment that holds nothing: only a person can tell more.
    if (c.endedBy === null) return 'parked';
    return c.endedBy === 'time' ? 'expired' : 'voided';
  }
  if (refundedMinor === 0) return 'captured';
  return refundedMinor < capturedMinor ? 'partially_refunded' : 'refunded';
}
