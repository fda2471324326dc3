/** How operations begin: asked for by people, by the clock or by policy. Pure. */
import { operationId } from '../shared/ids.ts';
import { capturableMinor, openHoldMinor, refundedHold } from './card.amounts.ts';
import type { CardContext, CardVerb, HoldAction, Operation } from './card.types.ts';

type Terms = Partial<Pick<Operation, 'final' | 'reason' | 'upon'>> & { amountMinor: number };

/** Starts an operation, which supersedes whatever was said about the last one. Its id is computed,
 *  so the same operation has the same id wherever. */
export function begin(c: CardContext, verb: CardVerb, at: number, terms: Terms): CardContext {
  const ordinal = (c.ordinals[verb] ?? 0) + 1;
  const operation: Operation = {
    id: operationId(c.paymentId, verb, ordinal),
    verb,
    final: false,
    reason: null,
    requestedAt: at,
    ...terms,
  };
  return {
    ...c,
    operation,
    ordinals: { ...c.ordinals, [verb]: ordinal },
    asking: null,
    news: null,
    buyer: null,
    decline: null,
    attention: null,
    lateAt: null,
  };
}

/** A refund is of one hold; the present one need not be named. */
export const uponHold = (c: CardContext, amountMinor: number): { upon?: string } => {
  const upon = refundedHold(c, amountMinor);
  return upon === null || upon === c.providerRef ? {} : { upon };
};

export function captureScheduled(c: CardContext, at: number): CardContext {
  const most = capturableMinor(c);
  const wanted = c.captureAt?.amountMinor ?? most;
  const amountMinor = wanted < most ? wanted : most;
  const final = (c.captureAt?.final ?? true) || amountMinor === most;
  return {
    ...begin(c, 'capture', at, { amountMinor, final, reason: 'scheduled' }),
    captureAt: null,
  };
}

export function actOnEnding(c: CardContext, action: HoldAction, at: number): CardContext {
  const acted = { ...c, holdWarned: true, holdActed: true };
  const terms = { amountMinor: openHoldMinor(c), reason: 'hold_ending' };
  switch (action) {
    case 'reauthorize':
      return begin(acted, 'reauthorize', at, terms);
    case 'capture':
      return begin(acted, 'capture', at, {
        ...terms,
        amountMinor: capturableMinor(c),
        final: true,
      });
    case 'void':
      return begin(acted, 'void', at, terms);
    case 'nothing':
      return acted;
  }
}

/** Late money goes back the way it came. */
export function reject(c: CardContext, at: number): CardContext {
  const open = openHoldMinor(c);
  const reason = 'paid too late';
  return open > 0
    ? begin(c, 'void', at, { amountMinor: open, reason })
    : begin(c, 'refund', at, { amountMinor: c.capturedMinor - c.refundedMinor, reason });
}
