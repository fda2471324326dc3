/** What may happen to a guaranteed payment, in the past tense: the facts of its story. */
import type { CalendarDate } from '../shared/calendar.ts';
import type { Decline } from '../shared/lifecycle.ts';
import type { RefusedRequest } from '../shared/operation.ts';
import type {
  GuaranteeNotes,
  GuaranteeNoun,
  InvoiceTerms,
  InvoiceWish,
} from './guarantee.types.ts';

type At = { readonly at: number };
/** An answer names its operation, so that a late one can never be taken for another's. */
type Answer = At & { readonly operationId: string };
type Noted = Answer & { readonly notes: GuaranteeNotes };

/** Requests are facts too: somebody asked, or the integration's settings did. */
export type GuaranteeEvent =
  | (Noted & { type: 'reservation.approved'; providerRef: string | null })
  | (Noted & { type: 'modification.approved' })
  | (Noted & { type: 'capture.approved' })
  /** From now on the provider pays what the buyer does not; null: it did not say how much. */
  | (Noted & { type: 'activation.approved'; guaranteedMinor: number | null; invoice: InvoiceTerms })
  | (Noted & { type: 'cancellation.approved' })
  | (Noted & { type: 'application.approved' })
  /** A definite no. */
  | (Noted & { type: `${GuaranteeNoun}.declined`; decline: Decline })
  /** It, or we, would not do it: nothing was done. `fault`: somebody has to mend something. */
  | (Answer & RefusedRequest & { type: `${GuaranteeNoun}.refused` })
  /** It may have acted. `invoice`: what an activation was sent with. */
  | (Answer & { type: `${GuaranteeNoun}.unknown`; reason: string; invoice?: InvoiceTerms })
  /** Proven: it never took place. */
  | (Answer & { type: `${GuaranteeNoun}.absent`; reason: string })
  /** Never sent: its time to start had passed. */
  | (Answer & { type: 'payment.abandoned' })
  | (At & { type: 'modification.requested'; amountMinor: number; reason: string | null })
  | (At & { type: 'capture.requested' })
  | (At & { type: 'activation.requested'; wish: InvoiceWish })
  | (At & { type: 'cancellation.requested'; reason: string | null })
  /** The provider is to be told of a receipt that it was not told of. */
  | (At & { type: 'application.requested'; receiptId: string })
  /** The buyer's money has come. */
  | (At & {
      type: 'receipt.recorded';
      amountMinor: number;
      reference: string | null;
      receivedOn: CalendarDate | null;
    })
  /** It did not arrive after all: a check was returned, a transfer recalled. */
  | (At & { type: 'receipt.bounced'; receiptId: string; reason: string | null })
  /** Money was given back to the buyer, or handed on to the provider. */
  | (At & { type: 'refund.recorded'; amountMinor: number; reason: string | null })
  /** The provider has paid in the buyer's place. */
  | (At & { type: 'claim.recorded'; amountMinor: number; reference: string | null })
  | (At & { type: 'payment.written_off'; amountMinor: number; reason: string | null })
  /** Reserved, and not activated for long: a limit is blocked for nothing. */
  | (At & { type: 'reservation.aged' })
  | (At & { type: 'payment.overdue'; dueOn: CalendarDate })
  /** An operator says that the provider's portal freed the limit; the provider is asked. */
  | (At & { type: 'release.claimed'; reason: string | null })
  | (Answer & { type: 'limit.released' })
  | (Answer & { type: 'release.contradicted'; reason: string })
  /** Found at the provider, not asked for by Holdfast. */
  | (At & { type: 'capture.found' })
  | (At & { type: 'cancellation.found' })
  | (At & { type: 'payment.found'; amountMinor: number })
  | (At & { type: 'claim.found'; amountMinor: number })
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
  | (At & { type: 'inquiry.inconclusive'; reason: string; invoice?: InvoiceTerms })
  | (At & { type: 'inquiry.exhausted' });
