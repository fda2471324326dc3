/** Envelopes: ours out, InfinitePay's in. SOAP 1.1. */
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
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
  const message = short(textOf(fault, 'faultstring'));
  return code === '' ? { kind: 'unreadable' } : { kind: 'fault', code: short(code), message };
}

const TEXT_MAX = 200;

/** A provider's words, as far as they are kept and shown. */
export const short = (text: string): string => maskCardNumbers(text).slice(0, TEXT_MAX);

/** The sender is not who it has to be, or not now. Source: the codes of WS-Security 1.0, as listed
 *  in https://docs.starstandard.org/guidelines/Architecture/WebServices2011v1/ch07s05.html,
 *  read 2026-11-21. */
const SENDER_FAULTS: ReadonlySet<string> = new Set([
  'UnsupportedSecurityToken',
  'UnsupportedAlgorithm',
  'InvalidSecurity',
  'InvalidSecurityToken',
  'FailedAuthentication',
  'FailedCheck',
  'SecurityTokenUnavailable',
  'MessageExpired',
]);

/** Username or password are not those of the merchant: saving the right ones mends it. */
export const refusesSender = (code: string): boolean =>
  code === 'FailedAuthentication' || code === 'InvalidSecurityToken';

/** Nothing was done: the request is wrong, by SOAP 1.1, section 4.4.1, or its sender is. */
export const isRefusal = (code: string): boolean =>
  SENDER_FAULTS.has(code) || code.split('.')[0] === 'Client';
