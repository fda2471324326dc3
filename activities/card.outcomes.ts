/** What an adapter says happened → the fact that the chart understands. Total, and nothing else. */
import { assertNever } from '../machines/shared/assert.ts';
import type { CardEvent } from '../machines/card/card.events.ts';
import type { CardOperationEffect } from '../machines/card/card.types.ts';
import type {
  AuthorizationOutcome,
  Inquired,
  OperationOutcome,
  PaidMeanwhile,
} from './providers/provider.ts';
import { refusal } from './refusal.ts';

type Doubt = { readonly kind: 'inconclusive'; readonly reason: string };

export function authorizationEvent(
  outcome: AuthorizationOutcome | Inquired<AuthorizationOutcome>,
  operationId: string,
  at: number,
): CardEvent {
  const answer = { at, operationId };
  switch (outcome.kind) {
    case 'approved': {
      const { providerRef, amountMinor, captured, holdEndsAt, multicapture } = outcome;
      const approved = { ...answer, providerRef, amountMinor };
      return captured
        ? { type: 'sale.approved', ...approved }
        : { type: 'authorization.approved', ...approved, holdEndsAt, multicapture };
    }
    case 'review':
      return { type: 'review.opened', ...answer, providerRef: outcome.providerRef };
    case 'buyer_action': {
      const { providerRef, nextAction } = outcome;
      return { type: 'buyer.action_required', ...answer, providerRef, nextAction };
    }
    case 'declined': {
      const decline = { verb: 'authorize', ...outcome.decline };
      const { providerRef } = outcome;
      return { type: 'authorization.declined', ...answer, providerRef, decline };
    }
    case 'refused':
      return { type: 'authorization.refused', ...answer, ...refusal(outcome) };
    case 'absent':
      return { type: 'authorization.absent', ...answer, reason: outcome.reason };
    case 'unknown':
      return { type: 'authorization.unknown', ...answer, reason: outcome.reason };
    case 'inconclusive':
      return inconclusive(outcome, at);
    default:
      return assertNever(outcome);
  }
}

/** A renewed hold, or the old one as it was. */
export function reauthorizationEvent(
  outcome: AuthorizationOutcome | Inquired<AuthorizationOutcome>,
  operationId: string,
  at: number,
): CardEvent {
  const answer = { at, operationId };
  switch (outcome.kind) {
    case 'approved': {
      const { providerRef, amountMinor, captured, holdEndsAt, multicapture } = outcome;
      return captured
        ? { type: 'reauthorization.unknown', ...answer, reason: `${providerRef} was captured` }
        : {
            type: 'reauthorization.approved',
            ...answer,
            providerRef,
            amountMinor,
            holdEndsAt,
            multicapture,
          };
    }
    case 'buyer_action': {
      const message = 'The issuer wants the buyer, who is not there.';
      const no = { verb: 'reauthorize', code: 'authentication_required', message, advice: null };
      return { type: 'reauthorization.declined', ...answer, decline: no };
    }
    case 'declined': {
      const decline = { verb: 'reauthorize', ...outcome.decline };
      return { type: 'reauthorization.declined', ...answer, decline };
    }
    case 'refused':
      return { type: 'reauthorization.refused', ...answer, ...refusal(outcome) };
    case 'absent':
      return { type: 'reauthorization.absent', ...answer, reason: outcome.reason };
    case 'unknown':
      return { type: 'reauthorization.unknown', ...answer, reason: outcome.reason };
    case 'review':
      return { type: 'reauthorization.unknown', ...answer, reason: 'it is under review' };
    case 'inconclusive':
      return inconclusive(outcome, at);
    default:
      return assertNever(outcome);
  }
}

type Operation = Exclude<CardOperationEffect, { type: 'authorize' | 'reauthorize' }>;

/** `openMinor`: what is held, by our books, while the operation is in flight. */
export function operationEvent(
  outcome: OperationOutcome | Inquired<OperationOutcome> | PaidMeanwhile,
  effect: Operation,
  openMinor: number,
  at: number,
): CardEvent {
  const { operationId, type: verb } = effect;
  const answer = { at, operationId };
  // Giving up on a buyer must not fail: until it is seen to be cancelled, the buyer may still pay.
  const givesUp = verb === 'void' && effect.givesUp;
  if (givesUp && (outcome.kind === 'refused' || outcome.kind === 'declined')) {
    const why = outcome.kind === 'refused' ? outcome.reason : outcome.decline.code;
    return { type: 'void.unknown', ...answer, reason: `it could not be given up: ${why}` };
  }
  const isGone = outcome.kind === 'hold_expired' || outcome.kind === 'hold_released';
  if (verb === 'void' && effect.isReplaced && isGone) {
    return approvedOperation(effect, at, undefined);
  }
  switch (outcome.kind) {
    case 'approved':
      return approvedOperation(effect, at, outcome.providerRef);
    case 'pending':
      return verb === 'refund' && outcome.providerRef !== undefined
        ? { type: 'refund.pending', ...answer, providerRef: outcome.providerRef }
        : { type: `${verb}.pending`, ...answer };
    case 'declined':
      return { type: `${verb}.declined`, ...answer, decline: { verb, ...outcome.decline } };
    case 'refused':
      return { type: `${verb}.refused`, ...answer, ...refusal(outcome) };
    case 'absent':
      return { type: `${verb}.absent`, ...answer, reason: outcome.reason };
    case 'unknown':
      return { type: `${verb}.unknown`, ...answer, reason: outcome.reason };
    case 'hold_expired':
      return { type: 'hold.expired', at };
    case 'hold_released':
      return { type: 'void.found', at, amountMinor: openMinor };
    case 'overtaken':
      return verb === 'refund'
        ? { type: 'refund.unknown', ...answer, reason: outcome.reason }
        : { type: `${verb}.overtaken`, ...answer, reason: outcome.reason };
    case 'hold_found': {
      const { kind: _kind, ...hold } = outcome;
      return { type: 'hold.found', at, ...hold };
    }
    case 'sale_found': {
      const { providerRef, amountMinor } = outcome;
      return { type: 'sale.approved', ...answer, providerRef, amountMinor };
    }
    case 'inconclusive':
      return inconclusive(outcome, at);
    default:
      return assertNever(outcome);
  }
}

function approvedOperation(
  effect: Operation,
  at: number,
  providerRef: string | undefined,
): CardEvent {
  const { operationId, amountMinor } = effect;
  switch (effect.type) {
    case 'capture': {
      const { releasedMinor } = effect;
      return { type: 'capture.succeeded', at, operationId, amountMinor, releasedMinor };
    }
    case 'void':
      return { type: 'void.succeeded', at, operationId, releasedMinor: amountMinor };
    case 'refund':
      return {
        type: 'refund.succeeded',
        at,
        operationId,
        amountMinor,
        ...(providerRef === undefined ? {} : { providerRef }),
      };
    default:
      return assertNever(effect);
  }
}

export const inconclusive = (outcome: Doubt, at: number): CardEvent => ({
  type: 'inquiry.inconclusive',
  at,
  reason: outcome.reason,
});
