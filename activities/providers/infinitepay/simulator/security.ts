/** Who calls: WS-Security for the connection, SECURITY_CD for the pair of client and order. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { SoapFault, WSSE, WSU } from './soap.ts';
import type { Element } from './xml.ts';

export type Credentials = {
  readonly clientRef: string;
  readonly username: string;
  readonly password: string;
  /** "Secret For Security Code". */
  readonly secret: string;
};

/** https://docs.oasis-open.org/wss/v1.1/wss-v1.1-spec-os-UsernameTokenProfile.pdf, section 3.1: also without a type. */
const PASSWORD_TEXT =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText';
const LIFETIME_MAX_MS = 600_000;
/** How far the clock of a sender may be ahead. */
const SKEW_MS = 60_000;

/** UsernameToken with PasswordText, and a Timestamp that lives 600 s at most.
 *  `now` is real time: a sender knows nothing of the simulator's advanced clock.
 *  @throws SoapFault with the codes of WS-Security */
export function verifySender(
  header: readonly Element[],
  known: readonly Credentials[],
  now: number,
): void {
  const security = header.find((one) => one.name === 'Security' && one.namespace === WSSE);
  if (security === undefined) {
    throw new SoapFault('wsse:InvalidSecurity', 'There is no WS-Security header.');
  }
  verifyTimestamp(only(security, 'Timestamp', WSU), now);
  const token = only(security, 'UsernameToken', WSSE);
  const given = only(token, 'Password', WSSE);
  if ((given.attributes['Type'] ?? PASSWORD_TEXT) !== PASSWORD_TEXT) {
    throw new SoapFault('wsse:UnsupportedSecurityToken', 'Passwords come as PasswordText.');
  }
  const user = only(token, 'Username', WSSE).text;
  const isKnown = known.some(
    ({ password, username }) => same(user, username) && same(given.text, password),
  );
  if (isKnown) return;
  throw new SoapFault('wsse:FailedAuthentication', 'The username or the password is wrong.');
}

function verifyTimestamp(timestamp: Element, now: number): void {
  const created = instant(only(timestamp, 'Created', WSU));
  const expires = instant(only(timestamp, 'Expires', WSU));
  const lifetimeMs = expires - created;
  if (lifetimeMs <= 0 || lifetimeMs > LIFETIME_MAX_MS) {
    throw new SoapFault('wsse:InvalidSecurity', 'A timestamp expires within 600 seconds.');
  }
  if (created > now + SKEW_MS) {
    throw new SoapFault('wsse:InvalidSecurity', 'The message was created in the future.');
  }
  if (expires <= now) throw new SoapFault('wsse:MessageExpired', 'The message has expired.');
}

/** `xsd:dateTime` in UTC, as WS-Security, section 10, asks for. */
function instant({ name, text }: Element): number {
  const at = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(text) ? Date.parse(text) : NaN;
  if (Number.isNaN(at)) throw new SoapFault('wsse:InvalidSecurity', `${name} is no UTC time.`);
  return at;
}

function only(parent: Element, name: string, namespace: string): Element {
  const found = parent.children.filter((one) => one.name === name && one.namespace === namespace);
  const [element] = found;
  if (element !== undefined && found.length === 1) return element;
  throw new SoapFault('wsse:InvalidSecurity', `${parent.name} needs one ${name}.`);
}

/** Base64 over the lower-case hex digits and not over the bytes: 88 characters. It covers neither amount nor operation. */
export function isSecurityCode(
  code: string,
  known: readonly Credentials[],
  orderId: string,
): boolean {
  return known.some(({ clientRef, secret }) => {
    const hex = createHmac('sha256', secret)
      .update(clientRef + orderId, 'utf8')
      .digest('hex');
    return same(code, Buffer.from(hex, 'ascii').toString('base64'));
  });
}

export function same(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
