import { Problem } from '../problem.ts';
import { isPaymentId } from './digest.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A page's end, in a form that callers pass back and do not read. */
export const encodeCursor = (createdAt: Date, id: string): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

/**
 * A list's page out of `found`, which holds one more than `limit` where something follows; then
 * `nextCursor` is that of the page's last one, else null.
 */
export function pageOf<Found>(
  found: readonly Found[],
  limit: number,
  cursorOf: (last: Found) => string,
): { page: Found[]; nextCursor: string | null } {
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return { page, nextCursor: last === undefined ? null : cursorOf(last) };
}

/** Ids of things other than payments: a prefix and letters. */
export const isCursorId =
  (prefix: string) =>
  (id: string): boolean =>
    id.startsWith(`${prefix}_`) && /^[a-z]+_\w{1,60}$/.test(id);

/** @throws Problem `invalid-request` when it was not made here. */
export function decodeCursor(
  cursor: string,
  isId: (id: string) => boolean = isPaymentId,
): { createdAt: string; id: string } {
  const [createdAt = '', id = ''] = Buffer.from(cursor, 'base64url').toString('utf8').split(' ');
  const isOurs = INSTANT.test(createdAt) && !Number.isNaN(Date.parse(createdAt)) && isId(id);
  if (!isOurs) {
    throw new Problem('invalid-request', 'The cursor is not one that this API gave.', {
      errors: [{ path: 'cursor', message: 'take nextCursor of the page before' }],
    });
  }
  return { createdAt, id };
}
