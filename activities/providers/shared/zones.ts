/** Calendar days of a time zone, as instants. The zones' rules are those of this Node's ICU. */
import type { CalendarDate } from '../../../machines/shared/calendar.ts';

/** The day that it is there at `at` (milliseconds since 1970). */
export const dateIn = (timeZone: string, at: number): CalendarDate =>
  // Sweden writes dates as ISO 8601 does.
  new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short' }).format(at);

/** When `date` begins there: midnight, or the first instant after a clock change that skips it. The one
 *  maker of instants from dates.
 *  @throws RangeError of a day that no clock reaches */
export function startOfDay(timeZone: string, date: CalendarDate): number {
  const midnightUtc = Date.parse(`${date}T00:00:00Z`);
  if (Number.isNaN(midnightUtc)) throw new RangeError(`no clock reaches ${date}`);
  const guess = midnightUtc - offsetMs(timeZone, midnightUtc);
  const start = midnightUtc - offsetMs(timeZone, guess);
  // Where clocks were put forward at midnight, the guess lies in the day before.
  return dateIn(timeZone, start) === date ? start : Math.max(start, guess);
}

/** What the clocks there show more than UTC at this instant. */
function offsetMs(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(at);
  const part = (type: string): number => Number(parts.find((each) => each.type === type)?.value);
  const shown = Date.UTC(
    part('year'),
    part('month') - 1,
    part('day'),
    part('hour'),
    part('minute'),
    part('second'),
  );
  return shown - (at - (((at % 1000) + 1000) % 1000));
}
