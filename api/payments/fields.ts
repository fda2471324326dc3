/** What the bodies of requests are made of. Amounts are integers in minor units. */
import { z } from '@hono/zod-openapi';
import {
  FIRST_DAY,
  FIRST_RECEIPT_DAY,
  isDayInBounds,
  isReceiptDay,
  LAST_DAY,
} from '../../machines/shared/calendar.ts';
import { AMOUNT_MINOR_MAX, isCurrency } from '../../machines/shared/money.ts';

/** Postgres keeps neither U+0000 nor half a surrogate pair; other control characters only confuse. */
const PRINTABLE = /^[^\p{Cc}\p{Cs}]*$/u;
const NOT_PRINTABLE = 'must not contain control characters';

/** Text to look something up by. */
export const searchText = (max: number) => z.string().max(max).regex(PRINTABLE, NOT_PRINTABLE);

export const httpUrl = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .regex(PRINTABLE, NOT_PRINTABLE);

/** Text of a person or a shop: printable, and short enough to be shown. */
export const text = (max: number) =>
  z.string().trim().min(1).max(max).regex(PRINTABLE, NOT_PRINTABLE);

/** Characters that nobody sees, or that turn the direction of what follows. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}\u2800]/u;
/** Blanks that look like the usual one and are not. */
const ODD_BLANK = /[\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]/;

/** Every object of JavaScript answers to these names, so none of them can be looked up. */
const isOfObjects = (name: string): boolean => name in {};

/** Whatever names a thing: of orders, invoices, customers, receipts, shipments. Two that look the same
 *  are the same, so it has one form (NFC) and nothing that is not seen. */
export const numberText = (max: number) =>
  z
    .string()
    .refine((written) => !INVISIBLE.test(written), 'must not contain invisible characters')
    .trim()
    .normalize('NFC')
    .min(1)
    .max(max)
    .regex(PRINTABLE, NOT_PRINTABLE)
    .refine((written) => !ODD_BLANK.test(written), 'must not contain blanks of another kind')
    .refine((written) => !isOfObjects(written), 'is a word of the machine, and no number');

export const amountMinor = z.int().min(1).max(AMOUNT_MINOR_MAX).openapi({
  description: 'Integer in minor units of the currency: 1050 EUR is €10.50, 1050 JPY is ¥1050.',
  example: 10_500,
});

export const money = z.strictObject({
  amountMinor,
  currency: z
    .string()
    .refine(isCurrency, 'must be an ISO 4217 code in capitals')
    .openapi({ example: 'EUR' }),
});

const BOUNDS = `from ${FIRST_DAY} to ${LAST_DAY}`;

export const instant = z.iso
  .datetime({ offset: true })
  .refine((written) => isDayInBounds(written.slice(0, 10)), `must be a day ${BOUNDS}`)
  .openapi({ example: '2026-12-01T09:00:00Z' });

export const calendarDate = z
  .string()
  .refine(isDayInBounds, `must be a date of the calendar, YYYY-MM-DD, ${BOUNDS}`)
  .openapi({ example: '2026-12-31' });

export const receiptDay = z
  .string()
  .refine(
    (date) => isReceiptDay(date, Date.now()),
    `must be a day from ${FIRST_RECEIPT_DAY} to tomorrow: YYYY-MM-DD`,
  )
  .openapi({ example: '2026-11-20', description: 'The day on which it came.' });
