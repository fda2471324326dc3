/** `2026-11-21T14:05:00.000Z`. Formats a given instant and asks no clock. */
export const isoInstant = (at: number): string =>
  // oxlint-disable-next-line no-restricted-globals -- a conversion, not the time of day
  new Date(at).toISOString();

/** For people: `2026-11-21 14:05 UTC`. Formats a given instant and asks no clock. */
export const formatInstant = (at: number): string =>
  // oxlint-disable-next-line no-restricted-globals -- a conversion, not the time of day
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
