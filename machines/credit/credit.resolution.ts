/** An operator says what became of an operation that nobody could find out about. */
import { assert, assertNever } from '../shared/assert.ts';
import { NOUNS } from './credit.sentences.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext } from './credit.types.ts';

/** The ordinary fact that an applied resolution amounts to: it changes the same, wherever it leads. */
export function resolvedEvent(c: CreditContext, at: number): CreditEvent {
  const { operation, resolution } = c;
  assert(operation !== null && resolution !== null, 'nothing to resolve');
  const { id, verb } = operation;
  assert(verb !== 'accept' && verb !== 'offer', `${verb} is never in doubt for long`);
  const answer = { at, operationId: id };
  if (resolution.outcome === 'failed') {
    const reason = 'an operator saw that it did not take place';
    return { type: `${NOUNS[verb]}.absent`, ...answer, reason };
  }
  const providerRef = resolution.providerRef ?? '';
  switch (verb) {
    case 'order':
      return { type: 'order.approved', ...answer, providerRef, expiresAt: null };
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
    default:
      return assertNever(verb);
  }
}
