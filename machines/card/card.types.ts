import type { Asking } from '../shared/asking.ts';
import type { Decline, NextAction } from '../shared/lifecycle.ts';
import type { Money } from '../shared/money.ts';

export type CardVerb = 'authorize' | 'capture' | 'void' | 'refund';

/** How long things may take; a copy of the integration's settings when the payment was opened. */
export type CardPolicy = {
  /** A request that was not sent to the provider within this time never is: the buyer has gone. */
  readonly startWithinMs: number;
  /** How long an unknown outcome is asked about before a person has to look at it. */
  readonly inquireWithinMs: number;
  /** How long a buyer may take at the provider's or the issuer's page. */
  readonly buyerWithinMs: number;
  /** How long the provider may keep an operation pending before a person has to look at it. */
  readonly reviewWithinMs: number;
};

export type CardInput = {
  readonly paymentId: string;
  readonly total: Money;
  /** `automatic` takes the money with the authorization (a sale). */
  readonly captureMode: 'manual' | 'automatic';
  /** The provider's name as people say it: `Stripe`. */
  readonly provider: string;
  readonly policy: CardPolicy;
  readonly at: number;
};

/** The one provider operation that a payment has in flight. */
export type Operation = {
  readonly id: string;
  readonly verb: CardVerb;
  readonly amountMinor: number;
  /** Captures only: release what is left of the hold. */
  readonly final: boolean;
  readonly reason: string | null;
  readonly requestedAt: number;
};

type At = { readonly at: number };
/** An answer names its operation, so that a late one can never be taken for another's. */
type Answer = At & { readonly operationId: string };

/** What happened, in the past tense. Requests are facts too: somebody asked. */
export type CardEvent =
  | (Answer & {
      type: 'authorization.approved';
      providerRef: string;
      amountMinor: number;
      /** When the hold lapses by the provider's word; null when it says nothing. */
      holdEndsAt: number | null;
      /** This hold may be captured in several parts. */
      multicapture: boolean;
    })
  | (Answer & { type: 'sale.approved'; providerRef: string; amountMinor: number })
  | (Answer & { type: 'authorization.declined'; providerRef: string | null; decline: Decline })
  | (Answer & { type: 'authorization.refused'; reason: string })
  | (Answer & { type: 'authorization.unknown'; reason: string })
  /** Proven: the provider never authorized it and no longer can. */
  | (Answer & { type: 'authorization.absent'; reason: string })
  /** Never sent: its time to start had passed. */
  | (Answer & { type: 'payment.abandoned' })
  | (Answer & {
      type: 'buyer.action_required';
      providerRef: string;
      nextAction: NextAction;
    })
  | (At & { type: 'buyer.timed_out' })
  | (Answer & { type: 'review.opened'; providerRef: string })
  | (At & { type: 'capture.requested'; amountMinor: number; final: boolean })
  | (Answer & { type: 'capture.succeeded'; amountMinor: number; releasedMinor: number })
  | (Answer & { type: 'capture.pending' })
  | (Answer & { type: 'capture.declined'; decline: Decline })
  | (Answer & { type: 'capture.refused'; reason: string })
  | (Answer & { type: 'capture.unknown'; reason: string })
  | (Answer & { type: 'capture.absent'; reason: string })
  | (At & { type: 'void.requested' })
  | (Answer & { type: 'void.succeeded'; releasedMinor: number })
  | (Answer & { type: 'void.pending' })
  | (Answer & { type: 'void.declined'; decline: Decline })
  | (Answer & { type: 'void.refused'; reason: string })
  | (Answer & { type: 'void.unknown'; reason: string })
  | (Answer & { type: 'void.absent'; reason: string })
  | (At & { type: 'refund.requested'; amountMinor: number; reason: string | null })
  /** `providerRef` is the refund's own: by it the provider's reports name it. */
  | (Answer & { type: 'refund.succeeded'; amountMinor: number; providerRef?: string })
  | (Answer & { type: 'refund.pending' })
  | (Answer & { type: 'refund.declined'; decline: Decline })
  | (Answer & { type: 'refund.refused'; reason: string })
  | (Answer & { type: 'refund.unknown'; reason: string })
  | (Answer & { type: 'refund.absent'; reason: string })
  /** The hold's date has come: time to ask, not to believe. */
  | (At & { type: 'hold.due' })
  /** The provider says that the hold is gone. */
  | (At & { type: 'hold.expired' })
  /** A person, or news from the provider, wants the truth now. */
  | (At & { type: 'recheck.requested' })
  | (At & { type: 'inquiry.due' })
  | (At & { type: 'inquiry.inconclusive'; reason: string })
  | (At & { type: 'inquiry.exhausted' });

export type CardContext = {
  readonly paymentId: string;
  readonly provider: string;
  readonly currency: string;
  readonly captureMode: 'manual' | 'automatic';
  readonly policy: CardPolicy;
  readonly requestedAt: number;
  readonly requestedMinor: number;
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly voidedMinor: number;
  readonly refundedMinor: number;
  readonly multicapture: boolean;
  readonly providerRef: string | null;
  readonly holdEndsAt: number | null;
  readonly operation: Operation | null;
  /** How many operations of each verb there were: the next one's number is one more. */
  readonly ordinals: Readonly<Record<CardVerb, number>>;
  readonly asking: Asking | null;
  readonly buyer: { readonly nextAction: NextAction; readonly expiresAt: number } | null;
  readonly decline: Decline | null;
  readonly attention: string | null;
  /** What ended a payment that took no money: decides between voided and expired. */
  readonly endedBy: 'void' | 'time' | null;
};

/** States, equal to the database's values. */
export type CardStatus =
  | 'authorizing'
  | 'awaiting_buyer'
  | 'in_review'
  | 'authorized'
  | 'capturing'
  | 'partially_captured'
  | 'captured'
  | 'voiding'
  | 'voided'
  | 'refunding'
  | 'partially_refunded'
  | 'refunded'
  | 'declined'
  | 'expired'
  | 'inquiring'
  | 'parked';

/** The one thing the outside world still owes a waiting state. */
export type CardEffect =
  | {
      type: 'authorize';
      operationId: string;
      amountMinor: number;
      currency: string;
      captureMode: 'manual' | 'automatic';
      /** Known once the provider has answered before: it waits for the buyer, or reviews. */
      providerRef: string | null;
      /** Not to be sent for the first time after this instant. */
      startBy: number;
    }
  | {
      type: 'capture';
      operationId: string;
      providerRef: string;
      amountMinor: number;
      currency: string;
      final: boolean;
      /** What this capture gives back of the hold, when it is final. */
      releasedMinor: number;
      /** Captured before this operation: tells an earlier capture from this one. */
      capturedMinor: number;
    }
  | {
      type: 'void';
      operationId: string;
      providerRef: string;
      amountMinor: number;
      currency: string;
      capturedMinor: number;
    }
  | {
      type: 'refund';
      operationId: string;
      providerRef: string;
      amountMinor: number;
      currency: string;
      reason: string | null;
    }
  | {
      type: 'inquire';
      /** The operation in doubt, whole, so that it can be found or sent again under its key. */
      about: Exclude<CardEffect, { type: 'inquire' }> | CardHoldQuestion;
      operationId: string | null;
      /** Milliseconds since 1970 when the operation was asked for. */
      since: number;
    };

/** Is the hold still there? Asked when its date has come. */
export type CardHoldQuestion = {
  type: 'hold';
  providerRef: string;
  capturedMinor: number;
  currency: string;
};

export type CardOperationEffect = Exclude<CardEffect, { type: 'inquire' }>;
