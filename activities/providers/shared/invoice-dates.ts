/** Dates of an invoice that cannot be, in words; for the API's quick answer and for what is written. */
import type { CalendarDate } from '../../../machines/shared/calendar.ts';

export type InvoiceDates = {
  /** Today, where the merchant is. */
  readonly invoicedOn: CalendarDate;
  readonly dueOn: CalendarDate;
  readonly deliveryOn: CalendarDate | null;
};

/** Null when they can be. Dates are compared as dates, so no clock takes part. */
export function invoiceDatesProblem({
  deliveryOn,
  dueOn,
  invoicedOn,
}: InvoiceDates): string | null {
  if (dueOn < invoicedOn) {
    return `The invoice would be due on ${dueOn}, which is over where the merchant is.`;
  }
  return deliveryOn !== null && dueOn < deliveryOn
    ? `The invoice would be due on ${dueOn}, before the delivery on ${deliveryOn}.`
    : null;
}
