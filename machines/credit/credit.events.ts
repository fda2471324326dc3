/** What may happen to a payment on credit, in the past tense: the facts of its story. */
import type { CalendarDate } from '../shared/calendar.ts';
import type { Decline } from '../shared/lifecycle.ts';
import type { RefusedRequest } from '../shared/operation.ts';
import type { CreditClaim, CreditNoun, CreditOffer, ShipmentWish } from './credit.types.ts';

type At = { readonly at: number };
/** An answer names its operation, so that a late one can never be taken for another's. */
type Answer = At & { readonly operationId: string };

/** Requests are facts too: somebody asked. */
export type CreditEvent =
  | (Answer & { type: 'offer.approved'; offer: CreditOffer })
  | (Answer & { type: 'order.approved'; providerRef: string; expiresAt: number | null })
  /** The provider has the order and decides later. */
  | (Answer & { type: 'order.reviewed'; providerRef: string })
  | (Answer & { type: 'invoice.approved'; providerRef: string })
  | (Answer & { type: 'shipment.approved'; providerRef: string })
  | (Answer & { type: 'cancellation.approved' })
  | (Answer & { type: 'invoice_cancellation.approved' })
  | (Answer & { type: 'return.approved'; providerRef: string })
  /** A definite no. */
  | (Answer & { type: `${CreditNoun}.declined`; decline: Decline })
  /** Our request, our credentials or the order's state there are wrong: nothing was done. */
  | (Answer & RefusedRequest & { type: `${CreditNoun}.refused` })
  /** It may have acted. */
  | (Answer & { type: `${CreditNoun}.unknown`; reason: string })
  /** Proven: it never took place. */
  | (Answer & { type: `${CreditNoun}.absent`; reason: string })
  /** Never sent: its time to start had passed. */
  | (Answer & { type: 'payment.abandoned' })
  /** Checkout brings the id of an order that a browser told it; the provider is asked for it. */
  | (At & { type: 'acceptance.claimed'; providerRef: string })
  /** That order is not this payment's. */
  | (Answer & { type: 'acceptance.rejected'; reason: string })
  | (At & { type: 'offer.timed_out' })
  | (At & { type: 'offer.withdrawn'; reason: string | null })
  | (At & {
      type: 'invoice.requested';
      amountMinor: number;
      number: string;
      dueOn: CalendarDate | null;
      shipment: ShipmentWish;
    })
  | (At & { type: 'shipment.requested'; number: string; shipment: ShipmentWish })
  | (At & { type: 'cancellation.requested'; reason: string | null })
  | (At & { type: 'invoice_cancellation.requested'; number: string; reason: string | null })
  | (At & { type: 'return.requested'; number: string; amountMinor: number; reason: string })
  /** Found at the provider: the buyer accepted, or somebody there decided. */
  | (At & {
      type: 'order.found';
      providerRef: string;
      amountMinor: number;
      expiresAt: number | null;
      /** Accepted, too, under our number. */
      others?: readonly string[];
    })
  | (At & { type: 'review.found'; providerRef: string })
  | (At & { type: 'cancellation.found' })
  /** Its time is over: what was not invoiced is not held any more. */
  | (At & { type: 'order.lapsed'; amountMinor: number })
  /** Made there, not asked for by Holdfast. */
  | (At & { type: 'invoice.found'; number: string; amountMinor: number; providerRef: string })
  | (At & { type: 'invoice_cancellation.found'; number: string })
  | (At & { type: 'return.found'; number: string; amountMinor: number })
  /** The provider has paid the merchant: told, and seen to be an invoice that stands. */
  | (At & { type: 'invoice.funded'; number: string; amountMinor: number })
  /** The buyer has paid the provider. */
  | (At & { type: 'invoice.closed'; number: string })
  | (At & { type: 'funding.overdue'; number: string })
  /** The order's time has come: time to ask, not to believe. */
  | (At & { type: 'order.expiry_due' })
  | (At & { type: 'picture.confirmed' })
  /** The provider's picture cannot be right, or ours cannot: a person has to look. */
  | (At & { type: 'picture.contradicted'; reason: string })
  | (At & { type: 'recheck.requested' })
  | (At & {
      type: 'news.received';
      source: 'provider' | 'buyer' | 'reconciliation';
      name: string;
      notificationId: string | null;
      verified: boolean;
      providerRef: string | null;
      /** Of verified news alone. */
      claim: CreditClaim | null;
    })
  /** An operator says what became of the operation in doubt; the provider is asked once more. */
  | (At & {
      type: 'resolution.proposed';
      outcome: 'succeeded' | 'failed';
      providerRef: string | null;
      reason: string;
    })
  /** The provider said nothing against it. */
  | (At & { type: 'resolution.applied' })
  | (At & { type: 'inquiry.due' })
  | (At & { type: 'inquiry.inconclusive'; reason: string })
  | (At & { type: 'inquiry.exhausted' });
