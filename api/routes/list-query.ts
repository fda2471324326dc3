/** What follows the `?` of a list: what the list names, each once, and nothing else. */
import { z } from '@hono/zod-openapi';
import { instant } from '../payments/fields.ts';
import { AMOUNT_MINOR_MAX } from '../../machines/shared/money.ts';
import { isDayInBounds } from '../../machines/shared/calendar.ts';

const LIMIT = { type: 'integer', minimum: 1, maximum: 100, default: 20 } as const;

/** Written as people write whole numbers: no `1e1`, no `0x10`, no `5.0`, no blanks. */
const limit = z
  .string()
  .regex(/^(?:[1-9]\d?|100)$/, 'must be a whole number from 1 to 100')
  .transform(Number)
  .default(20)
  .openapi(LIMIT);

export const amountParam = z
  .string()
  .regex(/^(?:0|[1-9]\d{0,11})$/, `must be a whole number from 0 to ${AMOUNT_MINOR_MAX}`)
  .transform(Number)
  .openapi({ type: 'integer', minimum: 0, maximum: AMOUNT_MINOR_MAX, example: 10_500 });

export const integrationParam = z
  .string()
  .regex(/^[a-z][a-z0-9_]{1,39}$/, 'must be the id of an integration');

const isInstant = (text: string): boolean => instant.safeParse(text).success;

/** A moment, or a day in UTC: of a day, its first or its last millisecond. */
export const momentParam = (end: 'from' | 'to') =>
  z
    .string()
    .refine((text) => isDayInBounds(text) || isInstant(text), {
      error: 'must be a date (2026-12-01) or an instant (2026-12-01T09:00:00Z; `+` is sent as %2B)',
      abort: true,
    })
    .transform((text) => {
      const ofDay = end === 'from' ? 'T00:00:00.000Z' : 'T23:59:59.999Z';
      return new Date(text.length === 10 ? `${text}${ofDay}` : text).toISOString();
    })
    .openapi({ type: 'string', example: '2026-12-01' });

/** For a list that has pages. */
export const listQuery = <Filters extends z.ZodRawShape>(filters: Filters) =>
  z.strictObject({ ...filters, cursor: z.string().min(1).max(200).optional(), limit });

/** For a read that knows no parameters. */
export const noQuery = z.strictObject({});
