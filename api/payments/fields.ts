/** What the bodies of requests are made of. Amounts are integers in minor units. */
import { z } from '@hono/zod-openapi';
import { FIRST_RECEIPT_DAY, isCalendarDate, isReceiptDay } from '../../machines/shared/calendar.ts';
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

export const instant = z.iso
  .datetime({ offset: true })
  .openapi({ example: '2026-12-01T09:00:00Z' });

export const calendarDate = z
  .string()
  .refine(isCalendarDate, 'must be a date of the calendar: YYYY-MM-DD')
  .openapi({ example: '2026-12-31' });

export const receiptDay = z
  .string()
  .refine(
    (date) => isReceiptDay(date, Date.now()),
    `must be a day from ${FIRST_RECEIPT_DAY} to tomorrow: YYYY-MM-DD`,
  )
  .openapi({ example: '2026-11-20', description: 'The day on which it came.' });
