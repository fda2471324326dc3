import type { Asking } from '../shared/asking.ts';
import type { CalendarDate } from '../shared/calendar.ts';
import type { Decline } from '../shared/lifecycle.ts';
import type { Money } from '../shared/money.ts';
import type { Operation, Resolution } from '../shared/operation.ts';

/** `apply` tells the provider that the buyer has paid; `release` only asks it whether the limit is free,
 *  as an operator says. */
export type GuaranteeVerb =
  'reserve' | 'modify' | 'capture' | 'activate' | 'cancel' | 'apply' | 'release';

/** Each verb as people say it, which is also how its answers begin: `capture.approved`. */
export type GuaranteeNoun =
  'reservation' | 'modification' | 'capture' | 'activation' | 'cancellation' | 'application';

/** How long things may take, and what happens by itself; a copy of the integration's settings. */
export type GuaranteePolicy = {
  readonly startWithinMs: number;
  readonly inquireWithinMs: number;
  readonly autoCapture: boolean;
  readonly autoActivate: boolean;
  /** Receipts are told to the provider; not where it watches the merchant's bank account. */
  readonly appliesReceipts: boolean;
  /** A reservation that is not activated within this time is shown to people. */
  readonly activateWithinMs: number;
  /** A reservation that turns out to have been made after its time to start. */
  readonly onLateReservation: 'adopt' | 'void';
};

export type GuaranteeInput = {
  readonly paymentId: string;
  readonly total: Money;
  /** The provider's name as people say it: `InfinitePay`. */
  readonly provider: string;
  /** Under which the provider has the order, chosen by us: the natural key of all its operations. */
  readonly orderId: string;
  /** The buyer's payment term, by name. */
  readonly term: string;
  readonly policy: GuaranteePolicy;
  readonly at: number;
};

/** What a provider adds to an answer: kept and shown, never needed. */
export type GuaranteeNotes = {
  readonly additionalInfo: string | null;
  readonly errors: readonly { readonly code: string; readonly message: string }[];
  /** The debtor's address as the provider has it, by its own field names (`C_STREET`). */
  readonly correctedDebtor: Readonly<Record<string, string>> | null;
};

/** The dates that an activation was judged by. */
export type InvoiceTerms = {
  readonly invoiceNumber: string;
  readonly invoicedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly deliveryOn: CalendarDate;
  /** When the due day is over where the merchant is; milliseconds since 1970. */
  readonly dueAt: number;
};

/** What somebody wants of an invoice; null is left to the integration's settings. */
export type InvoiceWish = {
  readonly invoiceNumber: string | null;
  readonly dueOn: CalendarDate | null;
  readonly deliveryOn: CalendarDate | null;
};

/** Money of the buyer that has come, and whether the provider was told. */
export type GuaranteeReceipt = {
  readonly amountMinor: number;
  readonly reference: string | null;
  readonly receivedOn: CalendarDate | null;
  readonly isApplied: boolean;
  /** What of it the provider was told; absent: all of it. */
  readonly toldMinor?: number;
  /** It did not arrive after all; absent: it did. */
  readonly bounced?: boolean;
};

/** How far the provider has taken the order. */
export type GuaranteeStage = 'none' | 'reserved' | 'captured' | 'denied' | 'guaranteed';

/** Where the provider says that the order is, in so far as its words are understood. */
export type ProviderStage =
  | 'denied'
  | 'reserved'
  | 'captured'
  | 'guarantee_denied'
  | 'guaranteed'
  | 'overdue'
  | 'paid'
  | 'claimed'
  | 'cancelled';

/** What the provider says of the order when it is asked, without moving anything. */
export type GuaranteePicture = {
  /** STATUS: the order is good. Denied, denied its guarantee or cancelled, it is not. */
  readonly stands: boolean;
  /** Null: in words that are not understood. */
  readonly stage: ProviderStage | null;
  /** What the provider would pay if the buyer does not; null when it does not say. */
  readonly guaranteedMinor: number | null;
  readonly notes: GuaranteeNotes;
};

export type GuaranteeContext = {
  readonly paymentId: string;
  readonly provider: string;
  readonly currency: string;
  readonly orderId: string;
  readonly term: string;
  readonly policy: GuaranteePolicy;
  readonly requestedAt: number;
  readonly requestedMinor: number;
  /** What was reserved of the buyer's limit, as it was last changed. */
  readonly reservedMinor: number;
  /** Released or given up: it blocks no limit and is not expected any more. */
  readonly releasedMinor: number;
  /** What came and did not bounce, more than is owed included. */
  readonly receivedMinor: number;
  /** Of `receivedMinor`: paid by the provider in the buyer's place. */
  readonly claimedMinor: number;
  /** Given back to whoever had paid it. */
  readonly refundedMinor: number;
  /** What refunds took that were no overpayment: so much less is owed. */
  readonly forgivenMinor: number;
  readonly writtenOffMinor: number;
  readonly stage: GuaranteeStage;
  /** The order could not be cancelled there: only the portal frees the limit. */
  readonly isLimitBlocked: boolean;
  /** The provider would not reserve it. */
  readonly isDeclined: boolean;
  /** It was paid here without a guarantee, and is over there: it blocks no limit. */
  readonly isOrderClosed: boolean;
  /** What the provider guaranteed with the activation; null where it did not say how much. */
  readonly guaranteedMinor: number | null;
  readonly providerRef: string | null;
  readonly invoice: InvoiceTerms | null;
  /** What the activation in flight, or the last one, was asked with. */
  readonly wish: InvoiceWish;
  readonly isAged: boolean;
  readonly isOverdue: boolean;
  readonly receipts: Readonly<Record<string, GuaranteeReceipt>>;
  /** The last receipt that bounced, until money comes or it is given up. */
  readonly bouncedReceipt: string | null;
  /** The receipt that the operation in flight tells of. */
  readonly applying: string | null;
  readonly operation: Operation<GuaranteeVerb> | null;
  readonly ordinals: Readonly<Record<GuaranteeVerb, number>>;
  readonly asking: Asking | null;
  readonly news: { readonly notificationId: string | null; readonly verified: boolean } | null;
  /** Something was heard during the operation in flight: the whole is looked at when that ends. */
  readonly hasHeard: boolean;
  /** The provider refused it, and is looked at before whoever asked for it hears of it. */
  readonly refused: { readonly operationId: string; readonly verb: GuaranteeVerb } | null;
  readonly resolution: Resolution | null;
  /** Patience is over: the operation in flight waits for a person. */
  readonly isParked: boolean;
  readonly notes: GuaranteeNotes;
  readonly decline: Decline | null;
  readonly attention: string | null;
  /** What the provider last showed that cannot be. */
  readonly disagreement: string | null;
};

/** States, equal to the database's values. */
export type GuaranteeStatus =
  | 'reserving'
  | 'reserved'
  | 'modifying'
  | 'capturing'
  | 'captured'
  | 'activating'
  | 'guaranteed'
  | 'guarantee_denied'
  | 'overdue'
  | 'applying'
  | 'paid'
  | 'claimed'
  | 'written_off'
  | 'partially_refunded'
  | 'refunded'
  | 'cancelling'
  | 'cancelled'
  | 'limit_blocked'
  | 'releasing'
  | 'declined'
  | 'expired'
  | 'inquiring'
  | 'parked';

type Terms = {
  readonly operationId: string;
  readonly orderId: string;
  /** The provider's own reference, once it gave one. */
  readonly providerRef: string | null;
  /** Of the whole order; with `apply`, of the receipt. */
  readonly amountMinor: number;
  readonly currency: string;
};

export type GuaranteeOperationEffect =
  /** Not to be sent for the first time after `startBy`. */
  | (Terms & { type: 'reserve'; startBy: number })
  /** Sets the amount of a reserved order, whatever it was. */
  | (Terms & { type: 'modify' })
  | (Terms & { type: 'capture' })
  /** `wasDenied`: what is seen of a denial may be of the activation before. */
  | (Terms & {
      type: 'activate';
      wish: InvoiceWish;
      requestedAt: number;
      wasDenied: boolean;
    })
  | (Terms & { type: 'cancel' })
  | (Terms & {
      type: 'apply';
      reference: string | null;
      receivedOn: CalendarDate | null;
      /** What the provider believes to be unpaid before this. */
      openMinor: number;
      /** What it guaranteed with the activation; null where it did not say. */
      guaranteedMinor: number | null;
      /** Of the guaranteed invoice. */
      invoiceNumber: string;
    });

/** How does the order look at the provider? */
export type GuaranteePictureQuestion = {
  type: 'picture';
  orderId: string;
  providerRef: string | null;
  currency: string;
};

export type GuaranteeEffect =
  | GuaranteeOperationEffect
  | {
      type: 'inquire';
      about: GuaranteeOperationEffect | GuaranteePictureQuestion;
      operationId: string | null;
      since: number;
      /** Nothing may be sent again: a person says that it is over. */
      lookOnly: boolean;
      /** A message made us ask: an answer that says nothing new leaves no fact. */
      news: GuaranteeContext['news'];
    };
