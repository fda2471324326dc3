/** What a card payment remembers when it is asked for. */
import { operationId } from '../shared/ids.ts';
import type { CardContext, CardInput, CardPolicy, CardVersion } from './card.types.ts';

const NO_POLICY: CardPolicy = {
  startWithinMs: 0,
  inquireWithinMs: 0,
  buyerWithinMs: 0,
  reviewWithinMs: 0,
  warnBeforeMs: 0,
  actBeforeMs: 0,
  onHoldEnding: 'nothing',
  onLateMoney: 'adopt',
};

/** XState also builds a throw-away actor without input on each transition, hence the `undefined`. */
export function openContext(input: CardInput | undefined, version: CardVersion): CardContext {
  const paymentId = input?.paymentId ?? '';
  const requestedMinor = input?.total.amountMinor ?? 0;
  const at = input?.at ?? 0;
  return {
    version,
    paymentId,
    provider: input?.provider ?? '',
    currency: input?.total.currency ?? '',
    captureMode: input?.captureMode ?? 'manual',
    policy: input?.policy ?? NO_POLICY,
    requestedAt: at,
    requestedMinor,
    authorizedMinor: 0,
    capturedMinor: 0,
    voidedMinor: 0,
    refundedMinor: 0,
    multicapture: false,
    providerRef: null,
    holdEndsAt: null,
    holdSince: null,
    operation: {
      id: operationId(paymentId, 'authorize', 1),
      verb: 'authorize',
      amountMinor: requestedMinor,
      final: false,
      reason: null,
      requestedAt: at,
    },
    ordinals: { authorize: 1, capture: 0, void: 0, refund: 0, reauthorize: 0 },
    asking: null,
    news: null,
    captureAt:
      typeof input?.captureAt === 'number'
        ? { at: input.captureAt, amountMinor: null, final: true }
        : null,
    holdWarned: false,
    holdActed: false,
    refunds: {},
    formerHolds: [],
    disputes: {},
    disputedMinor: 0,
    chargedBackMinor: 0,
    lateAt: null,
    resolution: null,
    buyer: null,
    decline: null,
    isDeclined: false,
    attention: null,
    pendingRefunds: {},
    pendingAsking: null,
    refused: null,
    hasHeard: false,
    review: null,
    fraudWarnings: {},
    lastCapture: null,
    givenUp: null,
    endedBy: null,
  };
}
