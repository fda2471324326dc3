/** Settings of providers whose buyers pay later: what was agreed with whom, and whose day it is. */
import { z } from 'zod';

/** A zone has rules; an offset has none, and is wrong for half of the year. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}

/** Dates are those of the merchant: a day is over when it is over there. */
export const timeZone = z.string().max(64).refine(isTimeZone, {
  error: 'must be a time zone of the IANA database, such as Europe/Berlin, and no offset',
});

export const days = z.int().min(0).max(3_650);

const term = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('net'), days }),
  z.strictObject({ kind: z.literal('end_of_month'), days }),
  z.strictObject({ kind: z.literal('day_of_month'), day: z.int().min(1).max(31) }),
]);

const name = z.string().regex(/^[a-z][a-z0-9_]{0,39}$/);

/** In the form in which starts name customers and groups, too. */
const theirs = z.string().normalize('NFC').max(64);

/** Payment terms by name, and whose they are: the customer's own wins over its group's. */
export const termSettings = {
  terms: z.record(name, term).default({}),
  customers: z.record(theirs, name).default({}),
  customerGroups: z.record(theirs, name).default({}),
};

type TermSettings = {
  readonly terms: Readonly<Record<string, unknown>>;
  readonly customers: Readonly<Record<string, string>>;
  readonly customerGroups: Readonly<Record<string, string>>;
};

/** For `refine`: nobody has a term that is not there. */
export const namesKnownTerms = ({ customerGroups, customers, terms }: TermSettings): boolean =>
  [...Object.values(customers), ...Object.values(customerGroups)].every((each) =>
    Object.hasOwn(terms, each),
  );

export const UNKNOWN_TERMS = {
  error: 'customers and customerGroups name terms that are not there',
  path: ['terms'],
};
