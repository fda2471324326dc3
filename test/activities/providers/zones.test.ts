import { describe, expect, it } from 'vitest';
import { dateIn, startOfDay } from '../../../activities/providers/shared/zones.ts';

const at = (zone: string, date: string): string => new Date(startOfDay(zone, date)).toISOString();

describe('a day of a time zone', () => {
  it.each([
    ['UTC', '2026-11-21', '2026-11-21T00:00:00.000Z'],
    ['Europe/Berlin', '2026-11-21', '2026-11-20T23:00:00.000Z'],
    ['Europe/Berlin', '2026-07-01', '2026-06-30T22:00:00.000Z'],
    ['America/New_York', '2026-11-21', '2026-11-21T05:00:00.000Z'],
    ['Asia/Kolkata', '2026-11-21', '2026-11-20T18:30:00.000Z'],
    ['Pacific/Auckland', '2026-11-21', '2026-11-20T11:00:00.000Z'],
    ['Pacific/Kiritimati', '2026-11-21', '2026-11-20T10:00:00.000Z'],
  ])('begins in %s on %s at %s', (zone, date, instant) => expect(at(zone, date)).toBe(instant));

  it('has 23 and 25 hours where the clocks are changed', () => {
    const hours = (from: string, to: string): number =>
      (startOfDay('Europe/Berlin', to) - startOfDay('Europe/Berlin', from)) / 3_600_000;
    expect(hours('2026-03-29', '2026-03-30')).toBe(23);
    expect(hours('2026-10-25', '2026-10-26')).toBe(25);
  });

  it('begins after midnight where midnight is skipped', () => {
    // Beirut puts its clocks forward at midnight, so this day begins at 01:00.
    const start = startOfDay('Asia/Beirut', '2022-03-27');
    expect(dateIn('Asia/Beirut', start)).toBe('2022-03-27');
    expect(dateIn('Asia/Beirut', start - 1)).toBe('2022-03-26');
  });

  it('is the day before in the west of the world', () => {
    const evening = Date.parse('2026-11-21T02:00:00Z');
    expect(dateIn('America/Los_Angeles', evening)).toBe('2026-11-20');
    expect(dateIn('Asia/Tokyo', evening)).toBe('2026-11-21');
  });
});
