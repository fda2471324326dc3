/** Dates without a clock or a zone, in the Gregorian calendar: `2026-02-28`. */
import { assert } from './assert.ts';

/** `YYYY-MM-DD` of a day that exists. */
export type CalendarDate = string;

type Parts = { readonly year: number; readonly month: number; readonly day: number };

const FORM = /^(\d{4})-(\d{2})-(\d{2})$/;

const isLeapYear = (year: number): boolean =>
  (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;

export function daysInMonth(year: number, month: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

export function isCalendarDate(text: string): text is CalendarDate {
  const [, year, month, day] = FORM.exec(text) ?? [];
  if (year === undefined) return false;
  const parts = { year: Number(year), month: Number(month), day: Number(day) };
  if (parts.month < 1 || parts.month > 12) return false;
  return parts.day >= 1 && parts.day <= daysInMonth(parts.year, parts.month);
}

/** Far enough for every order and term there is, and near enough that no sum of days, and no instant
 *  made of one, can leave what clocks and databases count in. */
export const FIRST_DAY: CalendarDate = '2000-01-01';
export const LAST_DAY: CalendarDate = '2199-12-31';

/** A day that exists and that a payment can be about. */
export const isDayInBounds = (text: string): text is CalendarDate =>
  isCalendarDate(text) && text >= FIRST_DAY && text <= LAST_DAY;

function partsOf(date: CalendarDate): Parts {
  assert(isCalendarDate(date), 'no calendar has this date');
  const [year = 0, month = 0, day = 0] = date.split('-').map(Number);
  return { year, month, day };
}

const dateOf = ({ year, month, day }: Parts): CalendarDate =>
  `${String(year).padStart(4, '0')}-${String(month).padStart(2, '0')}-${String(day).padStart(2, '0')}`;

/** `addDays('2024-02-28', 1)` is `2024-02-29`, and back with -1. `days` is a whole number. */
export function addDays(date: CalendarDate, days: number): CalendarDate {
  let { year, month, day } = partsOf(date);
  day += days;
  while (day > daysInMonth(year, month)) {
    day -= daysInMonth(year, month);
    [year, month] = month === 12 ? [year + 1, 1] : [year, month + 1];
  }
  while (day < 1) {
    [year, month] = month === 1 ? [year - 1, 12] : [year, month - 1];
    day += daysInMonth(year, month);
  }
  return dateOf({ year, month, day });
}

export function endOfMonth(date: CalendarDate): CalendarDate {
  const { year, month } = partsOf(date);
  return dateOf({ year, month, day: daysInMonth(year, month) });
}

/** The next `day` of a month that comes after `date`; the last day of a month that is shorter. */
export function nextDayOfMonth(date: CalendarDate, day: number): CalendarDate {
  const from = partsOf(date);
  const inMonth = (year: number, month: number): CalendarDate => {
    const last = daysInMonth(year, month);
    return dateOf({ year, month, day: day < last ? day : last });
  };
  const here = inMonth(from.year, from.month);
  if (here > date) return here;
  return from.month === 12 ? inMonth(from.year + 1, 1) : inMonth(from.year, from.month + 1);
}

const DAY_MS = 86_400_000;
/** No zone is further ahead of UTC. */
const AHEAD_MAX_MS = 14 * 3_600_000;

/** Nobody records money that came in another century. */
export const FIRST_RECEIPT_DAY: CalendarDate = '2000-01-01';

/** The last day on which money may be said to have come at the instant `at`: tomorrow, where today
 *  begins first. */
function lastReceiptDay(at: number): CalendarDate {
  // oxlint-disable-next-line no-restricted-globals -- a conversion, not the time of day
  return new Date(at + AHEAD_MAX_MS + DAY_MS).toISOString().slice(0, 10);
}

/** Of receipts in every family: a day that exists, in sane years, and not to come. */
export const isReceiptDay = (date: string, at: number): date is CalendarDate =>
  isCalendarDate(date) && date >= FIRST_RECEIPT_DAY && date <= lastReceiptDay(at);
