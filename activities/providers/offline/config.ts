import { z } from 'zod';
import {
  days,
  namesKnownTerms,
  termSettings,
  timeZone,
  UNKNOWN_TERMS,
} from '../shared/payment-terms.ts';

const text = z.string().max(2_000);

const settings = z
  .strictObject({
    timeZone: timeZone.default('UTC'),
    /** How long before it is due a payment is announced as coming; absent is never. */
    remindDaysBefore: z.int().min(1).max(365).optional(),
    /** Checks: shown by the shop, and when the check should have come. */
    payTo: text.optional(),
    sendTo: text.optional(),
    checkWithinDays: days.default(14),
    ...termSettings,
  })
  .refine(namesKnownTerms, UNKNOWN_TERMS);

/** Nobody is called, so nothing has to be proven to anybody. */
const credentials = z.strictObject({});

export const offlineConfig = { settings, credentials };
