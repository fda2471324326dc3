/**
 * Reads what our processes announce with `READY`; a process that announces something else is a bug
 * to be named.
 */

export function announcedKeys(payload: unknown): Record<string, string> {
  const keys = field(payload, 'keys');
  if (typeof keys !== 'object' || keys === null) {
    throw new Error('bootstrap announced no keys: READY {"keys":{"checkout":"…"}} is expected.');
  }
  return Object.fromEntries(
    Object.entries(keys).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

export function announcedUrl(payload: unknown, name: string): string | null {
  const url = field(payload, name);
  return typeof url === 'string' ? url.replace(/\/$/, '') : null;
}

const field = (payload: unknown, name: string): unknown =>
  typeof payload === 'object' && payload !== null
    ? (payload as Record<string, unknown>)[name]
    : undefined;
