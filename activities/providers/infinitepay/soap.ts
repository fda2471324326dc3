/** Envelopes: ours out, InfinitePay's in. SOAP 1.1. */
import type { Fault } from '../../../machines/shared/operation.ts';
import type { InfinitePayCredentials } from './config.ts';
import { inOrder } from './field-order.ts';
import type { Blocks } from './requests.ts';
import { securityCode, securityHeader } from './security.ts';
import { child, readXml, textOf, writeXml } from './xml.ts';

const ENVELOPE = 'http://schemas.xmlsoap.org/soap/envelope/';

export type Question = {
  readonly operation: string;
  readonly namespace: string;
  readonly orderId: string;
  readonly blocks: Blocks;
};

/** What is inside of the operation's element is not qualified.
 *  @throws Error when a block or a field is none of InfinitePay's */
export function writeEnvelope(
  question: Question,
  credentials: InfinitePayCredentials,
  at: number,
): string {
  const { operation, namespace, orderId, blocks } = question;
  const CLIENT_DATA = {
    CLIENT_REF: credentials.clientRef,
    SECURITY_CD: securityCode(credentials, orderId),
  };
  return writeXml({
    '?xml': { '@_version': '1.0', '@_encoding': 'UTF-8' },
    'soap:Envelope': {
      '@_xmlns:soap': ENVELOPE,
      'soap:Header': securityHeader(credentials, at),
      'soap:Body': {
        [`ip:${operation}`]: {
          '@_xmlns:ip': namespace,
          REQUEST: inOrder('REQUEST', { CLIENT_DATA, ...blocks }),
        },
      },
    },
  });
}

export type Envelope =
  | { readonly kind: 'response'; readonly response: unknown }
  /** `code` without its prefix. */
  | { readonly kind: 'fault'; readonly code: string; readonly message: string }
  | { readonly kind: 'unreadable' };

/** The one thing that the body holds, if it is this operation's answer or a fault. */
export function readEnvelope(text: string, operation: string): Envelope {
  const document = readXml(text);
  const body = only(document, 'Envelope') ? child(child(document, 'Envelope'), 'Body') : null;
  if (only(body, 'Fault')) return faultOf(child(body, 'Fault'));
  const answer = `${operation}Response`;
  const response = only(body, answer) ? child(child(body, answer), 'RESPONSE') : null;
  const isOne = response !== null && typeof response === 'object' && !Array.isArray(response);
  return isOne ? { kind: 'response', response } : { kind: 'unreadable' };
}

const only = (node: unknown, name: string): boolean =>
  child(node, name) !== undefined && Object.keys(node as object).length === 1;

function faultOf(fault: unknown): Envelope {
  const code = textOf(fault, 'faultcode').split(':').at(-1) ?? '';
  const own = child(child(fault, 'detail'), 'GenericSoapFault');
  const message = textOf(fault, 'faultstring') || textOf(own, 'message');
  return code === '' ? { kind: 'unreadable' } : { kind: 'fault', code, message };
}

/** The sender is not who it has to be: whoever keeps the credentials can mend that. Source: the codes of
 *  WS-Security 1.0, as listed in
 *  https://docs.starstandard.org/guidelines/Architecture/WebServices2011v1/ch07s05.html,
 *  read 2026-11-21; and `SecurityError`, behind which Apache WSS4J can hide each of them:
 *  https://github.com/apache/ws-wss4j, WSSecurityException, read 2026-12-01. */
const SENDER_FAULTS: ReadonlySet<string> = new Set([
  'InvalidSecurity',
  'InvalidSecurityToken',
  'FailedAuthentication',
  'SecurityTokenUnavailable',
  'SecurityError',
]);

/** Of the same list: what Holdfast writes itself is not taken, be it its clock. */
const HEADER_FAULTS: ReadonlySet<string> = new Set([
  'UnsupportedSecurityToken',
  'UnsupportedAlgorithm',
  'FailedCheck',
  'MessageExpired',
]);

/** Who has to mend what a fault complains of; null where it may have acted. Without one, it is the
 *  request: SOAP 1.1, section 4.4.1. */
export function blameOf(code: string): { readonly fault?: Fault } | null {
  if (SENDER_FAULTS.has(code)) return { fault: 'credentials' };
  if (HEADER_FAULTS.has(code)) return { fault: 'ours' };
  return code.split('.')[0] === 'Client' ? {} : null;
}
