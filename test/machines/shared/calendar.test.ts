import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addDays,
  daysInMonth,
  endOfMonth,
  isCalendarDate,
  nextDayOfMonth,
} from '../../../machines/shared/calendar.ts';

const date = fc
  .date({ min: new Date('1970-01-01'), max: new Date('2099-12-31'), noInvalidDate: true })
  .map((day) => day.toISOString().slice(0, 10));

describe('a calendar date', () => {
  it.each(['2026-02-29', '2026-13-01', '2026-00-10', '2026-04-31', '26-01-01', '2026-1-1', ''])(
    'is not %s',
    (text) => expect(isCalendarDate(text)).toBe(false),
  );

  it.each([
    ['2024-02-28', 1, '2024-02-29'],
    ['2023-02-28', 1, '2023-03-01'],
    ['2000-02-28', 2, '2000-03-01'],
    ['2100-02-28', 1, '2100-03-01'],
    ['2026-12-31', 1, '2027-01-01'],
    ['2026-01-31', 30, '2026-03-02'],
    ['2026-11-21', 0, '2026-11-21'],
    ['2024-03-01', -1, '2024-02-29'],
    ['2027-01-02', -3, '2026-12-30'],
  ])('%s and %d days is %s', (from, days, to) => expect(addDays(from, days)).toBe(to));

  it('agrees with the clock of the machine about every day', () => {
    fc.assert(
      fc.property(date, fc.integer({ min: -4_000, max: 4_000 }), (from, days) => {
        const expected = new Date(Date.parse(from) + days * 86_400_000).toISOString();
        expect(addDays(from, days)).toBe(expected.slice(0, 10));
      }),
    );
  });

  it('ends its month on a day that the next one does not have', () => {
    fc.assert(
      fc.property(date, (from) => {
        expect(addDays(endOfMonth(from), 1).slice(8)).toBe('01');
        expect(endOfMonth(from).slice(0, 7)).toBe(from.slice(0, 7));
      }),
    );
  });

  it.each([
    ['2026-11-21', 15, '2026-12-15'],
    ['2026-11-14', 15, '2026-11-15'],
    ['2026-11-15', 15, '2026-12-15'],
    ['2026-12-31', 31, '2027-01-31'],
    ['2026-01-31', 31, '2026-02-28'],
    ['2024-01-31', 30, '2024-02-29'],
  ])('after %s the next %d. is %s', (from, day, to) => {
    expect(nextDayOfMonth(from, day)).toBe(to);
  });

  it('knows how long each month is', () => {
    const months = Array.from({ length: 12 }, (_, index) => daysInMonth(2023, index + 1));
    expect(months).toEqual([31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]);
  });
});
