import type { Asking } from '../shared/asking.ts';
import type { CalendarDate } from '../shared/calendar.ts';
import type { Decline } from '../shared/lifecycle.ts';
import type { Money } from '../shared/money.ts';
import type { Operation, Resolution } from '../shared/operation.ts';

/** `offer` prepares what the buyer accepts in the browser; `accept` only looks whether that happened;
 *  `order` places it server to server for a corporate account; `return` gives back of an invoice. */
export type CreditVerb =
  'offer' | 'order' | 'accept' | 'invoice' | 'ship' | 'cancel' | 'cancel-invoice' | 'return';

/** 1: an order that the provider refused was parked, and what else it refused was not looked into. */
export type CreditVersion = 1 | 2;

/** Each verb as people say it, which is also how its answers begin: `invoice.approved`. */
export type CreditNoun =
  'offer' | 'order' | 'invoice' | 'shipment' | 'cancellation' | 'invoice_cancellation' | 'return';

/** How long things may take; a copy of the integration's settings when the payment was opened. */
export type CreditPolicy = {
  readonly startWithinMs: number;
  readonly inquireWithinMs: number;
  /** How long an order stands, if nothing is invoiced. */
  readonly orderWithinMs: number;
  /** How long a buyer may take to accept the offer. */
  readonly buyerWithinMs: number;
  /** How long the provider may review an order before a person has to look at it. */
  readonly reviewWithinMs: number;
  /** From an invoice to the provider's payment; later is late. */
  readonly fundWithinMs: number;
  /** An order that is accepted after it was given up. */
  readonly onLateAcceptance: 'adopt' | 'void';
};

export type CreditInput = {
  readonly paymentId: string;
  readonly total: Money;
  /** The provider's name as people say it: `Apruve`. */
  readonly provider: string;
  /** Under which the provider has the order, chosen by us: `merchant_order_id`. */
  readonly orderId: string;
  /** Placed server to server for this account; null is offered to the buyer. */
  readonly corporateAccountId: string | null;
  readonly policy: CreditPolicy;
  readonly at: number;
};

/** What checkout's page hands to the provider's script. */
export type CreditOffer = {
  /** The provider's script, or where its page is. */
  readonly scriptUrl: string;
  readonly merchantId: string;
  /** The order as the secure hash covers it, in the provider's own field names. */
  readonly order: Readonly<Record<string, unknown>>;
  readonly secureHash: string;
};

export type ShipmentWish = {
  readonly shipper: string | null;
  readonly trackingNumber: string | null;
  readonly shippedOn: CalendarDate | null;
  readonly deliveredOn: CalendarDate | null;
};

/** What somebody wants of the invoice in flight and of its shipment. */
export type InvoiceWish = {
  readonly number: string;
  readonly dueOn: CalendarDate | null;
  readonly shipment: ShipmentWish;
};

/** One invoice of the order; `number` is ours and tells two of them apart at the provider. */
export type CreditInvoice = {
  readonly number: string;
  readonly amountMinor: number;
  readonly providerRef: string;
  readonly issuedAt: number;
  /** When the provider should have paid; milliseconds since 1970. */
  readonly fundBy: number;
  readonly dueOn: CalendarDate | null;
  readonly shipment: {
    readonly wish: ShipmentWish;
    readonly providerRef: string | null;
    readonly status: 'owed' | 'shipped' | 'failed';
  };
  readonly isFunded: boolean;
  /** It was to be funded, and was not. */
  readonly isLate: boolean;
  readonly isClosed: boolean;
  readonly isCancelled: boolean;
  readonly returnedMinor: number;
  /** Of it, before it was funded: that is released and not refunded. */
  readonly releasedMinor: number;
};

/** What the provider shows of an order and its invoices, at one moment. */
export type CreditPicture = {
  readonly providerRef: string;
  readonly orderId: string | null;
  readonly status: 'new' | 'pending' | 'accepted' | 'canceled';
  readonly amountMinor: number;
  readonly currency: string;
  readonly expiresAt: number | null;
  /** Other orders under our number that hold credit, too. */
  readonly others: readonly string[];
  readonly invoices: readonly {
    readonly providerRef: string;
    readonly number: string | null;
    readonly amountMinor: number;
    readonly status: 'pending' | 'open' | 'closed' | 'canceled';
    /** What came back of it; present where the question was about that. */
    readonly returnedMinor?: number;
  }[];
};

/** What a piece of news says, in so far as it can be compared with what we hold true. */
export type CreditClaim =
  | { readonly says: 'accepted'; readonly orderRef?: string }
  | { readonly says: 'cancelled' }
  /** Funding is told and never shown: a look can only show that such an invoice stands. */
  | {
      readonly says: 'funded';
      readonly invoiceRef: string;
      /** What was due of the invoice when the provider paid it; absent where it was not told. */
      readonly amountMinor?: number;
    }
  | { readonly says: 'closed'; readonly invoiceRef: string }
  | { readonly says: 'invoice_cancelled'; readonly invoiceRef: string }
  /** Something happened: only a look can tell what. */
  | { readonly says: 'changed' };

export type CreditNews = {
  readonly notificationId: string | null;
  readonly verified: boolean;
  /** Of verified news alone. */
  readonly claim: CreditClaim | null;
};

export type CreditContext = {
  readonly version: CreditVersion;
  readonly paymentId: string;
  readonly provider: string;
  readonly currency: string;
  readonly orderId: string;
  readonly corporateAccountId: string | null;
  readonly policy: CreditPolicy;
  readonly requestedAt: number;
  readonly requestedMinor: number;
  /** Credit that the provider holds for the order. */
  readonly authorizedMinor: number;
  /** Of it, released: the order was cancelled or lapsed, or goods came back before they were paid. */
  readonly releasedMinor: number;
  readonly fundedMinor: number;
  readonly refundedMinor: number;
  readonly providerRef: string | null;
  /** When what was not invoiced lapses. */
  readonly expiresAt: number | null;
  readonly isExpiryAsked: boolean;
  readonly offer: CreditOffer | null;
  /** When the buyer is given up. */
  readonly offerEndsAt: number | null;
  /** An order id that a browser brought: not believed before it was read at the provider. */
  readonly claimedRef: string | null;
  /** By our number of the invoice. */
  readonly invoices: Readonly<Record<string, CreditInvoice>>;
  /** The invoice that the operation in flight is about, and what of it was wished. */
  readonly upon: string | null;
  readonly wish: InvoiceWish;
  readonly operation: Operation<CreditVerb> | null;
  readonly ordinals: Readonly<Record<CreditVerb, number>>;
  readonly asking: Asking | null;
  readonly news: CreditNews | null;
  readonly resolution: Resolution | null;
  /** Patience is over: the operation in flight waits for a person. */
  readonly isParked: boolean;
  /** What the provider refused or declined, until the whole order was looked at: then the command is
   *  answered. */
  readonly refused: { readonly operationId: string; readonly verb: CreditVerb } | null;
  /** The provider has the order and has not decided. */
  readonly isReviewed: boolean;
  readonly decline: Decline | null;
  readonly attention: string | null;
  /** What the provider last showed that cannot be. */
  readonly disagreement: string | null;
  /** Other orders that the buyer accepted under our number: they hold credit, too. */
  readonly duplicates: readonly string[];
  readonly endedBy: 'cancel' | 'time' | null;
};

/** States, equal to the database's values. */
export type CreditStatus =
  | 'offered'
  | 'ordering'
  | 'accepting'
  | 'in_review'
  | 'authorized'
  | 'invoicing'
  | 'shipping'
  | 'ship_failed'
  | 'invoiced'
  | 'funding_late'
  | 'partially_funded'
  | 'funded'
  | 'closed'
  | 'returning'
  | 'returned'
  | 'cancelling'
  | 'cancelled'
  | 'declined'
  | 'expired'
  | 'inquiring'
  | 'parked';

type Terms = {
  readonly operationId: string;
  readonly orderId: string;
  readonly amountMinor: number;
  readonly currency: string;
};
/** Of an order that the provider has. */
type OfOrder = Terms & { readonly providerRef: string };
/** Of one invoice, by our number and by the provider's reference. */
type OfInvoice = OfOrder & { readonly invoiceNumber: string; readonly invoiceRef: string };

export type CreditOperationEffect =
  /** Asks nobody: the offer is signed here. */
  | (Terms & { type: 'offer'; expiresAt: number })
  /** Not to be sent for the first time after `startBy`. */
  | (Terms & { type: 'order'; corporateAccountId: string; startBy: number })
  | (OfOrder & { type: 'invoice'; invoiceNumber: string; dueOn: CalendarDate | null })
  | (OfInvoice & { type: 'ship'; shipmentNumber: string; wish: ShipmentWish; requestedAt: number })
  | (OfOrder & { type: 'cancel' })
  | (OfInvoice & { type: 'cancel-invoice' })
  | (OfInvoice & { type: 'return'; reason: string });

/** How do the order and its invoices look at the provider? */
export type CreditPictureQuestion = {
  type: 'picture';
  orderId: string;
  /** Null: found by our number. */
  providerRef: string | null;
  currency: string;
  /** Of this invoice, what came back of it, too: a return was refused. */
  returnsOf?: string;
};

export type CreditEffect =
  | CreditOperationEffect
  | {
      type: 'inquire';
      about: CreditOperationEffect | CreditPictureQuestion;
      operationId: string | null;
      since: number;
      /** Nothing may be sent again: a person says that it is over. */
      lookOnly: boolean;
      /** A message made us ask: an answer that says nothing new leaves no fact. */
      news: CreditNews | null;
    };
