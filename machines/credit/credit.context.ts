/** What a payment on credit remembers when it is asked for. */
import { operationId } from '../shared/ids.ts';
import type {
  CreditContext,
  CreditInput,
  CreditPolicy,
  CreditVersion,
  InvoiceWish,
  ShipmentWish,
} from './credit.types.ts';

const NO_POLICY: CreditPolicy = {
  startWithinMs: 0,
  inquireWithinMs: 0,
  orderWithinMs: 0,
  buyerWithinMs: 0,
  reviewWithinMs: 0,
  fundWithinMs: 0,
  onLateAcceptance: 'adopt',
};

export const NO_SHIPMENT: ShipmentWish = {
  shipper: null,
  trackingNumber: null,
  shippedOn: null,
  deliveredOn: null,
};
export const NO_WISH: InvoiceWish = { number: '', dueOn: null, shipment: NO_SHIPMENT };

/** An input, and the version of the chart that it is for. */
export type CreditOpening = CreditInput & { readonly version: CreditVersion };

/** XState also builds a throw-away actor without input on each transition, hence the `undefined`. */
export function openContext(input: CreditOpening | undefined): CreditContext {
  const paymentId = input?.paymentId ?? '';
  const requestedMinor = input?.total.amountMinor ?? 0;
  const at = input?.at ?? 0;
  const corporateAccountId = input?.corporateAccountId ?? null;
  const verb = corporateAccountId === null ? 'offer' : 'order';
  return {
    version: input?.version ?? 2,
    paymentId,
    provider: input?.provider ?? '',
    currency: input?.total.currency ?? '',
    orderId: input?.orderId ?? '',
    corporateAccountId,
    policy: input?.policy ?? NO_POLICY,
    requestedAt: at,
    requestedMinor,
    authorizedMinor: 0,
    releasedMinor: 0,
    fundedMinor: 0,
    refundedMinor: 0,
    providerRef: null,
    expiresAt: null,
    isExpiryAsked: false,
    offer: null,
    offerEndsAt: null,
    claimedRef: null,
    invoices: {},
    upon: null,
    wish: NO_WISH,
    operation: {
      id: operationId(paymentId, verb, 1),
      verb,
      amountMinor: requestedMinor,
      reason: null,
      requestedAt: at,
      follows: null,
    },
    ordinals: {
      offer: verb === 'offer' ? 1 : 0,
      order: verb === 'order' ? 1 : 0,
      accept: 0,
      invoice: 0,
      ship: 0,
      cancel: 0,
      'cancel-invoice': 0,
      return: 0,
    },
    asking: null,
    news: null,
    resolution: null,
    isParked: false,
    refused: null,
    isReviewed: false,
    decline: null,
    attention: null,
    disagreement: null,
    duplicates: [],
    endedBy: null,
  };
}
