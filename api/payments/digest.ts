import { createHash } from 'node:crypto';
import { canonicalJson } from '../../machines/shared/canonical-json.ts';
import type { Caller } from '../../db/repositories/api-key.repository.ts';

const ALPHABET = '0123456789abcdefghjkmnpqrstvwxyz';
const ID_LENGTH = 26;

/** The same request finds the same payment, with no look-up: the id is computed from who asks and
 *  the key that they chose. 130 bits, so that two requests never share one. */
export function paymentIdOf(caller: Caller, idempotencyKey: string): string {
  const scope = `${caller.accountId}\n${caller.mode}\n${idempotencyKey}`;
  const digest = createHash('sha256').update(scope).digest();
  let bits = digest.reduce((all, byte) => (all << 8n) | BigInt(byte), 0n);
  let id = '';
  for (let index = 0; index < ID_LENGTH; index += 1) {
    id += ALPHABET[Number(bits & 31n)];
    bits >>= 5n;
  }
  return `pay_${id}`;
}

/** Anything else is no id of ours, and may hold what Postgres does not take (U+0000). */
export const isPaymentId = (text: string): boolean => /^pay_[0-9a-hjkmnp-tv-z]{26}$/.test(text);

/** Equal for equal requests, however their JSON was written. */
export function requestHashOf(...parts: readonly unknown[]): string {
  return createHash('sha256').update(canonicalJson(parts)).digest('base64url');
}
