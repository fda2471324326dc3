import type { Asking } from '../shared/asking.ts';
import type { Decline, NextAction } from '../shared/lifecycle.ts';
import type { Money } from '../shared/money.ts';

/** `reauthorize` places a new hold in the place of one that is about to lapse. */
export type CardVerb = 'authorize' | 'capture' | 'void' | 'refund' | 'reauthorize';

/** What is done by itself shortly before a hold lapses. */
export type HoldAction = 'reauthorize' | 'capture' | 'void' | 'nothing';

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
  /** How long before a hold lapses its end is announced; 0 is never. */
  readonly warnBeforeMs: number;
  /** How long before a hold lapses `onHoldEnding` is done. */
  readonly actBeforeMs: number;
  readonly onHoldEnding: HoldAction;
  /** A buyer may pay after the payment has ended: keep that money, or give it back. */
  readonly onLateMoney: 'adopt' | 'void';
  /** While the provider has people look at the payment: capture all the same, as when it is absent, or
   *  wait for them. */
  readonly captureInReview?: 'allow' | 'refuse';
};

/** 1: a refused authorization is parked, a pending refund keeps the payment busy, and a refusal is not
 *  looked into. */
export type CardVersion = 1 | 2;

/** A refund that the provider accepted, and whose result comes later. */
export type PendingRefund = {
  readonly amountMinor: number;
  /** The hold whose captured money it gives back. */
  readonly upon: string;
  /** The refund's own reference, where the provider gave one. */
  readonly providerRef: string | null;
  readonly since: number;
};

/** A capture that somebody wants at a certain time. */
export type ScheduledCapture = {
  readonly at: number;
  /** Null: all that is held then. */
  readonly amountMinor: number | null;
  readonly final: boolean;
};

export type CardInput = {
  readonly paymentId: string;
  readonly total: Money;
  /** `automatic` takes the money with the authorization (a sale). */
  readonly captureMode: 'manual' | 'automatic';
  /** When all of it is to be captured; null or absent leaves it to people. */
  readonly captureAt?: number | null;
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
  /** The provider's reference that it acts upon, where that is not the payment's present one. */
  readonly upon?: string;
};

/** What the provider says of one hold and all that became of it, at one moment. */
export type CardPicture = {
  readonly providerRef: string;
  /** What was ever held or taken; 0 while the buyer has not paid. */
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  /** What is still held. */
  readonly heldMinor: number;
  readonly holdEndsAt: number | null;
  readonly multicapture: boolean;
  /** What ended it, when nothing is held any more and nothing was taken. */
  readonly endedBy: 'void' | 'time' | null;
  readonly refunds: readonly {
    readonly providerRef: string;
    /** Ours, where the provider shows that we asked for it. */
    readonly operationId: string | null;
    readonly amountMinor: number;
    readonly status: 'succeeded' | 'pending' | 'failed';
    readonly reason: string | null;
  }[];
  readonly disputes: readonly {
    readonly providerRef: string;
    readonly amountMinor: number;
    readonly status: DisputeStatus;
    readonly reason: string;
    readonly respondBy: number | null;
    /** Present where it is in another currency than the payment, as people read it (`JPY 1,700,000`):
     *  then `amountMinor` says nothing, and is 0. */
    readonly foreignAmount?: string;
  }[];
  /** The provider has people look at the payment, or had. Absent: it has no such thing. */
  readonly review?: {
    readonly providerRef: string;
    readonly isOpen: boolean;
    readonly reason: string;
  };
  /** The issuer's early word that the payment may be a fraud; no money moves with it. */
  readonly fraudWarnings?: readonly {
    readonly providerRef: string;
    /** What kind, in the provider's word: `made_with_stolen_card`. */
    readonly reason: string;
  }[];
};

export type DisputeStatus = 'open' | 'won' | 'lost';

/** What a piece of news says, in so far as it can be compared with what we hold true. */
export type CardClaim =
  | { readonly says: 'authorized'; readonly upon: string }
  | { readonly says: 'declined' }
  /** The hold `upon` lapses then. */
  | { readonly says: 'hold_ends'; readonly upon: string; readonly endsAt: number }
  /** Of the hold `upon`, as the provider counts each by itself. `isOver`: nothing more is held of it. */
  | {
      readonly says: 'captured';
      readonly upon: string;
      readonly amountMinor: number;
      readonly isOver: boolean;
    }
  | { readonly says: 'refunded'; readonly upon: string; readonly amountMinor: number }
  | { readonly says: 'released'; readonly upon: string }
  | {
      readonly says: 'refund';
      readonly providerRef: string;
      readonly status: 'succeeded' | 'pending' | 'failed';
    }
  | {
      readonly says: 'dispute';
      readonly providerRef: string;
      readonly status: DisputeStatus;
      /** Absent: in another currency than the payment, or not told. */
      readonly amountMinor?: number;
    }
  /** Something happened: only a look can tell what. */
  | { readonly says: 'changed' };

/** `upon` is the hold whose captured money it gives back. */
export type CountedRefund = { readonly amountMinor: number; readonly upon: string };

export type FormerHold = { readonly providerRef: string; readonly capturedMinor: number };

export type Dispute = {
  readonly amountMinor: number;
  readonly status: DisputeStatus;
  readonly reason: string;
  readonly respondBy: number | null;
  /** The hold whose captured money is disputed; absent in what version 1 wrote. */
  readonly upon?: string;
};

export type CardContext = {
  readonly version: CardVersion;
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
  /** When the present hold was placed. */
  readonly holdSince: number | null;
  readonly operation: Operation | null;
  /** How many operations of each verb there were: the next one's number is one more. */
  readonly ordinals: Readonly<Record<CardVerb, number>>;
  readonly asking: Asking | null;
  /** The message that made us ask, until there is an answer. */
  readonly news: { readonly notificationId: string | null; readonly verified: boolean } | null;
  readonly captureAt: ScheduledCapture | null;
  /** What was done about the end of the present hold: told people, acted. */
  readonly holdWarned: boolean;
  readonly holdActed: boolean;
  /** Refunds that are counted, by the provider's reference. */
  readonly refunds: Readonly<Record<string, CountedRefund>>;
  /** Holds that were replaced by the present one, `providerRef`, oldest first. */
  readonly formerHolds: readonly FormerHold[];
  readonly disputes: Readonly<Record<string, Dispute>>;
  readonly disputedMinor: number;
  readonly chargedBackMinor: number;
  /** Money that came after the end, until somebody decides about it. */
  readonly lateAt: number | null;
  readonly resolution: {
    readonly outcome: 'succeeded' | 'failed';
    readonly providerRef: string | null;
  } | null;
  readonly buyer: { readonly nextAction: NextAction; readonly expiresAt: number } | null;
  readonly decline: Decline | null;
  /** The issuer said no to the payment, whatever `decline` says of later requests. */
  readonly isDeclined: boolean;
  readonly attention: string | null;
  /** By our operation. */
  readonly pendingRefunds: Readonly<Record<string, PendingRefund>>;
  /** When they are asked about next, beside all other questions. */
  readonly pendingAsking: Asking | null;
  /** What the provider refused, or somebody overtook, until the whole payment was looked at: then the
   *  command is answered. */
  readonly refused: { readonly operationId: string; readonly verb: CardVerb } | null;
  /** Something was heard while an operation was in doubt: it is looked at when that ends. */
  readonly hasHeard: boolean;
  /** The provider has people look at the payment, or had. */
  readonly review: NonNullable<CardPicture['review']> | null;
  /** The issuer's early words, by their reference: each with its kind. */
  readonly fraudWarnings: Readonly<Record<string, string>>;
  readonly lastCapture: { readonly amountMinor: number; readonly releasedMinor: number } | null;
  /** Checkout does not want it any more, although nobody knows yet whether it took place. */
  readonly givenUp: { readonly at: number; readonly reason: string | null } | null;
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
  | 'reauthorizing'
  | 'disputed'
  | 'charged_back'
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
      /** The hold may have to be renewed without the buyer. */
      keepsMethod: boolean;
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
      /** Captured of this hold before this operation: tells an earlier capture from this one. */
      capturedMinor: number;
    }
  | {
      type: 'void';
      operationId: string;
      providerRef: string;
      amountMinor: number;
      currency: string;
      capturedMinor: number;
      /** The buyer was given up: whoever paid after all is not to be lost. */
      givesUp: boolean;
      /** A new hold stands in its place, so how it ends does not matter, if it ends. */
      isReplaced: boolean;
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
      type: 'reauthorize';
      operationId: string;
      /** The hold that is about to lapse. */
      providerRef: string;
      amountMinor: number;
      currency: string;
      /** Not to be sent for the first time after this instant: the old hold will have lapsed. */
      startBy: number;
    }
  | {
      type: 'inquire';
      /** The operation in doubt, whole, so that it can be found or sent again under its key. */
      about: Exclude<CardEffect, { type: 'inquire' }> | CardPictureQuestion;
      operationId: string | null;
      /** Milliseconds since 1970 when the operation was asked for. */
      since: number;
      /** Nothing may be sent again: a person says that it is over. */
      lookOnly: boolean;
      /** A message made us ask: an answer that says nothing new leaves no fact. */
      news: CardContext['news'];
    };

/** How does all of it look at the provider? One reference for each hold that the payment ever had. */
export type CardPictureQuestion = {
  type: 'picture';
  providerRefs: readonly string[];
  currency: string;
};

export type CardOperationEffect = Exclude<CardEffect, { type: 'inquire' }>;
