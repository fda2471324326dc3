/** What an adapter says happened → the fact that the chart understands. Total, and nothing else. */
import { assert, assertNever } from '../machines/shared/assert.ts';
import type { GuaranteeEvent } from '../machines/guarantee/guarantee.events.ts';
import type {
  GuaranteeNoun,
  GuaranteeOperationEffect,
  InvoiceTerms,
} from '../machines/guarantee/guarantee.types.ts';
import type { GuaranteeOutcome } from './providers/guarantee-provider.ts';
import type { Inquired } from './providers/provider.ts';
import { refusal } from './refusal.ts';

const NOUNS: Readonly<Record<GuaranteeOperationEffect['type'], GuaranteeNoun>> = {
  reserve: 'reservation',
  modify: 'modification',
  capture: 'capture',
  activate: 'activation',
  cancel: 'cancellation',
  apply: 'application',
};

export function guaranteeEvent(
  outcome: GuaranteeOutcome | Inquired<GuaranteeOutcome>,
  effect: GuaranteeOperationEffect,
  invoice: InvoiceTerms | null,
  at: number,
): GuaranteeEvent {
  const { operationId, type: verb } = effect;
  const noun = NOUNS[verb];
  const answer = { at, operationId };
  switch (outcome.kind) {
    case 'approved':
      return approved(outcome, effect, invoice, at);
    case 'declined':
      return {
        type: `${noun}.declined`,
        ...answer,
        notes: outcome.notes,
        decline: { verb, ...outcome.decline },
      };
    case 'refused':
      return { type: `${noun}.refused`, ...answer, ...refusal(outcome) };
    case 'unknown':
      return {
        type: `${noun}.unknown`,
        ...answer,
        reason: outcome.reason,
        ...(invoice === null ? {} : { invoice }),
      };
    case 'absent':
      return { type: `${noun}.absent`, ...answer, reason: outcome.reason };
    case 'inconclusive':
      return inconclusive(outcome, invoice, at);
    default:
      return assertNever(outcome);
  }
}

function approved(
  outcome: Extract<GuaranteeOutcome, { kind: 'approved' }>,
  effect: GuaranteeOperationEffect,
  invoice: InvoiceTerms | null,
  at: number,
): GuaranteeEvent {
  const { guaranteedMinor, notes, providerRef } = outcome;
  const noted = { at, operationId: effect.operationId, notes };
  switch (effect.type) {
    case 'reserve':
      return { type: 'reservation.approved', ...noted, providerRef };
    case 'activate': {
      assert(invoice !== null, 'an activation has no dates');
      // Null: it is guaranteed, and the provider does not say how much of it.
      return { type: 'activation.approved', ...noted, guaranteedMinor, invoice };
    }
    case 'modify':
    case 'capture':
    case 'cancel':
    case 'apply':
      return { type: APPROVED[effect.type], ...noted };
    default:
      return assertNever(effect);
  }
}

const APPROVED = {
  modify: 'modification.approved',
  capture: 'capture.approved',
  cancel: 'cancellation.approved',
  apply: 'application.approved',
} as const;

export const inconclusive = (
  { reason }: { readonly reason: string },
  invoice: InvoiceTerms | null,
  at: number,
): GuaranteeEvent => ({
  type: 'inquiry.inconclusive',
  at,
  reason,
  ...(invoice === null ? {} : { invoice }),
});
