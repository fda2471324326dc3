/** Ways to talk to the simulator in tests. The XML is written out by hand: what the simulator's own code writes proves nothing. */
import { serve } from '@hono/node-server';
import { XMLParser } from 'fast-xml-parser';
import { createHmac } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import {
  createInfinitePaySimulator,
  SIMULATED_CREDENTIALS,
  type InfinitePaySimulatorOptions,
} from '../../../../activities/providers/infinitepay/simulator.ts';
import { inTheirOrder } from './field-order.oracle.ts';

export type Body = Record<string, any>; // eslint-disable-line typescript/no-explicit-any -- XML is asserted on

export const DAY_MS = 86_400_000;
const NAMESPACE = 'urn:test:infinitepay';
const OASIS = 'http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss';

export type Fields = { readonly [name: string]: string | Fields | undefined };

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

/** In InfinitePay's order, whatever theirs is. Fields that are undefined are left out. */
function xml(holder: string, fields: Fields): string {
  return inTheirOrder(holder, Object.keys(fields))
    .map((name) => {
      const value = fields[name];
      if (value === undefined) return '';
      return `<${name}>${typeof value === 'string' ? escaped(value) : xml(name, value)}</${name}>`;
    })
    .join('');
}

export type Sender = {
  username?: string;
  password?: string;
  passwordType?: string;
  createdAt?: number;
  lifetimeMs?: number;
};

export function securityHeader(sender: Sender = {}): string {
  const createdAt = sender.createdAt ?? Date.now();
  const expires = new Date(createdAt + (sender.lifetimeMs ?? 600_000)).toISOString();
  const type = sender.passwordType ?? `${OASIS}-username-token-profile-1.0#PasswordText`;
  return `<wsse:Security xmlns:wsse="${OASIS}-wssecurity-secext-1.0.xsd" xmlns:wsu="${OASIS}-wssecurity-utility-1.0.xsd" soap:mustUnderstand="1">
    <wsu:Timestamp><wsu:Created>${new Date(createdAt).toISOString()}</wsu:Created><wsu:Expires>${expires}</wsu:Expires></wsu:Timestamp>
    <wsse:UsernameToken><wsse:Username>${sender.username ?? SIMULATED_CREDENTIALS.username}</wsse:Username>
    <wsse:Password Type="${type}">${sender.password ?? SIMULATED_CREDENTIALS.password}</wsse:Password></wsse:UsernameToken>
  </wsse:Security>`;
}

export function envelope(call: string, header = securityHeader()): string {
  return `<?xml version="1.0" encoding="UTF-8"?>
    <soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/">
      <soap:Header>${header}</soap:Header><soap:Body>${call}</soap:Body>
    </soap:Envelope>`;
}

export function securityCode(orderId: string, secret = SIMULATED_CREDENTIALS.secret): string {
  const mac = createHmac('sha256', secret).update(`${SIMULATED_CREDENTIALS.clientRef}${orderId}`);
  return Buffer.from(mac.digest('hex')).toString('base64');
}

export const client = (orderId: string): Fields => ({
  CLIENT_REF: SIMULATED_CREDENTIALS.clientRef,
  SECURITY_CD: securityCode(orderId),
});

export function callOf(operation: string, request: Fields, namespace = NAMESPACE): string {
  return `<ip:${operation} xmlns:ip="${namespace}"><REQUEST>${xml('REQUEST', request)}</REQUEST></ip:${operation}>`;
}

/** `20261120`, so many days from now. */
export function day(days: number): string {
  return new Date(Date.now() + days * DAY_MS).toISOString().slice(0, 10).replaceAll('-', '');
}

const INVOICE: Fields = {
  INVOICE_ID: 'INV-1',
  INVOICE_DATE: day(0),
  DUE_DATE: day(14),
  PAYMENT_TERMS: '14',
  DELAY_IN_DAYS: '0',
  DELIVERY_DATE: day(3),
};

export type OrderWish = {
  amount?: string;
  email?: string;
  vatId?: string;
  order?: Fields;
  debtor?: Fields;
  company?: Fields;
  more?: Fields;
};

export function reservation(orderId: string, wish: OrderWish = {}): Fields {
  return {
    CLIENT_DATA: client(orderId),
    ORDER_DATA: {
      ORDER_ID: orderId,
      PAY_TYPE: '1',
      TRS_AMT_GROSS: wish.amount ?? '119000',
      TRS_AMT_NET: '100000',
      TRS_CURRENCY: 'EUR',
      TRS_DT: '20261120 203015',
      TERMS_ACCEPTED: '1',
      TOTAL_GROSS_CALC_METHOD: '3',
      ...wish.order,
    },
    DEBTOR_DATA: {
      COMPANY_DATA: {
        COMPANY_NAME: 'Muster & Söhne GmbH',
        COM_ID_VAT: wish.vatId ?? 'DE123456789',
        ...wish.company,
      },
      COM_OR_PER: 'gmbh',
      BD_EMAIL: wish.email ?? 'buyer@example.com',
      BD_STREET: 'Alte Straße',
      BD_ZIP: '10115',
      BD_CITY: 'Berlin',
      BD_COUNTRY: 'DEU',
      ...wish.debtor,
    },
    ARTICLES: { ARTICLE: { ARTICLE_ID: 'sku', ARTICLE_NAME: 'Desk', ARTICLE_VAT_PERC: '1900' } },
    SHIPPING_DATA: { USE_BILL_DATA: '1' },
    ...wish.more,
  };
}

/** Both flags, with the invoice that they need. */
export const AUTOMATIC: OrderWish = {
  order: { AUTO_CAPTURE: '1', AUTO_ACTIVATE: '1' },
  more: { INVOICE_DATA: INVOICE },
};

type Ledger = { kind: string; ref: string; amountMinor: number; currency: string; key: null }[];
export type Answer = { status: number; text: string; body: Body };

const parser = new XMLParser({ removeNSPrefix: true, parseTagValue: false });

/** The body of the envelope as an object; its namespaces are looked at in `text`. */
export function readAnswer(status: number, text: string): Answer {
  const parsed = parser.parse(text) as Body;
  return { status, text, body: (parsed['Envelope']?.Body ?? {}) as Body };
}

export function simulatorClient(options: InfinitePaySimulatorOptions = {}) {
  const simulator = createInfinitePaySimulator(options);
  const send = async (text: string, headers: Record<string, string> = {}): Promise<Answer> => {
    const response = await simulator.app.request('/ws/InfinitePayAPI', {
      method: 'POST',
      body: text,
      headers: { 'content-type': 'text/xml; charset=utf-8', ...headers },
    });
    return readAnswer(response.status, await response.text());
  };
  /** RESPONSE of a call that was answered. */
  const call = async (operation: string, request: Fields): Promise<Body> => {
    const { body, text } = await send(envelope(callOf(operation, request)));
    const response = body[`${operation}Response`]?.RESPONSE as Body | undefined;
    if (response === undefined) throw new Error(`No answer to ${operation}: ${text}`);
    return response;
  };
  const onOrder =
    (operation: string) =>
    (orderId: string, order: Fields = {}, more: Fields = {}) =>
      call(operation, {
        CLIENT_DATA: client(orderId),
        ORDER_DATA: { ORDER_ID: orderId, ...order },
        ...more,
      });
  const activate = onOrder('activateOrder');
  const apply = onOrder('applyTransactionOnActivatedOrder');
  const admin = (path: string, body?: unknown) =>
    simulator.app.request(`/_sim/${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  return {
    simulator,
    send,
    call,
    admin,
    reserve: (orderId: string, wish: OrderWish = {}) =>
      call('reserveOrder', reservation(orderId, wish)),
    capture: onOrder('captureOrder'),
    activate: (orderId: string, invoice: Fields = {}) =>
      activate(orderId, {}, { INVOICE_DATA: { ...INVOICE, ...invoice } }),
    modify: onOrder('modifyReservedOrder'),
    cancel: onOrder('cancelOrder'),
    check: onOrder('checkStatusOrder'),
    apply: (orderId: string, amount: string, more: Fields = {}) =>
      apply(orderId, {}, { TRANSACTION_DATA: { TRS_AMT: amount, TRS_CURRENCY: 'EUR', ...more } }),
    portal: async (action: string, body: unknown) => {
      const response = await admin(`portal/${action}`, body);
      return { status: response.status, body: (await response.json()) as Body };
    },
    advance: (advanceMs: number) => admin('clock', { advanceMs }),
    ledger: async () => (await (await admin('ledger')).json()) as Ledger,
    /** What the one debtor of a test has blocked. */
    blocked: async () => {
      const [debtor] = (await (await admin('portal/debtors')).json()) as Body[];
      return debtor?.['limits'][0].blockedMinor as number;
    },
    movements: async () =>
      ((await (await admin('ledger')).json()) as Ledger).map(
        ({ kind, amountMinor }) => `${kind} ${amountMinor}`,
      ),
  };
}

export type Served = { url: string; close: () => Promise<void> };

/** On a real socket, as the faults need it. Close it in `afterEach`. */
export async function served(options: InfinitePaySimulatorOptions = {}): Promise<Served> {
  const simulator = createInfinitePaySimulator(options);
  const server = serve({ fetch: simulator.app.fetch, hostname: '127.0.0.1', port: 0 });
  await new Promise((resolve) => server.once('listening', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    close: () =>
      new Promise((resolve) => {
        simulator.close();
        server.close(() => resolve());
        if ('closeAllConnections' in server) server.closeAllConnections();
      }),
  };
}
