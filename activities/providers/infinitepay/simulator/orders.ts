/** What all operations on an order share: its movements in the ledger, and what they refuse alike. */
import { denied, type Denial } from './answers.ts';
import type { Wish } from './fields.ts';
import type { Account, Order } from './store.ts';

/** A movement of an order in the ledger. InfinitePay knows no idempotency key. */
export function move(account: Account, kind: string, order: Order, amountMinor: number): void {
  const { refNo: ref, currency } = order;
  account.plane.move({ kind, ref, amountMinor, currency, key: null });
}

export function wrongState(order: Order, participle: string): Denial {
  const message = `An order that is ${order.state} cannot be ${participle}.`;
  return denied('SIM_STATE', message, order);
}

/** Whether less may be captured, or several times, is not documented: so neither. */
export function sameAmount(wish: Wish, order: Order): void {
  const amount = wish.get('ORDER_DATA', 'TRS_AMT_GROSS');
  if (amount !== '' && amount !== String(order.amountMinor)) {
    throw denied('SIM_AMOUNT', 'The amount is not the reserved one.', order);
  }
  sameCurrency(wish, order);
}

export function sameCurrency(wish: Wish, order: Order): void {
  const currency = wish.get('ORDER_DATA', 'TRS_CURRENCY');
  if (currency !== '' && currency !== order.currency) {
    throw denied('SIM_CURRENCY', 'The currency is not the reserved one.', order);
  }
}
