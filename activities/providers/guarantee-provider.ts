/** The port of a provider that guarantees invoices: what it is asked, and what it may answer. */
import type {
  GuaranteeNotes,
  GuaranteeOperationEffect,
  GuaranteePicture,
  GuaranteePictureQuestion,
  InvoiceTerms,
  InvoiceWish,
} from '../../machines/guarantee/guarantee.types.ts';
import type { OrderRequest } from './order-details.ts';
import type { Call, Declined, Inquired, Inquiry, Refused, Unknown } from './provider.ts';

/** What a reservation tells the provider besides the amount. Who buys: as far as checkout knows; what
 *  the provider needs of it was checked before. */
export type ReserveTerms = OrderRequest;

export type GuaranteeOutcome =
  | {
      readonly kind: 'approved';
      readonly providerRef: string | null;
      /** What the provider guarantees now; null when it does not say. */
      readonly guaranteedMinor: number | null;
      readonly notes: GuaranteeNotes;
    }
  | (Declined & { readonly notes: GuaranteeNotes })
  | Refused
  | Unknown;

export type GuaranteeLook =
  | { readonly kind: 'seen'; readonly picture: GuaranteePicture }
  /** The provider says that it has no such order. */
  | { readonly kind: 'absent'; readonly reason: string }
  | { readonly kind: 'inconclusive'; readonly reason: string };

type Effect<T extends GuaranteeOperationEffect['type']> = Extract<
  GuaranteeOperationEffect,
  { type: T }
>;

/** What the operations need that is not in their effect. */
export type GuaranteeTerms = {
  readonly reserve: ReserveTerms;
  /** Activations only: the dates, the same for every attempt. */
  readonly invoice: InvoiceTerms | null;
};

/**
 * A provider that reserves a buyer's limit for an order and then guarantees its invoice. Each method
 * but `inquire` and `look` makes its call once and reads the answer; it never retries. An answer
 * that is not understood is `unknown`, never approved and never declined.
 * @throws ProviderNotReached when it cannot have acted (connection refused)
 */
export type GuaranteeProvider = {
  perform(
    effect: GuaranteeOperationEffect,
    terms: GuaranteeTerms,
    call: Call,
  ): Promise<GuaranteeOutcome>;
  /** Finds out what became of an operation; sends it again only where that cannot act twice, and
   *  never with `lookOnly`. */
  inquire(
    effect: GuaranteeOperationEffect,
    terms: GuaranteeTerms,
    call: Call,
    asking: Inquiry,
  ): Promise<Inquired<GuaranteeOutcome>>;
  /** How the order stands, at one moment. Moves nothing. */
  look(question: GuaranteePictureQuestion, call: Call): Promise<GuaranteeLook>;
};

/** Number and dates of the invoice that an activation speaks of, the same for every attempt. */
export type InvoiceTermsOf = (
  integration: { readonly provider: string; readonly settings: unknown },
  order: { readonly sourceNumber: string; readonly term: string },
  asked: { readonly wish: InvoiceWish; readonly requestedAt: number },
) => InvoiceTerms;

export type ActivateEffect = Effect<'activate'>;
export type ApplyEffect = Effect<'apply'>;
