/**
 * Apruve's messages: what their signature or the address that they came to proves, and what they say.
 * Pure.
 *
 * Source: https://docs.apruve.com/docs/webhooks, read 2026-11-21.
 */
import { createHash, timingSafeEqual, verify as verifySignature } from 'node:crypto';
import { z } from 'zod';
import type { CreditClaim } from '../../../machines/credit/credit.types.ts';
import type { ProviderWebhook, ReadMessage, Verdict } from '../news.ts';
import { apruveConfig } from './config.ts';
import { publicKeyIn } from './public-key.ts';

type Message = Parameters<ProviderWebhook['verify']>[0];

/** Where Apruve's public key is known, its signature is the proof; else the token at the end of the
 *  address, for Apruve's own plugin and its documents tell differently what the signature is made of. */
function verify(message: Message, credentials: unknown): Verdict {
  const { webhookPublicKey, webhookTokens } = apruveConfig.credentials.parse(credentials);
  return webhookPublicKey === undefined
    ? provenByToken(message, webhookTokens)
    : provenBySignature(message, webhookPublicKey);
}

const SIGNATURE = 'x-apruve-signature';

/** Base64 of RSA with SHA-256 over the body as it came.
 *  Source: Oro's SignatureVerifyingService, and a real message in its tests, see README.md; read
 *  2026-12-01. */
function provenBySignature({ body, headers }: Message, pem: string): Verdict {
  const key = publicKeyIn(pem);
  if (key === null) return no('the integration’s public key cannot be read');
  const signature = headers[SIGNATURE];
  if (signature === undefined) return no('it is not signed');
  return verifySignature('sha256', body, key, Buffer.from(signature, 'base64'))
    ? { verified: true }
    : no('its signature is not of the integration’s public key');
}

function provenByToken({ tokenHash }: Message, webhookTokens: readonly string[]): Verdict {
  if (webhookTokens.length === 0) return no('the integration has no webhook token');
  if (tokenHash === null) return no('its address has no token');
  const given = Buffer.from(tokenHash, 'hex');
  const isOurs = webhookTokens.some(
    (one) => given.length === HASH_BYTES && timingSafeEqual(digest(one), given),
  );
  return isOurs ? { verified: true } : no('its token is none of the integration’s');
}

const no = (reason: string): Verdict => ({ verified: false, reason });

const HASH_BYTES = 32;

/** All of one length, so that none shows by the time that a comparison takes. */
const digest = (token: string): Buffer => createHash('sha256').update(token).digest();

/** Letters that a database and a log take. */
const word = z
  .string()
  .regex(/^[\x21-\x7e]+$/)
  .max(255);

const envelope = z.object({ uuid: word, event: word, entity: z.looseObject({}) });
const ofOrder = z.object({ id: word, merchant_order_id: word.nullish() });
const ofTerm = z.object({ purchase_order_id: word, merchant_order_id: word.nullish() });
const ofInvoice = z.object({
  id: word,
  order_id: word,
  /** In cents, as the invoice was when the message was made; what cannot be read is not used. */
  amount_due: z.int().nonnegative().nullish().catch(null),
});

function read(body: Buffer): ReadMessage {
  const parsed = envelope.safeParse(parseJson(body));
  if (!parsed.success) return { kind: 'unreadable', reason: 'it is not an event of Apruve’s' };
  const { entity, event: type, uuid: eventId } = parsed.data;
  const named = { eventId, type };
  const reason = UNUSED.find(([pattern]) => pattern.test(type))?.[1];
  if (reason !== undefined) return { kind: 'ignored', ...named, reason };
  if (!USED.test(type)) return { kind: 'ignored', ...named, reason: `Holdfast uses no ${type}` };
  const said = sayingOf(type, entity);
  return said === null
    ? { kind: 'ignored', ...named, reason: 'it names no order' }
    : { kind: 'news', ...named, ...said };
}

/** Both spellings are in use, see README.md. */
const USED =
  /^(order\.(accepted|cancell?ed)|payment_term\.accepted|invoice\.(funded|closed|cancell?ed))$/;

const UNUSED: readonly (readonly [RegExp, string])[] = [
  [/^shipment\./, 'shipments are told to Apruve and move no money'],
];

type Saying = {
  readonly providerRef: string;
  readonly paymentId: string | null;
  readonly claim: CreditClaim;
};

/** Our numbers of orders end with the payment's id, without its prefix. */
function paymentIn(orderId: string | null | undefined): string | null {
  const [, id] = /-([0-9a-hjkmnp-tv-z]{26})$/.exec(orderId ?? '') ?? [];
  return id === undefined ? null : `pay_${id}`;
}

/** `providerRef` is always the order's; null when the message does not name it. */
function sayingOf(type: string, entity: unknown): Saying | null {
  switch (type) {
    case 'order.accepted':
      return ofOrderSays(entity, (orderRef) => ({ says: 'accepted', orderRef }));
    case 'payment_term.accepted': {
      const term = ofTerm.safeParse(entity);
      if (!term.success) return null;
      const { merchant_order_id: orderId, purchase_order_id: providerRef } = term.data;
      const claim = { says: 'accepted', orderRef: providerRef } as const;
      return { providerRef, paymentId: paymentIn(orderId), claim };
    }
    case 'invoice.funded':
      return ofInvoiceSays(entity, 'funded');
    case 'invoice.closed':
      return ofInvoiceSays(entity, 'closed');
    default:
      return type.startsWith('order.')
        ? ofOrderSays(entity, () => ({ says: 'cancelled' }))
        : ofInvoiceSays(entity, 'invoice_cancelled');
  }
}

function ofOrderSays(entity: unknown, claimOf: (orderRef: string) => CreditClaim): Saying | null {
  const order = ofOrder.safeParse(entity);
  if (!order.success) return null;
  const { id: providerRef, merchant_order_id: orderId } = order.data;
  return { providerRef, paymentId: paymentIn(orderId), claim: claimOf(providerRef) };
}

function ofInvoiceSays(
  entity: unknown,
  says: 'funded' | 'closed' | 'invoice_cancelled',
): Saying | null {
  const invoice = ofInvoice.safeParse(entity);
  if (!invoice.success) return null;
  const { amount_due: dueMinor, id: invoiceRef, order_id: providerRef } = invoice.data;
  // Of what was due when Apruve paid, a part may have come back before we hear of it.
  const claim: CreditClaim =
    says === 'funded' && typeof dueMinor === 'number'
      ? { says, invoiceRef, amountMinor: dueMinor }
      : { says, invoiceRef };
  return { providerRef, paymentId: null, claim };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8')) as unknown;
  } catch {
    return null;
  }
}

export const apruveWebhook: ProviderWebhook = {
  headers: [SIGNATURE],
  isProvenByAddress: true,
  verify,
  read,
};
