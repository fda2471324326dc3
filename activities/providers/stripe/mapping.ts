/** Stripe's words → ours, both ways. Pure; tested on recorded answers. */
import { z } from 'zod';
import type { AuthorizationOutcome } from '../provider.ts';
import { stripeError, toDecline } from './errors.ts';

const charge = z.object({
  amount: z.int().optional(),
  amount_refunded: z.int().optional(),
  disputed: z.boolean().optional(),
  status: z.string().optional(),
  payment_method_details: z
    .object({
      card: z
        .object({
          capture_before: z.number().nullish(),
          multicapture: z.object({ status: z.string() }).nullish(),
        })
        .nullish(),
    })
    .nullish(),
});

type Charge = z.infer<typeof charge>;

export const paymentIntent = z.object({
  id: z.string(),
  object: z.literal('payment_intent'),
  status: z.string(),
  amount: z.int(),
  amount_capturable: z.int(),
  amount_received: z.int(),
  currency: z.string(),
  created: z.int(),
  cancellation_reason: z.string().nullish(),
  metadata: z.record(z.string(), z.string()),
  latest_charge: z.union([z.string(), charge]).nullish(),
  next_action: z
    .object({ type: z.string(), redirect_to_url: z.object({ url: z.url() }).nullish() })
    .nullish(),
  last_payment_error: stripeError.nullish(),
  customer: z.string().nullish(),
  payment_method: z.string().nullish(),
  receipt_email: z.string().nullish(),
  review: z.string().nullish(),
});
export type PaymentIntent = z.infer<typeof paymentIntent>;

export const refund = z.object({
  id: z.string(),
  object: z.literal('refund'),
  amount: z.int(),
  currency: z.string(),
  status: z.string().nullish(),
  failure_reason: z.string().nullish(),
  payment_intent: z.string().nullish(),
  metadata: z.record(z.string(), z.string()),
});
export type Refund = z.infer<typeof refund>;

export const dispute = z.object({
  id: z.string(),
  object: z.literal('dispute'),
  amount: z.int(),
  currency: z.string(),
  status: z.string(),
  reason: z.string(),
  payment_intent: z.string().nullish(),
  evidence_details: z.object({ due_by: z.number().nullish() }).nullish(),
});
export type Dispute = z.infer<typeof dispute>;

/** Source: https://docs.stripe.com/api/radar/reviews/object, read 2026-12-01. */
export const review = z.object({
  id: z.string(),
  object: z.literal('review'),
  open: z.boolean(),
  reason: z.string(),
});

/** Source: https://docs.stripe.com/api/radar/early_fraud_warnings/object, read 2026-12-01. */
export const fraudWarning = z.object({
  id: z.string(),
  object: z.literal('radar.early_fraud_warning'),
  fraud_type: z.string(),
});

export const customer = z.object({ id: z.string(), object: z.literal('customer') });

export const listOf = <T extends z.ZodType>(item: T) =>
  z.object({ object: z.literal('list'), has_more: z.boolean(), data: z.array(item) });

/** Asked amounts in Stripe's units, to compare its answers with. */
type Asked = { readonly amount: number; readonly amountMinor: number; readonly currency: string };

/**
 * PaymentIntent → outcome of an authorization. Every documented status is here; another is
 * `unknown`, so that a new one is seen and not guessed.
 * Source: https://docs.stripe.com/payments/paymentintents/lifecycle, read 2026-11-21.
 */
export function toAuthorizationOutcome(intent: PaymentIntent, asked: Asked): AuthorizationOutcome {
  if (intent.amount !== asked.amount || intent.currency !== asked.currency.toLowerCase()) {
    return unknown(`${intent.id} is over ${intent.amount} ${intent.currency}`);
  }
  const providerRef = intent.id;
  switch (intent.status) {
    case 'requires_capture':
      if (intent.amount_capturable === asked.amount) return approvedHold(intent, asked.amountMinor);
      return isPartlyCaptured(intent, asked.amount)
        ? { ...approvedHold(intent, asked.amountMinor), hasMoved: true }
        : unknown(`${intent.id} holds ${intent.amount_capturable} only`);
    case 'succeeded':
      if (intent.amount_received === asked.amount) {
        return {
          kind: 'approved',
          providerRef,
          amountMinor: asked.amountMinor,
          captured: true,
          holdEndsAt: null,
          multicapture: false,
        };
      }
      return isPartlyCaptured(intent, asked.amount)
        ? { ...approvedHold(intent, asked.amountMinor), hasMoved: true }
        : unknown(`${intent.id} received ${intent.amount_received} only`);
    case 'processing':
      return { kind: 'review', providerRef };
    case 'requires_action': {
      const url = intent.next_action?.redirect_to_url?.url;
      return url === undefined
        ? unknown(`${intent.id} asks for ${intent.next_action?.type ?? 'nothing'}, not a redirect`)
        : { kind: 'buyer_action', providerRef, nextAction: { type: 'redirect', url } };
    }
    case 'requires_payment_method': {
      const decline = intent.last_payment_error;
      return decline === null || decline === undefined
        ? unknown(`${intent.id} has no payment method and no error`)
        : { kind: 'declined', providerRef, decline: toDecline(decline) };
    }
    case 'canceled':
      return {
        kind: 'declined',
        providerRef,
        decline: {
          code: 'canceled',
          message: 'The payment was cancelled at Stripe before it was authorized.',
          advice: null,
        },
      };
    case 'requires_confirmation':
    default:
      return unknown(`${intent.id} is ${intent.status}`);
  }
}

/** Before Holdfast heard that it was authorized, somebody captured a part in the dashboard. */
const isPartlyCaptured = (intent: PaymentIntent, amount: number): boolean =>
  intent.amount_received > 0 && intent.amount_received + intent.amount_capturable <= amount;

function approvedHold(
  intent: PaymentIntent,
  amountMinor: number,
): Extract<AuthorizationOutcome, { kind: 'approved' }> {
  return {
    kind: 'approved',
    providerRef: intent.id,
    amountMinor,
    captured: false,
    ...holdOf(intent),
  };
}

/** Until when the hold stands, by Stripe's word, and whether it may be captured in parts. */
export function holdOf(intent: PaymentIntent): {
  holdEndsAt: number | null;
  multicapture: boolean;
} {
  const card = chargeOf(intent)?.payment_method_details?.card ?? null;
  const captureBefore = card?.capture_before ?? null;
  return {
    holdEndsAt: captureBefore === null ? null : captureBefore * 1000,
    multicapture: card?.multicapture?.status === 'available',
  };
}

/** The charge, where it was asked for whole. */
export const chargeOf = ({ latest_charge: latest }: PaymentIntent): Charge | null =>
  typeof latest === 'object' ? (latest ?? null) : null;

const unknown = (reason: string) => ({ kind: 'unknown' as const, reason });
