/** A provider's words, as far as they are kept and shown: short, and with nothing in them to hide. */
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import type { InfinitePayCredentials } from './config.ts';
import { securityCode } from './security.ts';

export type Tell = (text: string) => string;

const TEXT_MAX = 200;

/** Services quote what they were sent: no card number and nothing that lets us in is told again. */
export function tellingWithout(credentials: InfinitePayCredentials, orderId: string): Tell {
  const { password, secret, username } = credentials;
  const hidden = [password, secret, username, securityCode(credentials, orderId)]
    // One may be a part of another.
    .toSorted((a, b) => b.length - a.length);
  return (text) =>
    maskCardNumbers(
      hidden.reduce((told, each) => told.replaceAll(each, '[credentials]'), text),
    ).slice(0, TEXT_MAX);
}
