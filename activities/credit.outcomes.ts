/** What an adapter says happened → the fact that the chart understands. Total, and nothing else. */
import { assertNever } from '../machines/shared/assert.ts';
import type { CreditEvent } from '../machines/credit/credit.events.ts';
import type { CreditNoun, CreditOperationEffect } from '../machines/credit/credit.types.ts';
import type { CreditOutcome } from './providers/credit-provider.ts';
import type { Inquired } from './providers/provider.ts';
import { refusal } from './refusal.ts';

const NOUNS: Readonly<Record<CreditOperationEffect['type'], CreditNoun>> = {
  offer: 'offer',
  order: 'order',
  invoice: 'invoice',
  ship: 'shipment',
  cancel: 'cancellation',
  'cancel-invoice': 'invoice_cancellation',
  return: 'return',
};

export function creditEvent(
  outcome: CreditOutcome | Inquired<CreditOutcome>,
  effect: CreditOperationEffect,
  at: number,
): CreditEvent {
  const { operationId, type: verb } = effect;
  const noun = NOUNS[verb];
  const answer = { at, operationId };
  switch (outcome.kind) {
    case 'approved':
      return approved(outcome, effect, at);
    case 'review':
      return verb === 'order'
        ? { type: 'order.reviewed', ...answer, providerRef: outcome.providerRef }
        : { type: `${noun}.unknown`, ...answer, reason: 'it is under review' };
    case 'offered':
      return { type: 'offer.approved', ...answer, offer: outcome.offer };
    case 'declined':
      return { type: `${noun}.declined`, ...answer, decline: { verb, ...outcome.decline } };
    case 'refused':
      return { type: `${noun}.refused`, ...answer, ...refusal(outcome) };
    case 'unknown':
      return { type: `${noun}.unknown`, ...answer, reason: outcome.reason };
    case 'absent':
      return { type: `${noun}.absent`, ...answer, reason: outcome.reason };
    case 'inconclusive':
      return inconclusive(outcome, at);
    default:
      return assertNever(outcome);
  }
}

function approved(
  { expiresAt = null, providerRef }: Extract<CreditOutcome, { kind: 'approved' }>,
  { operationId, type: verb }: CreditOperationEffect,
  at: number,
): CreditEvent {
  const answer = { at, operationId };
  switch (verb) {
    case 'order':
      return { type: 'order.approved', ...answer, providerRef, expiresAt };
    case 'invoice':
      return { type: 'invoice.approved', ...answer, providerRef };
    case 'ship':
      return { type: 'shipment.approved', ...answer, providerRef };
    case 'return':
      return { type: 'return.approved', ...answer, providerRef };
    case 'cancel':
      return { type: 'cancellation.approved', ...answer };
    case 'cancel-invoice':
      return { type: 'invoice_cancellation.approved', ...answer };
    case 'offer':
      return { type: 'offer.unknown', ...answer, reason: 'it was approved without an offer' };
    default:
      return assertNever(verb);
  }
}

export const inconclusive = ({ reason }: { readonly reason: string }, at: number): CreditEvent => ({
  type: 'inquiry.inconclusive',
  at,
  reason,
});
