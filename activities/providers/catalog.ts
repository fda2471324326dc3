/** The providers' pure parts: all that the API knows of them. */
import { z } from 'zod';
import type { Money } from '../../machines/shared/money.ts';
import { apruveCapabilities } from './apruve/capabilities.ts';
import { apruveConfig } from './apruve/config.ts';
import { apruveWebhook } from './apruve/webhook.ts';
import { infinitePayCapabilities } from './infinitepay/capabilities.ts';
import { infinitePayConfig } from './infinitepay/config.ts';
import { offlineCapabilities } from './offline/capabilities.ts';
import { offlineConfig } from './offline/config.ts';
import { duration, YEAR_MS } from './shared/durations.ts';
import { stripeCapabilities } from './stripe/capabilities.ts';
import { stripeConfig } from './stripe/config.ts';
import type { ProviderWebhook } from './news.ts';
import { stripeWebhook } from './stripe/webhook.ts';

const HOUR_MS = 3_600_000;

/** What every integration may set, whoever the provider is. Durations in milliseconds. */
const policySettings = z.strictObject({
  startWithinMs: z
    .int()
    .positive()
    // Far below the time for which providers remember a key.
    .max(6 * HOUR_MS)
    .default(HOUR_MS / 4),
  inquireWithinMs: duration.default(24 * HOUR_MS),
  buyerWithinMs: duration.default(HOUR_MS),
  reviewWithinMs: duration.default(7 * 24 * HOUR_MS),
  /** How long before a hold lapses people are told; 0 is never. */
  warnBeforeMs: z
    .int()
    .nonnegative()
    .max(YEAR_MS)
    .default(24 * HOUR_MS),
  /** How long before a hold lapses `onHoldEnding` is done; half of the warning time, and at most an
   *  hour, when left out. */
  actBeforeMs: duration.optional(),
  onHoldEnding: z.enum(['reauthorize', 'capture', 'void', 'nothing']).default('nothing'),
  /** A buyer who pays after the payment has ended: take the money up, or give it back. */
  onLateMoney: z.enum(['adopt', 'void']).default('adopt'),
  /** While the provider has people look at a payment: captures are sent all the same, or refused. */
  captureInReview: z.enum(['allow', 'refuse']).default('allow'),
});

/** The policy that a payment is opened with: nothing in it is left to be computed later. */
export function policyOf(policy: unknown) {
  const settings = policySettings.parse(policy);
  const half = Math.floor(settings.warnBeforeMs / 2);
  const usual = half > 0 ? Math.min(half, HOUR_MS) : HOUR_MS;
  return { ...settings, actBeforeMs: settings.actBeforeMs ?? usual };
}

/** Whose account credentials open: they name it, or the provider has to be asked. What is the same `key`
 *  opens the same. */
export type AccountBy =
  | { readonly kind: 'named'; readonly account: string }
  | { readonly kind: 'asked'; readonly key: string };

export type CatalogEntry = {
  readonly label: string;
  readonly methods: Readonly<Record<string, string>>;
  /** Why this amount cannot be asked for there, in words; null when it can be. */
  readonly amountProblem: (amount: Money) => string | null;
  readonly settings: z.ZodObject;
  /** It is called over the network, so an integration says where. */
  readonly hasServer: boolean;
  /** How its books are compared with ours: by its list, or payment by payment. Absent: it has none. */
  readonly books?: 'list' | 'each';
  /** Where each of its worlds is, for those whose credentials do not say it. */
  readonly hosts?: Readonly<Record<string, string>>;
  /** Absent: it never calls. */
  readonly webhook?: ProviderWebhook;
  /** Reads credentials of one mode; those of the other are refused, so that the two never mix. */
  readonly credentials: (mode: string) => z.ZodType;
  /** Absent: it has no accounts. */
  readonly accountBy?: (credentials: unknown) => AccountBy;
};

export const PROVIDERS: Readonly<Record<string, CatalogEntry>> = {
  stripe: {
    ...stripeCapabilities,
    settings: stripeConfig.settings,
    hasServer: true,
    books: 'list',
    webhook: stripeWebhook,
    credentials: (mode) =>
      stripeConfig.credentials.refine((given) => stripeCapabilities.modeOf(given) === mode, {
        path: ['secretKey'],
        error: `must be a key of mode ${mode}`,
      }),
    accountBy: (given) => ({
      kind: 'asked',
      key: stripeConfig.credentials.parse(given).secretKey,
    }),
  },
  offline: {
    ...offlineCapabilities,
    settings: offlineConfig.settings,
    hasServer: false,
    credentials: () => offlineConfig.credentials,
  },
  infinitepay: {
    ...infinitePayCapabilities,
    settings: infinitePayConfig.settings,
    hasServer: true,
    books: 'each',
    credentials: () => infinitePayConfig.credentials,
    accountBy: (given) => ({
      kind: 'named',
      account: infinitePayConfig.credentials.parse(given).clientRef,
    }),
  },
  apruve: {
    ...apruveCapabilities,
    settings: apruveConfig.settings,
    hasServer: true,
    books: 'each',
    webhook: apruveWebhook,
    credentials: () => apruveConfig.credentials,
    accountBy: (given) => ({
      kind: 'named',
      account: apruveConfig.credentials.parse(given).merchantId,
    }),
  },
};

/** Test and live never mix: why an integration of `mode` cannot talk to this address, or null. */
export function addressProblem(entry: CatalogEntry, mode: string, baseUrl: string): string | null {
  const hostname = URL.parse(baseUrl)?.hostname;
  const [world] = Object.entries(entry.hosts ?? {}).find(([, host]) => host === hostname) ?? [mode];
  return world === mode
    ? null
    : `is the ${world} system of ${entry.label}, and this is mode ${mode}`;
}

/** Settings of an integration: the provider's own, and `policy` for the payments that it carries. */
export function settingsOf(entry: Pick<CatalogEntry, 'settings'>) {
  return entry.settings.safeExtend({ policy: policySettings.prefault({}) });
}
