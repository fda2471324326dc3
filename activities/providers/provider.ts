/** The ports: what an adapter is asked, what it may answer, and what evidence it leaves. */
import type { CardOperationEffect, CardHoldQuestion } from '../../machines/card/card.types.ts';
import type { Decline, NextAction } from '../../machines/shared/lifecycle.ts';
import type { Money } from '../../machines/shared/money.ts';

/** One call to a provider as it is kept: no credentials, no personal data beyond what it takes to
 *  find the call again at the provider. */
export type Exchange = {
  readonly at: string;
  readonly request: string;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** The provider's own id of this call, for its support. */
  readonly requestId: string | null;
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
  /** What the payment is for, as the buyer's statement or the provider's console may show it. */
  readonly description: string;
};

/** A definite no: nothing moved. */
type Declined = { readonly kind: 'declined'; readonly decline: Omit<Decline, 'verb'> };
/** Our request or our credentials are wrong: nothing moved, and repeating it will not help. */
type Refused = { readonly kind: 'refused'; readonly reason: string };
/** It may have acted. */
type Unknown = { readonly kind: 'unknown'; readonly reason: string };
/** Accepted, the result comes later. */
type Pending = { readonly kind: 'pending' };
/** The hold is gone, by the provider's word. */
type HoldExpired = { readonly kind: 'hold_expired' };

export type AuthorizationOutcome =
  | {
      readonly kind: 'approved';
      readonly providerRef: string;
      readonly amountMinor: number;
      /** True when the money was taken, not just held. */
      readonly captured: boolean;
      readonly holdEndsAt: number | null;
      readonly multicapture: boolean;
    }
  | { readonly kind: 'review'; readonly providerRef: string }
  | {
      readonly kind: 'buyer_action';
      readonly providerRef: string;
      readonly nextAction: NextAction;
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
  | Unknown;

/** Found in any of the above ways, proven not to have happened, or still in doubt. */
export type Inquired<Outcome> =
  | Exclude<Outcome, Unknown>
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/** What a void may turn out to be: the buyer had paid before it arrived. */
export type SaleFound = {
  readonly kind: 'sale_found';
  readonly providerRef: string;
  readonly amountMinor: number;
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
  /** Finds out what became of an operation; sends it again only where that cannot act twice. */
  inquireAuthorization(
    effect: Effect<'authorize'>,
    terms: AuthorizeTerms,
    call: Call,
    since: number,
  ): Promise<Inquired<AuthorizationOutcome>>;
  inquireOperation(
    effect: Exclude<CardOperationEffect, { type: 'authorize' }>,
    call: Call,
    since: number,
  ): Promise<Inquired<OperationOutcome> | SaleFound>;
  inquireHold(question: CardHoldQuestion, call: Call): Promise<Inquired<HoldExpired>>;
};

/** It cannot have acted: safe to try again. */
export class ProviderNotReached extends Error {
  override name = 'ProviderNotReached';
}
