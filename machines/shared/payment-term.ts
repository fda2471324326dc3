/** When a promised payment is due: what merchants and customers have agreed, as dates. Pure. */
import { addDays, type CalendarDate, endOfMonth, nextDayOfMonth } from './calendar.ts';

export type PaymentTerm =
  /** So many days after the order: net 30. */
  | { readonly kind: 'net'; readonly days: number }
  /** So many days after the end of the order's month. */
  | { readonly kind: 'end_of_month'; readonly days: number }
  /** The next such day of a month; the last one of a month that is shorter. */
  | { readonly kind: 'day_of_month'; readonly day: number };

export function dueOn(term: PaymentTerm, orderedOn: CalendarDate): CalendarDate {
  switch (term.kind) {
    case 'net':
      return addDays(orderedOn, term.days);
    case 'end_of_month':
      return addDays(endOfMonth(orderedOn), term.days);
    case 'day_of_month':
      return nextDayOfMonth(orderedOn, term.day);
  }
}
