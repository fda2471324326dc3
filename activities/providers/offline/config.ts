import { z } from 'zod';

/** Dates are those of the merchant: a day is over when it is over there. */
const timeZone = z
  .string()
  .refine((zone) => Intl.supportedValuesOf('timeZone').includes(zone) || zone === 'UTC', {
    error: 'must be a time zone of the IANA database, such as Europe/Berlin',
  });

const days = z.int().min(0).max(3_650);

const term = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('net'), days }),
  z.strictObject({ kind: z.literal('end_of_month'), days }),
  z.strictObject({ kind: z.literal('day_of_month'), day: z.int().min(1).max(31) }),
]);

const name = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);
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
    /** Payment terms by name, and whose they are: the customer's own wins over its group's. */
    terms: z.record(name, term).default({}),
    customers: z.record(z.string().max(64), name).default({}),
    customerGroups: z.record(z.string().max(64), name).default({}),
  })
  .refine(
    ({ customers, customerGroups, terms }) =>
      [...Object.values(customers), ...Object.values(customerGroups)].every(
        (each) => each in terms,
      ),
    { error: 'customers and customerGroups name terms that are not there', path: ['terms'] },
  );

/** Nobody is called, so nothing has to be proven to anybody. */
const credentials = z.strictObject({});

export const offlineConfig = { settings, credentials };
