/** An operator says what became of an operation that nobody could find out about. */
import { assert, assertNever } from '../shared/assert.ts';
import { openHoldMinor } from './card.amounts.ts';
import { WORDS } from './card.sentences.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext } from './card.types.ts';

/** The ordinary fact that an applied resolution amounts to: it changes the same, wherever it leads. */
export function resolvedEvent(c: CardContext, at: number): CardEvent {
  const { operation, resolution } = c;
  assert(operation !== null && resolution !== null, 'nothing to resolve');
  const { amountMinor, final, id, verb } = operation;
  const answer = { at, operationId: id };
  const providerRef = resolution.providerRef ?? c.providerRef ?? '';
  if (resolution.outcome === 'failed') {
    const reason = 'an operator saw that it did not take place';
    const what = verb === 'authorize' ? 'authorization' : verb;
    return what === 'reauthorize'
      ? { type: 'reauthorization.absent', ...answer, reason }
      : { type: `${what}.absent`, ...answer, reason };
  }
  // When such a hold lapses, a look tells.
  const hold = { providerRef, amountMinor, holdEndsAt: null, multicapture: false };
  switch (verb) {
    case 'authorize':
      return c.captureMode === 'automatic'
        ? { type: 'sale.approved', ...answer, providerRef, amountMinor }
        : { type: 'authorization.approved', ...answer, ...hold };
    case 'reauthorize':
      return { type: 'reauthorization.approved', ...answer, ...hold };
    case 'capture': {
      const releasedMinor = final ? openHoldMinor(c) - amountMinor : 0;
      return { type: 'capture.succeeded', ...answer, amountMinor, releasedMinor };
    }
    case 'void':
      return { type: 'void.succeeded', ...answer, releasedMinor: amountMinor };
    case 'refund':
      return {
        type: 'refund.succeeded',
        ...answer,
        amountMinor,
        providerRef: resolution.providerRef ?? id,
      };
    default:
      return assertNever(verb);
  }
}

/** The provider is still at it, or waits for the buyer: the operation is neither done nor over. */
const GOES_ON = /\.pending$|^review\.opened$|^buyer\.action_required$/;

/** Closes a proposed resolution when the provider has answered after all, whose word is proof. */
export function heedProof(before: CardContext, event: CardEvent, after: CardContext): CardContext {
  const { operation, resolution } = before;
  const goesOn = GOES_ON.test(event.type);
  const isAnswered = after.operation?.id !== operation?.id || goesOn;
  if (resolution === null || operation === null || !isAnswered) return after;
  if (event.type === 'resolution.applied') return { ...after, resolution: null };
  const isGone = event.type === 'hold.expired' || event.type === 'void.found';
  const took = /\.(succeeded|approved)$/.test(event.type) || (isGone && operation.verb === 'void');
  const agrees = took === (resolution.outcome === 'succeeded');
  if (agrees && !goesOn) return { ...after, resolution: null };
  return {
    ...after,
    resolution: null,
    decline: {
      verb: 'resolve',
      code: 'contradicts_proof',
      message: `${before.provider} answered: ${event.type} (the ${WORDS[operation.verb]} in doubt).`,
      advice: 'The payment has what the provider says. Look at it again.',
    },
  };
}
