import { createHash } from 'node:crypto';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { Caller } from '../../db/repositories/api-key.repository.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 26;

/** The same request finds the same payment, with no look-up: the id is computed from who asks and
 *  the key that they chose. */
export const paymentIdOf = (caller: Caller, idempotencyKey: string): string =>
  derivedId('pay', [caller.accountId, caller.mode, idempotencyKey]);

/** An id computed from what it stands for. 130 bits, so that two never meet. */
export function derivedId(prefix: string, parts: readonly string[]): string {
  const scope = parts.join('\n');
  const digest = createHash('sha256').update(scope).digest();
  let bits = digest.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  let id = '';
  for (let index = 0; index < ID_LENGTH; index += 1) {
    id += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return `${prefix}_${id}`;
}

/** Anything else is no id of ours, and may hold what Postgres does not take (U+0000). */
export const isPaymentId = (text: string): boolean => /^pay_[0-9a-hjkmnp-tv-z]{26}$/.test(text);

/** Equal for equal requests, however their JSON was written. */
export function requestHashOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('base64url');
}
