/** The seven operations of InfinitePayAPI: which blocks they take, who may call them, and on which order. */
import type { Operation } from '../../shared/simulator-faults.ts';
import { bodyOf, denied, Denial, type Reply } from './answers.ts';
import { readWish, type Wish } from './fields.ts';
import { activate, applyTransaction } from './guarantees.ts';
import { cancel, capture, modify, reserve } from './reservations.ts';
import { playFault } from './scenarios.ts';
import { isSecurityCode, same } from './security.ts';
import { sendersInForce } from './senders.ts';
import { SoapFault } from './soap.ts';
import type { Account, Order } from './store.ts';
import type { Element, XmlObject } from './xml.ts';

type OnOrder = (account: Account, wish: Wish, order: Order) => Reply;
type Operations = {
  /** As the admin plane calls it. */
  readonly faultName: Operation;
  readonly takes: readonly string[];
  readonly act: (account: Account, wish: Wish) => Reply;
};

const WHICH = ['CLIENT_DATA', 'ORDER_DATA'];
const WHOLE = [
  ...WHICH,
  ...['DEBTOR_DATA', 'ARTICLES', 'SHIPPING_DATA', 'INVOICE_DATA', 'BANK_DATA'],
];

function onOrder(faultName: Operation, more: readonly string[], act: OnOrder): Operations {
  return {
    faultName,
    takes: [...WHICH, ...more],
    act: (account, wish) => {
      const order = orderOf(account, wish);
      playFault(order.scenario, faultName);
      return act(account, wish, order);
    },
  };
}

const OPERATIONS = new Map<string, Operations>([
  ['reserveOrder', { faultName: 'reserve', takes: WHOLE, act: reserve }],
  ['modifyReservedOrder', onOrder('modify', ['ARTICLES'], modify)],
  ['captureOrder', onOrder('capture', ['DEBTOR_DATA'], capture)],
  ['activateOrder', onOrder('activate', ['INVOICE_DATA'], activate)],
  ['cancelOrder', onOrder('cancel', [], cancel)],
  ['checkStatusOrder', onOrder('inquire', [], check)],
  ['applyTransactionOnActivatedOrder', onOrder('apply', ['TRANSACTION_DATA'], applyTransaction)],
]);

/** STATUS is the order's: "1" while it is good, "0" once it was denied or cancelled, with the reason. */
function check(_account: Account, _wish: Wish, order: Order): Reply {
  switch (order.state) {
    case 'reserved':
    case 'captured':
    case 'guaranteed':
    case 'overdue':
    case 'paid':
    case 'claimed':
      return { isDone: true, order };
    case 'denied':
    case 'guarantee_denied':
    case 'cancelled': {
      const message = `The order is ${order.state}. ${order.reason ?? ''}`.trim();
      return { isDone: false, order, complaints: [{ code: 'SIM_STATE', message }] };
    }
  }
}

/** A REF_NO that comes with it has to be the order's. */
function orderOf(account: Account, wish: Wish): Order {
  const orderId = orderIdOf(account, wish);
  const refNo = wish.get('ORDER_DATA', 'REF_NO');
  const order = account.state.orders.get(orderId);
  if (order === undefined || (refNo !== '' && refNo !== order.refNo)) {
    throw denied('SIM_ORDER_UNKNOWN', `There is no such order: ${orderId} ${refNo}`.trim());
  }
  return order;
}

/** The only public client activates without an ORDER_ID. What is left then to tell the order is SECURITY_CD, which is
 *  made of it. */
function orderIdOf(account: Account, wish: Wish): string {
  const said = wish.get('ORDER_DATA', 'ORDER_ID');
  if (said !== '') return said;
  const code = wish.get('CLIENT_DATA', 'SECURITY_CD');
  const orders = [...account.state.orders.keys()];
  return orders.find((id) => isSecurityCode(code, sendersInForce(account), id)) ?? '';
}

export type Carried = { readonly body: XmlObject; readonly scenario: readonly string[] };

/** @throws SoapFault on what is no operation of the service, or on a request that is not shaped like it */
export function carryOut(account: Account, call: Element, namespace: string | null): Carried {
  const operation = OPERATIONS.get(call.name);
  if (operation === undefined || (namespace !== null && call.namespace !== namespace)) {
    const name = `{${call.namespace ?? ''}}${call.name}`;
    throw new SoapFault('Client', `There is no operation ${name}.`);
  }
  const [request, ...others] = call.children;
  if (request?.name !== 'REQUEST' || others.length > 0) {
    throw new SoapFault('Client', `${call.name} takes one REQUEST.`);
  }
  const wish = readWish(request, operation.takes);
  const reply = replyOf(() => {
    verifyClient(account, wish);
    return operation.act(account, wish);
  });
  return { body: bodyOf(call, wish, reply), scenario: reply.order?.scenario ?? [] };
}

function replyOf(act: () => Reply): Reply {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof Denial)) throw error;
    return { isDone: false, order: error.order, complaints: error.complaints };
  }
}

/** How InfinitePay refuses a wrong code is not documented: a business no, as for every wrong content. */
function verifyClient(account: Account, wish: Wish): void {
  const orderId = orderIdOf(account, wish);
  if (orderId === '')
    throw denied('SIM_INVALID', 'Neither ORDER_ID nor SECURITY_CD tells the order.');
  if (!same(wish.get('CLIENT_DATA', 'CLIENT_REF'), account.credentials.clientRef)) {
    throw denied('SIM_CLIENT', 'CLIENT_REF is not known.');
  }
  const code = wish.get('CLIENT_DATA', 'SECURITY_CD');
  if (!isSecurityCode(code, sendersInForce(account), orderId)) {
    throw denied('SIM_SECURITY', 'SECURITY_CD does not fit CLIENT_REF and ORDER_ID.');
  }
}

/** Which operations of the admin plane a request counts as: a reservation may capture and activate in one. */
export function operationsOf({ body }: { body: string }): Operation[] {
  const isSet = (flag: string) => new RegExp(`<(?:\\w+:)?${flag}>\\s*1\\s*<`).test(body);
  const call = [...OPERATIONS].find(([name]) =>
    new RegExp(`<(?:[\\w-]+:)?${name}[\\s>]`).test(body),
  );
  if (call === undefined) return [];
  if (call[0] !== 'reserveOrder') return [call[1].faultName];
  return [
    'reserve',
    ...(isSet('AUTO_CAPTURE') ? (['capture'] as const) : []),
    ...(isSet('AUTO_ACTIVATE') ? (['activate'] as const) : []),
  ];
}
