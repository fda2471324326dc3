/** The port of a provider that gives buyers credit: what it is asked, and what it may answer. */
import type {
  CreditOffer,
  CreditOperationEffect,
  CreditPicture,
  CreditPictureQuestion,
} from '../../machines/credit/credit.types.ts';
import type { OrderRequest } from './order-details.ts';
import type { Call, Declined, Inquired, Inquiry, Refused, Unknown } from './provider.ts';

/** What an offer or an order tells the provider besides the amount. */
export type CreditTerms = OrderRequest & {
  /** What the payment is for: `order 4711`. One line of that name stands for an order without lines. */
  readonly description: string;
};

export type CreditOutcome =
  /** `providerRef`: of what was made, an order, an invoice, a shipment, a return. */
  | { readonly kind: 'approved'; readonly providerRef: string; readonly expiresAt?: number | null }
  /** Orders only: the provider decides later. */
  | { readonly kind: 'review'; readonly providerRef: string }
  /** Offers only. */
  | { readonly kind: 'offered'; readonly offer: CreditOffer }
  | Declined
  | Refused
  | Unknown;

export type CreditLook =
  | { readonly kind: 'seen'; readonly picture: CreditPicture }
  /** The provider says that it has no such order. */
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'inconclusive'; readonly reason: string };

/**
 * A provider that holds a buyer's credit for an order and pays its invoices. Each method but
 * `inquire` and `look` makes its call once and reads the answer; it never retries. An answer that is
 * not understood is `unknown`, never approved and never declined.
 * @throws ProviderNotReached when it cannot have acted (connection refused, documented 429)
 */
export type CreditProvider = {
  perform(effect: CreditOperationEffect, terms: CreditTerms, call: Call): Promise<CreditOutcome>;
  /** Finds out what became of an operation by our own numbers; sends it again only where it is
   *  proven not to have arrived and no longer can, and never with `lookOnly`. */
  inquire(
    effect: CreditOperationEffect,
    terms: CreditTerms,
    call: Call,
    asking: Inquiry,
  ): Promise<Inquired<CreditOutcome>>;
  /** How the order and its invoices stand, at one moment. Moves nothing. */
  look(question: CreditPictureQuestion, call: Call): Promise<CreditLook>;
};
