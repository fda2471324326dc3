/** What may happen to a card payment, in the past tense: the facts of its story. */
import type { Decline, NextAction } from '../shared/lifecycle.ts';
import type { RefusedRequest } from '../shared/operation.ts';
import type { HoldAction } from './card.types.ts';

type At = { readonly at: number };
/** An answer names its operation, so that a late one can never be taken for another's. */
type Answer = At & { readonly operationId: string };

/** Requests are facts too: somebody asked. */
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
  | (Answer & RefusedRequest & { type: 'authorization.refused' })
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
  | (Answer & RefusedRequest & { type: 'capture.refused' })
  | (Answer & { type: 'capture.unknown'; reason: string })
  | (Answer & { type: 'capture.absent'; reason: string })
  | (At & { type: 'void.requested' })
  | (Answer & { type: 'void.succeeded'; releasedMinor: number })
  | (Answer & { type: 'void.pending' })
  | (Answer & { type: 'void.declined'; decline: Decline })
  | (Answer & RefusedRequest & { type: 'void.refused' })
  | (Answer & { type: 'void.unknown'; reason: string })
  | (Answer & { type: 'void.absent'; reason: string })
  | (At & { type: 'refund.requested'; amountMinor: number; reason: string | null })
  /** `providerRef` is the refund's own: by it the provider's reports name it. */
  | (Answer & { type: 'refund.succeeded'; amountMinor: number; providerRef?: string })
  | (Answer & { type: 'refund.pending'; providerRef?: string })
  | (Answer & { type: 'refund.declined'; decline: Decline })
  | (Answer & RefusedRequest & { type: 'refund.refused' })
  | (Answer & { type: 'refund.unknown'; reason: string })
  | (Answer & { type: 'refund.absent'; reason: string })
  /** The hold's date has come: time to ask, not to believe. */
  | (At & { type: 'hold.due' })
  /** The provider says that the hold is gone. */
  | (At & { type: 'hold.expired' })
  /** The provider says that it will lapse at another time than it did. */
  | (At & { type: 'hold.rescheduled'; holdEndsAt: number })
  /** It will lapse soon: people are told. */
  | (At & { type: 'hold.ending'; holdEndsAt: number })
  /** It will lapse very soon: what the integration wants in that case is done. */
  | (At & { type: 'hold.policy_due'; action: HoldAction })
  | (Answer & {
      type: 'reauthorization.approved';
      providerRef: string;
      amountMinor: number;
      holdEndsAt: number | null;
      multicapture: boolean;
    })
  | (Answer & { type: 'reauthorization.declined'; decline: Decline })
  | (Answer & RefusedRequest & { type: 'reauthorization.refused' })
  | (Answer & { type: 'reauthorization.unknown'; reason: string })
  | (Answer & { type: 'reauthorization.absent'; reason: string })
  | (At & {
      type: 'capture.scheduled';
      captureAt: number;
      amountMinor: number | null;
      final: boolean;
    })
  | (At & { type: 'capture.unscheduled' })
  | (At & { type: 'capture.due' })
  /** Somebody else moved the same money at the provider, and this operation can no longer act. */
  | (Answer & { type: 'capture.overtaken'; reason: string })
  | (Answer & { type: 'void.overtaken'; reason: string })
  /** A person wants the truth now. */
  | (At & { type: 'recheck.requested' })
  /** Somebody says that something happened: the provider, the buyer who came back, a comparison of
   *  lists. What it was, the provider is asked; `notificationId` names the message. */
  | (At & {
      type: 'news.received';
      source: 'provider' | 'buyer' | 'reconciliation';
      name: string;
      notificationId: string | null;
      verified: boolean;
      /** Under which the provider has it, where the message proves that. */
      providerRef: string | null;
    })
  /** The provider's picture is the same as ours. */
  | (At & { type: 'picture.confirmed' })
  /** The provider's picture cannot be right, or ours cannot: a person has to look. */
  | (At & { type: 'picture.contradicted'; reason: string })
  /** Found at the provider, not asked for by Holdfast. */
  | (At & {
      type: 'hold.found';
      providerRef: string;
      amountMinor: number;
      holdEndsAt: number | null;
      multicapture: boolean;
    })
  /** `heldMinor` is what is still held after it; `upon` a hold that was replaced, where it is of one. */
  | (At & { type: 'capture.found'; amountMinor: number; heldMinor: number; upon?: string })
  | (At & { type: 'void.found'; amountMinor: number })
  | (At & { type: 'refund.found'; amountMinor: number; providerRef: string; upon: string })
  /** Money that had been given back has come back to the merchant. */
  | (At & {
      type: 'refund.failed';
      amountMinor: number;
      providerRef: string;
      reason: string | null;
    })
  | (At & {
      type: 'dispute.opened';
      providerRef: string;
      amountMinor: number;
      reason: string;
      respondBy: number | null;
      upon?: string;
    })
  /** Another amount is disputed now. */
  | (At & { type: 'dispute.changed'; providerRef: string; amountMinor: number })
  | (At & { type: 'dispute.won'; providerRef: string; amountMinor: number })
  | (At & { type: 'dispute.lost'; providerRef: string; amountMinor: number })
  /** The provider has people look at the payment; and they have decided. */
  | (At & { type: 'risk_review.opened'; providerRef: string; reason: string })
  | (At & { type: 'risk_review.closed'; providerRef: string; reason: string })
  | (At & { type: 'fraud_warning.received'; providerRef: string; reason: string })
  /** Checkout does not want it any more, whatever became of it. */
  | (At & { type: 'authorization.given_up'; reason: string | null })
  /** The buyer's money came after the payment had ended, and the integration does not want it. */
  | (At & { type: 'late_money.rejected' })
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
  | (At & { type: 'inquiry.inconclusive'; reason: string })
  | (At & { type: 'inquiry.exhausted' });
