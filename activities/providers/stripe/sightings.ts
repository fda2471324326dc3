/** What a PaymentIntent says of an operation that was to change it. Pure. */
import type { CardOperationEffect } from '../../../machines/card/card.types.ts';
import type { OperationOutcome, PaidMeanwhile, Unknown } from '../provider.ts';
import { fromStripeAmount, toStripeAmount } from './amounts.ts';
import { holdOf, paymentIntent, type PaymentIntent } from './mapping.ts';
import { type Refusal, refusedOperation } from './refusals.ts';

export type Effect<T extends CardOperationEffect['type']> = Extract<
  CardOperationEffect,
  { type: T }
>;

/** `moved otherwise`: not there, and something else is that Holdfast did not do. */
export type NotThere = 'not there' | 'moved otherwise';

/** What this capture must have brought the PaymentIntent to. */
export function receivedAfter(effect: Effect<'capture'>): number {
  return toStripeAmount(effect.capturedMinor + effect.amountMinor, effect.currency);
}

/** Stripe writes currencies small. */
export const isIn = (currency: string, found: { readonly currency: string }): boolean =>
  found.currency === currency.toLowerCase();

/** Its amounts say nothing then. */
export const otherCurrency = ({ id, currency }: PaymentIntent): Unknown => ({
  kind: 'unknown',
  reason: `${id} is over ${currency}`,
});

/** Nothing can happen to such a PaymentIntent any more, apart from refunds and disputes. */
export const isOver = (status: string): boolean => status === 'canceled' || status === 'succeeded';

/** Nothing is held any more, and no more was taken than before the void. */
export const isReleased = (intent: PaymentIntent, effect: Effect<'void'>): boolean =>
  intent.amount_received === toStripeAmount(effect.capturedMinor, effect.currency) &&
  (intent.status === 'canceled' ||
    (intent.status === 'succeeded' && effect.capturedMinor > 0 && intent.amount_capturable === 0));

/** A lapsed hold ends cancelled, or, after a part was captured, succeeded with that part.
 *  Source: https://docs.stripe.com/payments/multicapture, read 2026-11-21. */
export function seeCapture(
  intent: PaymentIntent,
  effect: Effect<'capture'>,
): OperationOutcome | NotThere {
  const { amount_received: received, status } = intent;
  if (received === receivedAfter(effect)) return { kind: 'approved' };
  const isAsBefore = received === toStripeAmount(effect.capturedMinor, effect.currency);
  if (isOver(status)) {
    if (!isAsBefore) return { kind: 'overtaken', reason: `${intent.id} received ${received}` };
    const isByHand = status === 'canceled' && intent.cancellation_reason !== 'expired';
    return { kind: isByHand ? 'hold_released' : 'hold_expired' };
  }
  if (status !== 'requires_capture') {
    return { kind: 'unknown', reason: `${intent.id} is ${status}` };
  }
  return isAsBefore ? 'not there' : 'moved otherwise';
}

export function seeVoid(
  intent: PaymentIntent,
  effect: Effect<'void'>,
): OperationOutcome | PaidMeanwhile | NotThere {
  const { id: providerRef, status, amount_received: received } = intent;
  // A hold that lapsed before the void arrived was released by nobody.
  const isLapsed = status === 'canceled' && intent.cancellation_reason === 'expired';
  if (isLapsed && effect.amountMinor > 0) return { kind: 'hold_expired' };
  if (isReleased(intent, effect)) return { kind: 'approved' };
  const { amountMinor, currency } = effect;
  // Nothing was held when the void was asked for: the buyer was faster.
  if (status === 'succeeded' && amountMinor === 0) {
    const taken = fromStripeAmount(received, currency);
    return { kind: 'sale_found', providerRef, amountMinor: taken };
  }
  if (status === 'requires_capture' && effect.givesUp) {
    const held = fromStripeAmount(intent.amount_capturable, currency);
    return { kind: 'hold_found', providerRef, amountMinor: held, ...holdOf(intent) };
  }
  if (isOver(status)) return { kind: 'overtaken', reason: `${providerRef} received ${received}` };
  return 'not there';
}

/** A refusal may show the PaymentIntent, and with it what happened instead. */
export function refusedUpon(
  effect: Effect<'capture'> | Effect<'void'>,
  refusal: Refusal,
): OperationOutcome {
  const outcome = refusedOperation(refusal);
  const shown = paymentIntent.safeParse(refusal.error.payment_intent);
  if (outcome.kind !== 'refused' || !shown.success) return outcome;
  if (!isOver(shown.data.status) || !isIn(effect.currency, shown.data)) return outcome;
  const seen =
    effect.type === 'capture' ? seeCapture(shown.data, effect) : seeVoid(shown.data, effect);
  if (typeof seen === 'string') return outcome;
  switch (seen.kind) {
    case 'approved':
      // Not by this capture: it was refused.
      return effect.type === 'void'
        ? seen
        : { kind: 'overtaken', reason: `${shown.data.id} had been captured before` };
    case 'hold_expired':
    case 'hold_released':
    case 'overtaken':
      return seen;
    default:
      return outcome;
  }
}
