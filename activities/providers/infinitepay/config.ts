import { z } from 'zod';
import {
  days,
  namesKnownTerms,
  termSettings,
  timeZone,
  UNKNOWN_TERMS,
} from '../shared/payment-terms.ts';

/** As InfinitePay's support hands them out: see its prerequisites. */
const credentials = z.strictObject({
  clientRef: z.string().min(1).max(100),
  username: z.string().min(1).max(100),
  password: z.string().min(1).max(200),
  /** "Secret for security code". */
  secret: z.string().min(1).max(200),
});

const settings = z
  .strictObject({
    /** Of the operations' elements. The WSDL is not public: take the service's own before going live. */
    namespace: z.string().min(1).max(200).default('urn:InfinitePayAPI'),
    /** How long one call may take. */
    timeoutMs: z.int().min(100).max(25_000).default(20_000),
    timeZone: timeZone.default('Europe/Berlin'),
    /** What happens by itself once the order is reserved, and once it is captured. */
    autoCapture: z.boolean().default(false),
    autoActivate: z.boolean().default(false),
    /** From the delivery to the due date. Absent: what was agreed with the buyer decides. */
    invoiceDueDays: days.optional(),
    /** From the activation to the delivery. */
    shippingDays: days.default(0),
    /** A reservation that is older and not activated is shown to people. */
    activateWithinDays: z.int().min(1).max(365).default(14),
    /** Receipts are told to InfinitePay. False where it watches the merchant's bank account. */
    appliesReceipts: z.boolean().default(true),
    /** Billing countries whose buyers InfinitePay covers, two letters each: its list is not public. */
    countries: z
      .array(z.string().regex(/^[A-Z]{2}$/, 'must be two capitals'))
      .min(1)
      .default(['AT', 'CH', 'DE']),
    ...termSettings,
  })
  .refine(namesKnownTerms, UNKNOWN_TERMS);

/** The provider's own part of what an integration is set to. */
function settingsIn(integrationSettings: unknown): InfinitePaySettings {
  const { policy: _policy, ...own } = z.record(z.string(), z.unknown()).parse(integrationSettings);
  return settings.parse(own);
}

export const infinitePayConfig = { credentials, settings, settingsIn };

export type InfinitePayCredentials = z.infer<typeof credentials>;
export type InfinitePaySettings = z.infer<typeof settings>;
