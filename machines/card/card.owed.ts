/** The one piece of outside work that a waiting payment is owed. */
import { assert, assertNever } from '../shared/assert.ts';
import { capturedOfHoldMinor, openHoldMinor, providerRefs } from './card.amounts.ts';
import type { CardContext, CardEffect, CardOperationEffect } from './card.types.ts';

export function operationEffect(c: CardContext): CardOperationEffect {
  const operation = c.operation;
  assert(operation !== null, 'a waiting state has no operation');
  const { id, verb, amountMinor, final, reason } = operation;
  const terms = { operationId: id, amountMinor, currency: c.currency };
  if (verb === 'authorize') {
    const startBy = c.requestedAt + c.policy.startWithinMs;
    const { captureMode, providerRef } = c;
    const keepsMethod = c.policy.onHoldEnding === 'reauthorize' && captureMode === 'manual';
    return { type: verb, ...terms, captureMode, keepsMethod, providerRef, startBy };
  }
  const providerRef = operation.upon ?? c.providerRef;
  assert(providerRef !== null, `${verb} without the provider's reference`);
  const known = { ...terms, providerRef };
  switch (verb) {
    case 'capture': {
      const releasedMinor = final ? openHoldMinor(c) - amountMinor : 0;
      const capturedMinor = capturedOfHoldMinor(c);
      return { type: verb, ...known, final, releasedMinor, capturedMinor };
    }
    case 'void': {
      const former = c.formerHolds.find((hold) => hold.providerRef === operation.upon);
      const capturedMinor = former?.capturedMinor ?? capturedOfHoldMinor(c);
      const givesUp = reason === 'abandoned';
      return { type: verb, ...known, capturedMinor, givesUp, isReplaced: reason === 'renewed' };
    }
    case 'refund':
      return { type: verb, ...known, reason };
    case 'reauthorize':
      return { type: verb, ...known, startBy: c.holdEndsAt ?? operation.requestedAt };
    default:
      return assertNever(verb);
  }
}

/** The question that is due: about the operation in doubt, or else about the payment as a whole. */
export function inquiry(c: CardContext): CardEffect {
  // Whoever resolves, tells or gives up never makes us send again. Version 1 sent for a message, too.
  const isTold = c.version > 1 && c.news !== null;
  const lookOnly = c.resolution !== null || isTold || c.givenUp !== null;
  if (c.operation !== null) {
    const { id: operationId, requestedAt: since } = c.operation;
    const about = operationEffect(c);
    return { type: 'inquire', about, operationId, since, lookOnly, news: c.news };
  }
  assert(c.providerRef !== null, 'a picture without the provider’s reference');
  return {
    type: 'inquire',
    about: { type: 'picture', providerRefs: providerRefs(c), currency: c.currency },
    operationId: null,
    since: c.asking?.since ?? c.requestedAt,
    lookOnly,
    news: c.news,
  };
}
