/** The key with which Apruve signs its messages, as its owner pastes it. Pure. */
import { createPublicKey, type KeyObject } from 'node:crypto';

/** Apruve's own has 4096: what is much shorter is no key that anybody should believe. */
const BITS_MIN = 2_048;

const IS_PUBLIC = /^\s*-----BEGIN (?:RSA )?PUBLIC KEY-----/;

/** Null where `pem` is not the text of one public RSA key. A private key has no business here. */
export function publicKeyIn(pem: string): KeyObject | null {
  if (!IS_PUBLIC.test(pem)) return null;
  try {
    const key = createPublicKey(pem);
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0;
    return key.asymmetricKeyType === 'rsa' && bits >= BITS_MIN ? key : null;
  } catch {
    return null;
  }
}
