import { Problem } from '../problem.ts';
import { isPaymentId } from './digest.ts';

const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/;

/** A page's end, in a form that callers pass back and do not read. */
export const encodeCursor = (createdAt: Date, id: string): string =>
  Buffer.from(`${createdAt.toISOString()} ${id}`).toString('base64url');

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
