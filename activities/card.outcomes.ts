/** What an adapter says happened → the fact that the chart understands. Total, and nothing else. */
import { assertNever } from '../machines/shared/assert.ts';
import type { CardEvent, CardOperationEffect } from '../machines/card/card.types.ts';
import type {
  AuthorizationOutcome,
  Inquired,
  OperationOutcome,
  SaleFound,
} from './providers/provider.ts';

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
      return { type: 'authorization.refused', ...answer, reason: outcome.reason };
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

type Operation = Exclude<CardOperationEffect, { type: 'authorize' }>;

export function operationEvent(
  outcome: OperationOutcome | Inquired<OperationOutcome> | SaleFound,
  effect: Operation,
  at: number,
): CardEvent {
  const { operationId, type: verb } = effect;
  const answer = { at, operationId };
  // Giving up on a buyer must not fail: until it is seen to be cancelled, the buyer may still pay.
  const givesUp = verb === 'void' && effect.amountMinor === 0;
  if (givesUp && (outcome.kind === 'refused' || outcome.kind === 'declined')) {
    const why = outcome.kind === 'refused' ? outcome.reason : outcome.decline.code;
    return { type: 'void.unknown', ...answer, reason: `it could not be given up: ${why}` };
  }
  switch (outcome.kind) {
    case 'approved':
      return approvedOperation(effect, at, outcome.providerRef);
    case 'pending':
      return { type: `${verb}.pending`, ...answer };
    case 'declined':
      return { type: `${verb}.declined`, ...answer, decline: { verb, ...outcome.decline } };
    case 'refused':
      return { type: `${verb}.refused`, ...answer, reason: outcome.reason };
    case 'absent':
      return { type: `${verb}.absent`, ...answer, reason: outcome.reason };
    case 'unknown':
      return { type: `${verb}.unknown`, ...answer, reason: outcome.reason };
    case 'hold_expired':
      return { type: 'hold.expired', at };
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
