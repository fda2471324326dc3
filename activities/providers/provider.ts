/** The ports: what an adapter is asked, what it may answer, and what evidence it leaves. */
import type {
  CardOperationEffect,
  CardPicture,
  CardPictureQuestion,
} from '../../machines/card/card.types.ts';
import type { Decline, Redirect } from '../../machines/shared/lifecycle.ts';
import type { RefusedRequest } from '../../machines/shared/operation.ts';
import type { Money } from '../../machines/shared/money.ts';
import type { BuyerDetails, ShippingAddress } from './order-details.ts';

/** One call to a provider as it is kept: no credentials, no personal data beyond what it takes to
 *  find the call again at the provider. */
export type Exchange = {
  readonly at: string;
  readonly request: string;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** The provider's own id of this call, for its support. */
  readonly requestId: string | null;
  /** It does not take our credentials for this, so nothing was done. */
  readonly refusesCredentials?: true;
  readonly answer: unknown;
  readonly durationMs: number;
};

/** What a call needs besides its terms. */
export type Call = {
  readonly paymentId: string;
  readonly operationId: string;
  /** The same for every attempt of the operation. */
  readonly idempotencyKey: string;
  readonly signal: AbortSignal;
  /** When a call about this operation last began, before this one; null when there was none. */
  readonly lastSentAt: number | null;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  readonly keep: (exchange: Exchange) => void;
};

export type AuthorizeTerms = {
  readonly amount: Money;
  readonly captureMode: 'manual' | 'automatic';
  readonly paymentToken: string;
  /** Where the buyer comes back to after 3-D Secure or a redirect. */
  readonly returnUrl: string;
  /** The buyer has gone: the method that was kept is used, and nobody can confirm anything. */
  readonly withoutBuyer?: boolean;
  /** What the payment is for, as the buyer's statement or the provider's console may show it. */
  readonly description: string;
  readonly buyer?: BuyerDetails;
  readonly shippingAddress?: ShippingAddress | undefined;
};

/** A definite no: nothing moved. */
export type Declined = { readonly kind: 'declined'; readonly decline: Omit<Decline, 'verb'> };
/** Our request, our credentials or the payment's state there are wrong: nothing moved, and repeating
 *  it will not help. */
export type Refused = RefusedRequest & { readonly kind: 'refused' };
/** It may have acted. */
export type Unknown = { readonly kind: 'unknown'; readonly reason: string };
/** Accepted, the result comes later. `providerRef` is the operation's own, where it has one. */
type Pending = { readonly kind: 'pending'; readonly providerRef?: string };
/** The hold is gone, by the provider's word. */
type HoldExpired = { readonly kind: 'hold_expired' };
/** Somebody else released it there. */
type HoldReleased = { readonly kind: 'hold_released' };
/** Somebody else moved the same money there, and this operation can no longer act. */
type Overtaken = { readonly kind: 'overtaken'; readonly reason: string };

export type AuthorizationOutcome =
  | {
      readonly kind: 'approved';
      readonly providerRef: string;
      readonly amountMinor: number;
      /** True when the money was taken, not just held. */
      readonly captured: boolean;
      readonly holdEndsAt: number | null;
      readonly multicapture: boolean;
      /** Somebody has captured a part of it since: the whole picture has to be looked at. */
      readonly hasMoved?: true;
    }
  | { readonly kind: 'review'; readonly providerRef: string }
  | {
      readonly kind: 'buyer_action';
      readonly providerRef: string;
      readonly nextAction: Redirect;
    }
  | (Declined & { readonly providerRef: string | null })
  | Refused
  | Unknown;

/** `providerRef` is the operation's own, where it has one. */
export type OperationOutcome =
  | { readonly kind: 'approved'; readonly providerRef?: string }
  | Pending
  | Declined
  | Refused
  | HoldExpired
  | HoldReleased
  | Overtaken
  | Unknown;

/** All that a provider shows of the holds of a payment, in the order of the question. */
export type Look =
  | { readonly kind: 'seen'; readonly pictures: readonly CardPicture[] }
  | {
      readonly kind: 'inconclusive';
      readonly reason: string;
      /** The one of the question's references that the provider says it does not have. */
      readonly absentRef?: string;
    };

/** One payment as a provider lists it, for the comparison of its books with ours. */
export type ListedPayment = {
  readonly providerRef: string;
  /** Our own id, where the provider shows that we gave it. */
  readonly paymentId: string | null;
  readonly createdAt: number;
  readonly currency: string;
  readonly authorizedMinor: number;
  readonly capturedMinor: number;
  readonly heldMinor: number;
  readonly refundedMinor: number;
  readonly isDisputed: boolean;
};

/** Whose account credentials are of. `untold`: they are good, and may not know it. */
export type AccountAnswer =
  | { readonly kind: 'told'; readonly account: string }
  | { readonly kind: 'untold'; readonly reason: string }
  | Refused
  | Unknown;

/** Found in any of the above ways, proven not to have happened, or still in doubt. */
export type Inquired<Outcome> =
  | Exclude<Outcome, Unknown>
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/** What a void may turn out to be: the buyer had paid before it arrived. */
export type PaidMeanwhile =
  | { readonly kind: 'sale_found'; readonly providerRef: string; readonly amountMinor: number }
  | {
      readonly kind: 'hold_found';
      readonly providerRef: string;
      readonly amountMinor: number;
      readonly holdEndsAt: number | null;
      readonly multicapture: boolean;
    };

type Effect<T extends CardOperationEffect['type']> = Extract<CardOperationEffect, { type: T }>;

/**
 * A provider that takes cards. Each method makes its call once and reads the answer; it never
 * retries. An answer that is not understood is `unknown`, never approved and never declined.
 * @throws ProviderNotReached when it cannot have acted (connection refused, documented 429)
 */
export type CardProvider = {
  /** Within this time of its first attempt, sending an operation again cannot act twice. */
  readonly replayWithinMs: number;
  authorize(
    effect: Effect<'authorize'>,
    terms: AuthorizeTerms,
    call: Call,
  ): Promise<AuthorizationOutcome>;
  capture(effect: Effect<'capture'>, call: Call): Promise<OperationOutcome>;
  void(effect: Effect<'void'>, call: Call): Promise<OperationOutcome>;
  refund(effect: Effect<'refund'>, call: Call): Promise<OperationOutcome>;
  /** Places a new hold for what is left of the old one, without the buyer. */
  reauthorize(
    effect: Effect<'reauthorize'>,
    terms: AuthorizeTerms,
    call: Call,
  ): Promise<AuthorizationOutcome>;
  /** Finds out what became of an operation; sends it again only where that cannot act twice, and
   *  never with `lookOnly`. */
  inquireAuthorization(
    effect: Effect<'authorize'> | Effect<'reauthorize'>,
    terms: AuthorizeTerms,
    call: Call,
    asking: Inquiry,
  ): Promise<Inquired<AuthorizationOutcome>>;
  inquireOperation(
    effect: Exclude<CardOperationEffect, { type: 'authorize' | 'reauthorize' }>,
    call: Call,
    asking: Inquiry,
  ): Promise<Inquired<OperationOutcome> | PaidMeanwhile>;
  /** The whole picture, at one moment. Moves nothing. */
  look(question: CardPictureQuestion, call: Call): Promise<Look>;
  /**
   * Payments that were made there from `from` until `to` (milliseconds since 1970), and those whose
   * money moved in that time, page by page.
   * @throws ProviderNotReached, or Error when an answer cannot be read: nothing is compared then
   */
  listPayments(
    window: { readonly from: number; readonly to: number },
    call: Call,
  ): AsyncIterable<readonly ListedPayment[]>;
  /** Where the credentials do not say it themselves. Moves nothing. */
  account?(call: Call): Promise<AccountAnswer>;
};

/** `since`: when the operation was asked for. */
export type Inquiry = { readonly since: number; readonly lookOnly: boolean };

/** It cannot have acted: safe to try again. */
export class ProviderNotReached extends Error {
  override name = 'ProviderNotReached';
}
