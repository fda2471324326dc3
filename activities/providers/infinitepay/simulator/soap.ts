/** The envelope of SOAP 1.1: https://www.w3.org/TR/2000/NOTE-SOAP-20000508/, read 2026-11-21. */
import { readXml, UnreadableXml, writeXml, type Element, type XmlObject } from './xml.ts';

const SOAP_11 = 'http://schemas.xmlsoap.org/soap/envelope/';

/** Without a namespace where it is the envelope's own; `wsse:…` are those of WS-Security, section 12. */
export type FaultCode =
  | 'Client'
  | 'Server'
  | 'VersionMismatch'
  | 'MustUnderstand'
  | 'wsse:InvalidSecurity'
  | 'wsse:FailedAuthentication'
  | 'wsse:UnsupportedSecurityToken'
  | 'wsse:MessageExpired';

/** No business answer: the caller gets a fault. */
export class SoapFault extends Error {
  override name = 'SoapFault';
  readonly code: FaultCode;
  constructor(code: FaultCode, message: string) {
    super(message);
    this.code = code;
  }
}

export type SoapRequest = {
  readonly header: readonly Element[];
  /** The one child of the body, named like the operation. */
  readonly call: Element;
};

/** @throws SoapFault when it is no envelope of SOAP 1.1 with one call in it */
export function readEnvelope(text: string): SoapRequest {
  const root = readOrFault(text);
  if (root.name !== 'Envelope') throw new SoapFault('Client', 'The message is no SOAP envelope.');
  if (root.namespace !== SOAP_11) {
    throw new SoapFault('VersionMismatch', `The envelope is not in the namespace ${SOAP_11}.`);
  }
  const parts = root.children.filter(({ namespace }) => namespace === SOAP_11);
  const bodies = parts.filter(({ name }) => name === 'Body');
  const [call, ...others] = bodies.flatMap(({ children }) => children);
  if (bodies.length !== 1 || call === undefined || others.length > 0) {
    throw new SoapFault('Client', 'The envelope needs one body with one operation.');
  }
  const header = parts.find(({ name }) => name === 'Header')?.children ?? [];
  return { header, call };
}

function readOrFault(text: string): Element {
  try {
    return readXml(text);
  } catch (error) {
    if (error instanceof UnreadableXml) throw new SoapFault('Client', error.message);
    throw error;
  }
}

export function answer(body: XmlObject): Response {
  return respond(200, body);
}

/** HTTP 500 with a fault is how SOAP 1.1, section 6.2, has it. InfinitePay's own part is `GenericSoapFault{message}`. */
export function faultAnswer({ code, message }: SoapFault): Response {
  return respond(500, {
    'soap:Fault': {
      ...(code.startsWith('wsse:') ? { '@xmlns:wsse': WSSE } : {}),
      faultcode: code.startsWith('wsse:') ? code : `soap:${code}`,
      faultstring: message,
      detail: { GenericSoapFault: { message } },
    },
  });
}

/** https://docs.oasis-open.org/wss/v1.1/wss-v1.1-spec-os-SOAPMessageSecurity.pdf, section 2.2, read 2026-11-21. */
export const WSSE =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd';
export const WSU =
  'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd';

function respond(status: number, body: XmlObject): Response {
  const xml = writeXml({ 'soap:Envelope': { '@xmlns:soap': SOAP_11, 'soap:Body': body } });
  return new Response(xml, { status, headers: { 'content-type': 'text/xml; charset=utf-8' } });
}
