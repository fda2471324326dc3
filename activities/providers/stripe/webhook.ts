/** Stripe's messages: what their signature proves, and what they say. Pure. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';
import type { CardClaim } from '../../../machines/card/card.types.ts';
import type { ProviderWebhook, ReadMessage, Verdict } from '../news.ts';
import { fromStripeAmount } from './amounts.ts';
import { stripeConfig } from './config.ts';
import { disputeStatus, refundStatus, takesNoMoney } from './statuses.ts';
import { PAYMENT_TAG } from './tags.ts';

/** An honest message is not older, and a replayed one soon is.
 *  Source: https://docs.stripe.com/webhooks#replay-attacks, read 2026-11-21. */
const TOLERANCE_S = 300;

/** `t=…,v1=…[,v1=…]`: the HMAC-SHA256 of `t.body` under each secret in force.
 *  Source: https://docs.stripe.com/webhooks#verify-manually, read 2026-11-21. */
function verify(
  { body, headers }: { body: Buffer; headers: Readonly<Record<string, string>> },
  credentials: unknown,
  at: number,
): Verdict {
  const { webhookSecrets } = stripeConfig.credentials.parse(credentials);
  if (webhookSecrets.length === 0) return no('the integration has no webhook secret');
  const header = headers['stripe-signature'];
  if (header === undefined) return no('it is not signed');
  const parts = header.split(',').map((part) => part.trim().split('='));
  const sentAt = Number(parts.find(([name]) => name === 't')?.[1]);
  const signatures = parts.filter(([name]) => name === 'v1').map(([, value]) => value ?? '');
  if (!Number.isSafeInteger(sentAt) || signatures.length === 0) {
    return no('its signature cannot be read');
  }
  const isSigned = webhookSecrets.some((secret) => {
    const expected = createHmac('sha256', secret).update(`${sentAt}.`).update(body).digest();
    return signatures.some((signature) => equals(Buffer.from(signature, 'hex'), expected));
  });
  if (!isSigned) return no('its signature is of none of the integration’s secrets');
  const ageS = at / 1000 - sentAt;
  if (ageS > TOLERANCE_S) return no(`it was signed ${Math.round(ageS)} s before it came`);
  if (ageS < -TOLERANCE_S) return no('it was signed in the future');
  return { verified: true };
}

const no = (reason: string): Verdict => ({ verified: false, reason });

const equals = (a: Buffer, b: Buffer): boolean => a.length === b.length && timingSafeEqual(a, b);

const metadata = z.record(z.string(), z.string()).nullish();
/** Letters that a database and a log take. */
const word = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .max(255);
const reference = word.startsWith('pi_');

const intent = z.object({
  object: z.literal('payment_intent'),
  id: reference,
  amount_capturable: z.int(),
  amount_received: z.int(),
  currency: z.string(),
  metadata,
});
const charge = z.object({
  object: z.literal('charge'),
  payment_intent: reference,
  amount_captured: z.int(),
  amount_refunded: z.int(),
  captured: z.boolean(),
  currency: z.string(),
  metadata,
  payment_method_details: z
    .object({ card: z.object({ capture_before: z.number().nullish() }).nullish() })
    .nullish(),
});
const refund = z.object({
  object: z.literal('refund'),
  id: word,
  payment_intent: reference,
  status: z.string(),
});
const dispute = z.object({
  object: z.literal('dispute'),
  id: word,
  payment_intent: reference,
  status: z.string(),
});
/** Of Radar: what they say is looked up. */
const review = z.object({ object: z.literal('review'), payment_intent: reference });
const warning = z.object({
  object: z.literal('radar.early_fraud_warning'),
  payment_intent: reference,
});
const thing = z.discriminatedUnion('object', [intent, charge, refund, dispute, review, warning]);
type Thing = z.infer<typeof thing>;

const envelope = z.object({
  object: z.literal('event'),
  id: word.startsWith('evt_'),
  type: word,
  livemode: z.boolean(),
  data: z.object({
    object: z.looseObject({ object: z.string() }),
    previous_attributes: z.looseObject({}).nullish(),
  }),
});

function read(body: Buffer, mode: string): ReadMessage {
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) return { kind: 'unreadable', reason: 'it is not an event of Stripe’s' };
  const { data, id: eventId, livemode, type } = parsed.data;
  const named = { eventId, type };
  if (livemode !== (mode === 'live')) {
    return { kind: 'ignored', ...named, reason: `it is not of mode ${mode}` };
  }
  if (!USED.has(type)) return { kind: 'ignored', ...named, reason: `Holdfast uses no ${type}` };
  const about = thing.safeParse(data.object);
  if (!about.success) return { kind: 'ignored', ...named, reason: WITHOUT_PAYMENT };
  const claim = claimOf(type, about.data, data.previous_attributes ?? {});
  if (claim === null) return { kind: 'ignored', ...named, reason: `its status says nothing new` };
  const providerRef =
    about.data.object === 'payment_intent' ? about.data.id : about.data.payment_intent;
  const tags = 'metadata' in about.data ? about.data.metadata : null;
  return { kind: 'news', ...named, providerRef, paymentId: tags?.[PAYMENT_TAG] ?? null, claim };
}

const WITHOUT_PAYMENT = 'it names no PaymentIntent';

/** Source: https://docs.stripe.com/api/events/types, read 2026-11-21. */
const USED: ReadonlySet<string> = new Set([
  'payment_intent.amount_capturable_updated',
  'payment_intent.canceled',
  'payment_intent.payment_failed',
  'payment_intent.succeeded',
  'charge.captured',
  'charge.expired',
  'charge.failed',
  'charge.refunded',
  'charge.succeeded',
  'charge.updated',
  'charge.refund.updated',
  'refund.created',
  'refund.updated',
  'refund.failed',
  'charge.dispute.created',
  'charge.dispute.updated',
  'charge.dispute.closed',
  'charge.dispute.funds_withdrawn',
  'charge.dispute.funds_reinstated',
  'review.opened',
  'review.closed',
  'radar.early_fraud_warning.created',
  'radar.early_fraud_warning.updated',
]);

/** `previous`: what the event says was otherwise before. */
function claimOf(type: string, about: Thing, previous: object): CardClaim | null {
  switch (about.object) {
    case 'payment_intent':
      return intentClaim(type, about);
    case 'charge':
      return chargeClaim(type, about);
    case 'refund': {
      const status = refundStatus(about.status);
      if (status === null) return { says: 'changed' };
      return { says: 'refund', providerRef: about.id, status };
    }
    case 'dispute': {
      if (takesNoMoney(about.status)) return null;
      const status = disputeStatus(about.status);
      // The claim has no amount: one that has changed is looked at.
      if (status === null || 'amount' in previous || 'currency' in previous) {
        return { says: 'changed' };
      }
      return { says: 'dispute', providerRef: about.id, status };
    }
    case 'review':
    case 'radar.early_fraud_warning':
      return { says: 'changed' };
  }
}

function intentClaim(type: string, about: z.infer<typeof intent>): CardClaim {
  const upon = about.id;
  switch (type) {
    case 'payment_intent.canceled':
      return { says: 'released', upon };
    case 'payment_intent.payment_failed':
      return { says: 'declined' };
    default: {
      const amountMinor = minorOf(about.amount_received, about.currency);
      const isOver = about.amount_capturable === 0;
      return amountMinor > 0
        ? { says: 'captured', upon, amountMinor, isOver }
        : { says: 'authorized', upon };
    }
  }
}

function chargeClaim(type: string, about: z.infer<typeof charge>): CardClaim | null {
  const upon = about.payment_intent;
  switch (type) {
    case 'charge.expired':
      return { says: 'released', upon };
    case 'charge.failed':
      return { says: 'declined' };
    case 'charge.updated': {
      // Of all that may be updated only the end of the hold matters here.
      const endsAt = about.payment_method_details?.card?.capture_before ?? null;
      return endsAt === null || about.captured
        ? null
        : { says: 'hold_ends', upon, endsAt: endsAt * 1000 };
    }
    case 'charge.refunded': {
      const amountMinor = minorOf(about.amount_refunded, about.currency);
      return { says: 'refunded', upon, amountMinor };
    }
    default: {
      const amountMinor = minorOf(about.amount_captured, about.currency);
      // Told of a charge once no more can be captured.
      return about.captured
        ? { says: 'captured', upon, amountMinor, isOver: true }
        : { says: 'authorized', upon };
    }
  }
}

const minorOf = (amount: number, currency: string): number =>
  fromStripeAmount(amount, currency.toUpperCase());

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

export const stripeWebhook: ProviderWebhook = {
  headers: ['stripe-signature', 'content-type', 'user-agent'],
  verify,
  read,
};
