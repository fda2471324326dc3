/** Who is calling, as InfinitePay wants it said: README.md, "sender" and "SECURITY_CD". */
import { createHmac } from 'node:crypto';
import type { InfinitePayCredentials } from './config.ts';
import type { Xml } from './xml.ts';

const LIFETIME_MS = 600_000;

const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';
const PASSWORD_TEXT = `${OASIS}-username-token-profile-1.0#PasswordText`;

/** Base64 of the 64 hexadecimal digits, not of the 32 bytes. Covers the order, not its amount. */
export function securityCode({ secret, clientRef }: InfinitePayCredentials, orderId: string) {
  const digits = createHmac('sha256', secret)
    .update(clientRef + orderId, 'utf8')
    .digest('hex');
  return Buffer.from(digits, 'ascii').toString('base64');
}

/** WS-Security 1.0: a user name with its password as text, and a time stamp. */
export function securityHeader(credentials: InfinitePayCredentials, at: number): Xml {
  return {
    'wsse:Security': {
      '@_xmlns:wsse': `${OASIS}-wssecurity-secext-1.0.xsd`,
      '@_xmlns:wsu': `${OASIS}-wssecurity-utility-1.0.xsd`,
      '@_soap:mustUnderstand': '1',
      'wsu:Timestamp': {
        'wsu:Created': new Date(at).toISOString(),
        'wsu:Expires': new Date(at + LIFETIME_MS).toISOString(),
      },
      'wsse:UsernameToken': {
        'wsse:Username': credentials.username,
        'wsse:Password': { '@_Type': PASSWORD_TEXT, '#text': credentials.password },
      },
    },
  };
}
