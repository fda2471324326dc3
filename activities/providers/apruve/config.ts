import { z } from 'zod';
import { duration } from '../shared/durations.ts';
import { publicKeyIn } from './public-key.ts';

const DAY_MS = 86_400_000;

/** Apruve's days end at −05:00, all year round: its answers say so. */
export const APRUVE_TIME_ZONE = 'Etc/GMT+5';

const credentials = z.strictObject({
  merchantId: z.string().min(1).max(100),
  apiKey: z.string().min(1).max(200),
  /** Secrets that stand at the end of the address which Apruve sends its messages to; several while
   *  one is being replaced. Without a public key they alone prove that a message is Apruve's. */
  webhookTokens: z.array(z.string().regex(/^[\w-]{20,100}$/)).default([]),
  /** With which Apruve signs its messages: where it is, the signature alone proves them. No secret, but
   *  it belongs with what verifies. */
  webhookPublicKey: z
    .string()
    .max(4_000)
    .refine((pem) => publicKeyIn(pem) !== null, {
      error: 'must be the PEM text of a public RSA key of 2048 bits or more',
    })
    .optional(),
});

const settings = z.strictObject({
  /** How long one call may take. */
  timeoutMs: z.int().min(100).max(25_000).default(20_000),
  /** How long a buyer may take to accept an offer. */
  offerWithinMs: duration.default(7 * DAY_MS),
  /** How long an order stands of which nothing is invoiced: Apruve's own is 45 days. */
  orderWithinMs: duration.default(45 * DAY_MS),
  /** "The merchant is paid within 24 hours of any invoice": what comes later is late. */
  fundWithinMs: duration.default(DAY_MS),
  /** Of apruve.js; absent is the one of the integration's server. */
  scriptUrl: z.url({ protocol: /^https?$/ }).optional(),
});

/** The provider's own part of what an integration is set to. */
function settingsIn(integrationSettings: unknown): ApruveSettings {
  const { policy: _policy, ...own } = z.record(z.string(), z.unknown()).parse(integrationSettings);
  return settings.parse(own);
}

export const apruveConfig = { credentials, settings, settingsIn };

export type ApruveCredentials = z.infer<typeof credentials>;
export type ApruveSettings = z.infer<typeof settings>;
