/** What a guaranteed payment remembers when it is asked for. */
import { operationId } from '../shared/ids.ts';
import type {
  GuaranteeContext,
  GuaranteeInput,
  GuaranteeNotes,
  GuaranteePolicy,
  InvoiceWish,
} from './guarantee.types.ts';

const NO_POLICY: GuaranteePolicy = {
  startWithinMs: 0,
  inquireWithinMs: 0,
  autoCapture: false,
  autoActivate: false,
  appliesReceipts: false,
  activateWithinMs: 0,
  onLateReservation: 'adopt',
};

export const NO_NOTES: GuaranteeNotes = { additionalInfo: null, errors: [], correctedDebtor: null };
export const NO_WISH: InvoiceWish = { invoiceNumber: null, dueOn: null, deliveryOn: null };

/** XState also builds a throw-away actor without input on each transition, hence the `undefined`. */
export function openContext(input: GuaranteeInput | undefined): GuaranteeContext {
  const paymentId = input?.paymentId ?? '';
  const requestedMinor = input?.total.amountMinor ?? 0;
  const at = input?.at ?? 0;
  return {
    paymentId,
    provider: input?.provider ?? '',
    currency: input?.total.currency ?? '',
    orderId: input?.orderId ?? '',
    term: input?.term ?? '',
    policy: input?.policy ?? NO_POLICY,
    requestedAt: at,
    requestedMinor,
    reservedMinor: 0,
    releasedMinor: 0,
    receivedMinor: 0,
    claimedMinor: 0,
    refundedMinor: 0,
    forgivenMinor: 0,
    writtenOffMinor: 0,
    stage: 'none',
    isLimitBlocked: false,
    isDeclined: false,
    isOrderClosed: false,
    guaranteedMinor: 0,
    providerRef: null,
    invoice: null,
    wish: NO_WISH,
    isAged: false,
    isOverdue: false,
    receipts: {},
    bouncedReceipt: null,
    applying: null,
    operation: {
      id: operationId(paymentId, 'reserve', 1),
      verb: 'reserve',
      amountMinor: requestedMinor,
      reason: null,
      requestedAt: at,
      follows: null,
    },
    ordinals: {
      reserve: 1,
      modify: 0,
      capture: 0,
      activate: 0,
      cancel: 0,
      apply: 0,
      release: 0,
    },
    asking: null,
    news: null,
    hasHeard: false,
    refused: null,
    resolution: null,
    isParked: false,
    notes: NO_NOTES,
    decline: null,
    attention: null,
    disagreement: null,
  };
}
