/** Before the guarantee: reserve, change, capture, cancel. */
import { denied, Denial, type Reply } from './answers.ts';
import { AMOUNT, checkInvoice, checking, checkOrderAndDebtor } from './checks.ts';
import type { Wish } from './fields.ts';
import { decideGuarantee, invoiceOf } from './guarantees.ts';
import { blockedBy, roomOf } from './limits.ts';
import { plays, playFault, scenarioOf } from './scenarios.ts';
import { move, sameAmount, sameCurrency, wrongState } from './orders.ts';
import { newNumber, type Account, type Debtor, type Order } from './store.ts';
import type { XmlObject } from './xml.ts';

export function reserve(account: Account, wish: Wish): Reply {
  const orderId = wish.get('ORDER_DATA', 'ORDER_ID');
  const scenario = scenarioOf(wish.get('DEBTOR_DATA', 'BD_EMAIL'));
  playFault(scenario, 'reserve');
  const before = account.state.orders.get(orderId);
  // A denied order may be tried again, with better data; it has never blocked anything.
  if (before !== undefined && before.state !== 'denied') {
    throw denied('SIM_ORDER_EXISTS', `There is an order ${orderId} already.`, before);
  }
  const automatic = checkReservation(wish);
  const debtor = debtorOf(account, wish);
  const order: Order = {
    orderId,
    refNo: newNumber(),
    debtorId: debtor.id,
    currency: wish.get('ORDER_DATA', 'TRS_CURRENCY'),
    reservedAt: new Date(account.plane.now()).toISOString(),
    state: 'denied',
    amountMinor: Number(wish.get('ORDER_DATA', 'TRS_AMT_GROSS')),
    guaranteedMinor: 0,
    paidMinor: 0,
    invoice: null,
    reason: null,
    dueAt: null,
    scenario,
  };
  const hasRoom = order.amountMinor <= roomOf(account, debtor, order.currency);
  account.state.orders.set(orderId, order);
  if (plays(scenario, 'reserve-denied') || !hasRoom) {
    order.reason = hasRoom ? 'The buyer was not accepted.' : 'The limit of the debtor is exceeded.';
    throw denied(hasRoom ? 'SIM_DENIED' : 'SIM_LIMIT', order.reason, order);
  }
  order.state = 'reserved';
  move(account, 'reserve', order, order.amountMinor);
  const more = plays(scenario, 'corrected') ? corrected(wish, debtor) : {};
  if (!automatic.captures) return { isDone: true, order, more };
  if (plays(scenario, 'capture-denied')) return { ...captureDenied(order), isDone: true, more };
  take(account, order);
  if (!automatic.activates) return { isDone: true, order, more };
  // One STATUS for three steps: it is the reservation's. What came of the others is beside it.
  return { ...decideGuarantee(account, order, invoiceOf(wish)), isDone: true, more };
}

function checkReservation(wish: Wish): { captures: boolean; activates: boolean } {
  const check = checking(wish);
  checkOrderAndDebtor(wish, check);
  const captures = wish.get('ORDER_DATA', 'AUTO_CAPTURE') === '1';
  const activates = wish.get('ORDER_DATA', 'AUTO_ACTIVATE') === '1';
  if (activates && !captures) check.complain('AUTO_ACTIVATE needs AUTO_CAPTURE.');
  if (activates) checkInvoice(check);
  if (check.complaints.length > 0) throw new Denial(check.complaints);
  return { captures, activates };
}

function debtorOf({ state }: Account, wish: Wish): Debtor {
  const vatId = wish
    .get('COMPANY_DATA', 'COM_ID_VAT')
    .replaceAll(/[\s.-]/g, '')
    .toUpperCase();
  const name = wish.get('COMPANY_DATA', 'COMPANY_NAME');
  const email = wish.get('DEBTOR_DATA', 'BD_EMAIL');
  const known = [...state.debtors.values()].find((debtor) => debtor.vatId === vatId);
  const debtor = known ?? { id: newNumber(), vatId, name, email, limits: {} };
  Object.assign(debtor, { name, email });
  state.debtors.set(debtor.id, debtor);
  return debtor;
}

/** The address as InfinitePay knows the buyer. */
function corrected(wish: Wish, { id, name }: Debtor): XmlObject {
  const sent = (field: string) => wish.get('DEBTOR_DATA', field);
  return {
    DEBTOR_CORRECTED_DATA: {
      C_NAME: name,
      C_STREET: 'Berichtigte Straße',
      C_STREET_NO: '1a',
      C_ZIP: sent('BD_ZIP'),
      C_CITY: sent('BD_CITY'),
      C_COUNTRY: sent('BD_COUNTRY'),
      DB_ID: id,
    },
  };
}

export function modify(account: Account, wish: Wish, order: Order): Reply {
  if (order.state !== 'reserved') throw wrongState(order, 'changed');
  const check = checking(wish);
  check.field('ORDER_DATA', 'TRS_AMT_GROSS', AMOUNT, 'an amount in hundredths');
  if (check.complaints.length > 0) throw new Denial(check.complaints, order);
  sameCurrency(wish, order);
  const more = Number(wish.get('ORDER_DATA', 'TRS_AMT_GROSS')) - order.amountMinor;
  const debtor = account.state.debtors.get(order.debtorId);
  if (more > 0 && debtor !== undefined && more > roomOf(account, debtor, order.currency)) {
    throw denied('SIM_LIMIT', 'The limit of the debtor is exceeded.', order);
  }
  order.amountMinor += more;
  if (more !== 0) move(account, more > 0 ? 'reserve' : 'release', order, Math.abs(more));
  return { isDone: true, order };
}

export function capture(account: Account, wish: Wish, order: Order): Reply {
  if (order.state !== 'reserved') throw wrongState(order, 'captured');
  sameAmount(wish, order);
  if (plays(order.scenario, 'capture-denied')) return captureDenied(order);
  take(account, order);
  return { isDone: true, order };
}

function take(account: Account, order: Order): void {
  order.state = 'captured';
  order.reason = null;
  move(account, 'capture', order, order.amountMinor);
}

function captureDenied(order: Order): Reply {
  order.reason = 'The order was not accepted.';
  return {
    isDone: false,
    order,
    complaints: [{ code: 'SIM_DENIED', message: order.reason }],
  };
}

/** After a denied activation only the portal frees the limit: "the order needs to be canceled manually". */
export function cancel(account: Account, _wish: Wish, order: Order): Reply {
  if (order.state === 'guarantee_denied') {
    throw denied(
      'SIM_PORTAL',
      'After a denied activation an order is cancelled in the portal.',
      order,
    );
  }
  if (order.state !== 'reserved' && order.state !== 'captured')
    throw wrongState(order, 'cancelled');
  if (plays(order.scenario, 'cancel-denied')) {
    throw denied('SIM_DENIED', 'The order cannot be cancelled here.', order);
  }
  release(account, order);
  return { isDone: true, order };
}

/** Ends an order and frees what it blocks. */
export function release(account: Account, order: Order): void {
  const freedMinor = blockedBy(order);
  order.state = 'cancelled';
  order.guaranteedMinor = 0;
  order.dueAt = null;
  move(account, 'cancel', order, order.amountMinor);
  move(account, 'release', order, freedMinor);
}
