/** Whether an event fits what is in flight and the amounts. Predicates, pure. */
import { capturableMinor, openHoldMinor, wasDeclined } from './card.amounts.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext, CardVerb } from './card.types.ts';

export const isAmount = (amountMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0;

/** First word of an answer → the operation that it can answer; all others are an authorization's. */
const ANSWERED: Readonly<Record<string, CardVerb>> = {
  capture: 'capture',
  void: 'void',
  refund: 'refund',
  reauthorization: 'reauthorize',
};

/** Is `event` the answer to the very operation in flight, by id and by verb? */
export function answersOperation(c: CardContext, event: CardEvent): boolean {
  if (!('operationId' in event) || event.operationId !== c.operation?.id) return false;
  const verb = ANSWERED[event.type.split('.')[0] ?? ''] ?? 'authorize';
  return (
    verb === c.operation.verb || (c.operation.verb === 'void' && event.type === 'sale.approved')
  );
}

/** Is `event` what became of a refund that was pending? */
export const answersPending = (c: CardContext, event: CardEvent): boolean =>
  c.operation === null &&
  (event.type === 'refund.succeeded' || event.type === 'refund.declined') &&
  c.pendingRefunds[event.operationId] !== undefined;

/** An outcome moves exactly what was asked for, and what is found can be: all else was not
 *  understood. */
export function answersAmount(c: CardContext, event: CardEvent): boolean {
  switch (event.type) {
    case 'capture.succeeded': {
      const rest = openHoldMinor(c) - event.amountMinor;
      const released = c.operation?.final === true ? rest : 0;
      return event.amountMinor === c.operation?.amountMinor && event.releasedMinor === released;
    }
    case 'void.succeeded':
      return event.releasedMinor === c.operation?.amountMinor;
    case 'refund.succeeded': {
      const pending = c.pendingRefunds[event.operationId];
      return event.amountMinor === (c.operation ?? pending)?.amountMinor;
    }
    case 'hold.expired':
      return canLoseHold(c) && (openHoldMinor(c) > 0 || isLeftOpen(c));
    case 'void.found': {
      const open = openHoldMinor(c);
      const within = isAmount(event.amountMinor) && event.amountMinor <= open;
      return canLoseHold(c) && (within || (event.amountMinor === 0 && isLeftOpen(c)));
    }
    case 'hold.found':
      return (
        c.authorizedMinor === 0 &&
        event.amountMinor === c.requestedMinor &&
        (c.operation === null || c.operation.reason === 'abandoned')
      );
    case 'capture.found':
      return isAtRest(c) && isAmount(event.amountMinor) && event.heldMinor >= 0;
    case 'refund.found':
      return (
        isAtRest(c) && isAmount(event.amountMinor) && c.refunds[event.providerRef] === undefined
      );
    case 'refund.failed':
      return isAtRest(c) && c.refunds[event.providerRef]?.amountMinor === event.amountMinor;
    case 'dispute.opened':
      return (
        isAtRest(c) &&
        c.capturedMinor > 0 &&
        isAmount(event.amountMinor) &&
        c.disputes[event.providerRef] === undefined
      );
    case 'dispute.changed': {
      const dispute = c.disputes[event.providerRef];
      return (
        isAtRest(c) &&
        dispute?.status === 'open' &&
        isAmount(event.amountMinor) &&
        event.amountMinor !== dispute.amountMinor
      );
    }
    case 'risk_review.opened':
      return isAtRest(c) && c.review?.isOpen !== true;
    case 'risk_review.closed':
      return isAtRest(c) && (c.review === null || c.review.isOpen);
    case 'fraud_warning.received':
      return isAtRest(c) && c.fraudWarnings[event.providerRef] === undefined;
    case 'dispute.won':
    case 'dispute.lost': {
      const dispute = c.disputes[event.providerRef];
      if (!isAtRest(c) || dispute?.amountMinor !== event.amountMinor) return false;
      return (
        dispute.status === 'open' || (dispute.status === 'lost' && event.type !== 'dispute.lost')
      );
    }
    case 'resolution.applied':
      return c.resolution !== null && c.operation !== null;
    default:
      return true;
  }
}

const isAtRest = (c: CardContext): boolean => c.operation === null;

/** A refund says nothing of the hold, and a renewal has two of them. */
const canLoseHold = (c: CardContext): boolean =>
  c.operation === null ||
  c.operation.verb === 'capture' ||
  (c.operation.verb === 'void' && c.operation.reason !== 'renewed');

/** Parked without a hold, and nobody has said what ended it. */
const isLeftOpen = (c: CardContext): boolean =>
  c.operation === null && c.authorizedMinor === 0 && c.endedBy === null && !wasDeclined(c);

/** A capture can wait until before the hold lapses, and no longer. */
export const canSchedule = (c: CardContext, event: CardEvent): boolean =>
  event.type === 'capture.scheduled' &&
  event.captureAt > event.at &&
  (c.holdEndsAt === null || event.captureAt < c.holdEndsAt) &&
  (event.amountMinor === null ||
    (isAmount(event.amountMinor) &&
      event.amountMinor <= capturableMinor(c) &&
      (event.final || c.multicapture || event.amountMinor === openHoldMinor(c))));

/** Nobody knows what became of the authorization, and nobody has given it up yet. */
export const canGiveUp = (c: CardContext, event: CardEvent): boolean =>
  event.type === 'authorization.given_up' &&
  c.operation?.verb === 'authorize' &&
  c.givenUp === null;

/** The provider's people look at it, and the integration wants their decision first. */
export const waitsForReview = (c: CardContext): boolean =>
  c.review?.isOpen === true && c.policy.captureInReview === 'refuse';
