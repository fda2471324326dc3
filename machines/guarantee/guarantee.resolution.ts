/** An operator says what became of an operation that nobody could find out about. */
import { assert, assertNever } from '../shared/assert.ts';
import { NO_NOTES } from './guarantee.context.ts';
import { NOUNS } from './guarantee.sentences.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

/** An activation can only be taken for done when the dates are known that it was sent with. */
export const canBeApplied = (c: GuaranteeContext): boolean =>
  c.operation !== null &&
  c.resolution !== null &&
  (c.operation.verb !== 'activate' || c.resolution.outcome === 'failed' || c.invoice !== null);

/** The ordinary fact that an applied resolution amounts to: it changes the same, wherever it leads. */
export function resolvedEvent(c: GuaranteeContext, at: number): GuaranteeEvent {
  const { operation, resolution } = c;
  assert(operation !== null && resolution !== null, 'nothing to resolve');
  const { amountMinor, id, verb } = operation;
  assert(verb !== 'release', 'a release is confirmed and not resolved');
  const answer = { at, operationId: id };
  if (resolution.outcome === 'failed') {
    const reason = 'an operator saw that it did not take place';
    return { type: `${NOUNS[verb]}.absent`, ...answer, reason };
  }
  const noted = { ...answer, notes: NO_NOTES };
  switch (verb) {
    case 'reserve':
      return { type: 'reservation.approved', ...noted, providerRef: resolution.providerRef };
    case 'modify':
      return { type: 'modification.approved', ...noted };
    case 'capture':
      return { type: 'capture.approved', ...noted };
    case 'activate':
      assert(c.invoice !== null, 'nobody knows with which dates it was activated');
      return {
        type: 'activation.approved',
        ...noted,
        guaranteedMinor: amountMinor,
        invoice: c.invoice,
      };
    case 'cancel':
      return { type: 'cancellation.approved', ...noted };
    case 'apply':
      return { type: 'application.approved', ...noted };
    default:
      return assertNever(verb);
  }
}
