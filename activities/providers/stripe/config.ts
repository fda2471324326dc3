import { z } from 'zod';

/** Version of Stripe's API that this adapter was written and tested against. It goes with every
 *  request, so that an upgrade of the account changes nothing here.
 *  Source: https://docs.stripe.com/api/versioning, read 2026-11-21. */
export const STRIPE_API_VERSION = '2026-10-28.endive';

/** Stripe keeps an idempotency key for at least 24 hours; an hour is left for clocks and queues.
 *  Source: https://docs.stripe.com/api/idempotent_requests, read 2026-11-21. */
export const REPLAY_WITHIN_MS = 23 * 3_600_000;

const credentials = z.strictObject({
  /** `sk_test_…` or `sk_live_…`. */
  secretKey: z.string().regex(/^(sk|rk)_(test|live)_\w+$/, 'must be a Stripe secret key'),
  /** `whsec_…`; several while one is being rotated. */
  webhookSecrets: z.array(z.string().startsWith('whsec_')).default([]),
});

const settings = z.strictObject({
  /** Ask for several captures of one hold where the card and the account allow it. */
  multicapture: z.boolean().default(false),
  /** How long one call may take. */
  timeoutMs: z.int().min(100).max(25_000).default(20_000),
});

export const stripeConfig = { credentials, settings };

export type StripeCredentials = z.infer<typeof credentials>;
export type StripeSettings = z.infer<typeof settings>;
