/**
 * What every lifecycle family promises. The driver, the journal and the API know payments through
 * this contract alone, so a new family needs no change in them.
 */

/** A fact: what happened, in the past tense, and when (`at`, milliseconds since 1970, UTC). */
export type LifecycleEvent = { readonly type: string; readonly at: number };

/** The outside work that a waiting state is owed: one provider operation, or a question about it. */
export type Effect = {
  readonly type: string;
  /** Null when the question is about the payment itself and not about one operation. */
  readonly operationId: string | null;
};

/** The next thing that time alone brings. `event.at` equals `at`. */
export type Deadline = { readonly at: number; readonly event: LifecycleEvent };

/** Something that is going to happen by itself, as people are told of it. */
export type UpcomingEvent = {
  readonly at: number;
  readonly event: string;
  /** What is done then, where that is a choice. */
  readonly action?: string;
};

/** What a person may ask now; `maxMinor` is the largest amount that would be accepted. */
export type Command = {
  readonly verb: string;
  readonly maxMinor?: number;
  /** Several of it are possible, one after the other: a part need not be the last one. */
  readonly multiple?: boolean;
};

/** Where the money of one payment stands, in minor units of its currency. */
export type Amounts = {
  readonly currency: string;
  readonly requested: number;
  readonly authorized: number;
  readonly captured: number;
  readonly voided: number;
  readonly refunded: number;
  /** Taken back by the provider while a dispute is open. */
  readonly disputed: number;
  /** Lost to disputes. */
  readonly chargedBack: number;
  /** Accepted by the provider to be given back, and not given back yet; absent where nothing is. */
  readonly refundPending?: number;
};

/** Of a card, unless a family has words of its own. */
export type AmountWords = {
  readonly authorized: string;
  readonly captured: string;
  readonly voided: string;
};

export type Redirect = { readonly type: 'redirect'; readonly url: string };

export type NextAction =
  | Redirect
  /** Hand these to the provider's script in the buyer's browser. */
  | {
      readonly type: 'lightbox';
      readonly scriptUrl: string;
      readonly merchantId: string;
      readonly order: Readonly<Record<string, unknown>>;
      readonly secureHash: string;
    };

/** A definite no: whose operation, the provider's code, and what the buyer or merchant may do. */
export type Decline = {
  readonly verb: string;
  readonly code: string;
  readonly message: string;
  readonly advice: string | null;
};

/** What people and the API see of a state. Derived, never stored apart from the state. */
export type PaymentView = {
  readonly status: string;
  /** As people say it: `Guaranteed (unpaid)`. */
  readonly statusText: string;
  readonly amounts: Amounts;
  /** What people call these amounts in this family: `Received` for captured. */
  readonly amountWords: AmountWords;
  /** Sentences about what the amounts do not say: due dates, invoices. */
  readonly remarks: readonly string[];
  readonly providerRef: string | null;
  /** Every reference under which the provider has the payment, the present one last. */
  readonly providerRefs: readonly string[];
  readonly nextAction: NextAction | null;
  readonly commands: readonly Command[];
  /** The date that people should know of: the hold's end, the buyer's time, the end of patience.
   *  Unlike `deadline`, not the next time that the payment asks its provider by itself. */
  readonly deadline: { readonly at: number; readonly event: string } | null;
  /** All that will happen by itself and that people should know of, soonest first. */
  readonly deadlines: readonly UpcomingEvent[];
  /** When what is to be captured by itself; `amountMinor` null is all that is held then. */
  readonly scheduledCapture: { readonly at: number; readonly amountMinor: number | null } | null;
  readonly decline: Decline | null;
  /** One sentence: what is wrong and what can be done; null when nothing is. */
  readonly needsAttention: string | null;
  /** True once checkout has something to show its buyer: approved, declined, go there, ended. */
  readonly firstOutcomeKnown: boolean;
  /** The operation that the provider owes an answer to. A command is answered when it is not. */
  readonly operationInFlight: string | null;
  /** What else there is to know of a payment of this family, as the API shows it; null when nothing. */
  readonly details: Readonly<Record<string, unknown>> | null;
};

/** One side of a double entry. The postings of one fact sum to zero per currency. */
export type Posting = {
  readonly account:
    | 'holds'
    | 'authorizations'
    | 'provider_balance'
    | 'order_receivable'
    | 'disputes'
    | 'chargebacks';
  readonly currency: string;
  readonly amountMinor: number;
};

/** Plain JSON that names the chart which can read it. */
export type Frozen = {
  readonly lifecycle: string;
  readonly version: number;
  readonly status: string;
  readonly context: unknown;
};

/** A request by a person, before anybody decided whether it is legal. */
export type CommandRequest = {
  readonly verb: string;
  readonly amountMinor?: number | undefined;
  readonly final?: boolean | undefined;
  readonly reason?: string | undefined;
  /** Captures only: do it then, milliseconds since 1970; null withdraws what was scheduled. */
  readonly captureAt?: number | null | undefined;
  /** Invoices: their number and dates (`YYYY-MM-DD`). */
  readonly invoiceNumber?: string | undefined;
  readonly dueDate?: string | undefined;
  readonly deliveryDate?: string | undefined;
  /** Shipments, with their days. */
  readonly shipper?: string | undefined;
  readonly trackingNumber?: string | undefined;
  readonly shippedOn?: string | undefined;
  readonly deliveredOn?: string | undefined;
  /** Resolutions only. */
  readonly outcome?: 'succeeded' | 'failed' | undefined;
  readonly providerRef?: string | undefined;
  /** Receipts only: number of the check or transfer, the day it came, which one bounced. */
  readonly reference?: string | undefined;
  readonly receivedOn?: string | undefined;
  readonly receiptId?: string | undefined;
};

/** A message that says that something happened to a payment. `claim` is in the family's words. */
export type News = {
  readonly source: 'provider' | 'buyer' | 'reconciliation';
  /** What its sender calls it. */
  readonly name: string;
  readonly notificationId: string | null;
  readonly verified: boolean;
  /** Under which the provider has the payment, where the message proves that. */
  readonly providerRef: string | null;
  /** What it says, in the family's words; null when only a look can tell. */
  readonly claim: unknown;
};

/** Why a request was refused, in a form that a person can act on. */
export type Refusal =
  | {
      readonly code:
        | 'illegal-transition'
        | 'capture-time-invalid'
        | 'resolution-incomplete'
        | 'request-incomplete'
        | 'contradicts-proof';
      readonly detail: string;
      readonly allowed: readonly Command[];
    }
  | {
      readonly code: 'amount-out-of-range';
      readonly detail: string;
      readonly maxMinor: number;
      readonly allowed: readonly Command[];
    }
  | {
      readonly code: 'capture-must-be-final';
      readonly detail: string;
      readonly allowed: readonly Command[];
    };

export interface Lifecycle<Input, State, Event extends LifecycleEvent, Work extends Effect> {
  readonly name: string;
  readonly version: number;
  /** What people may ever ask of such a payment. */
  readonly verbs: readonly string[];
  /** The first state of a payment that was asked for. */
  open(input: Input): State;
  /** Next state, or null when `event` is not legal now. */
  applyEvent(state: State, event: Event): State | null;
  /** The one effect that `state` waits for, or null. */
  pendingEffect(state: State): Work | null;
  deadline(state: State): Deadline | null;
  commands(state: State): readonly Command[];
  /** The fact that a legal `request` becomes, or why it is refused. */
  decide(state: State, request: CommandRequest, at: number): Event | Refusal;
  /** Does the state say already what `claim` says, a piece of news in the family's words? */
  knows(state: State, claim: unknown): boolean;
  /** The fact that `news` becomes; null when the state says already what it says, or when there is
   *  nobody to ask. */
  hear(state: State, news: News, at: number): Event | null;
  view(state: State): PaymentView;
  /** Money that `event` moved on the way from `before` to `after`. */
  postings(before: State, event: Event, after: State): readonly Posting[];
  /** What merchants are told of `event`, by name (`payment.captured`), or null. */
  announces(event: Event, before: PaymentView, after: PaymentView): string | null;
  /** The event of a pending effect that brought no answer, or none that was understood: it may have
   *  acted. */
  withoutAnswer(effect: Work, at: number, reason: string): Event;
  freeze(state: State): Frozen;
  /** @throws Error when `frozen` is of another lifecycle or of a version that is not known. */
  thaw(frozen: Frozen): State;
}

export const isRefusal = (decision: LifecycleEvent | Refusal): decision is Refusal =>
  'code' in decision;
