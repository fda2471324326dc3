/** The limit of a debtor. What is blocked is never stored: it is the sum of the orders that block it. */
import type { Account, Debtor, Order } from './store.ts';

/** How much of the debtor's limit an order takes. What the buyer has paid is free again. */
export function blockedBy({ state, amountMinor, paidMinor }: Order): number {
  switch (state) {
    case 'reserved':
    case 'captured':
    case 'guarantee_denied':
    case 'guaranteed':
    case 'overdue':
    case 'claimed':
      return amountMinor - paidMinor;
    case 'denied':
    case 'cancelled':
    case 'paid':
      return 0;
  }
}

export function limitOf({ limitMinor }: Account, { limits }: Debtor, currency: string): number {
  return limits[currency] ?? limitMinor;
}

export function blockedOf({ state }: Account, debtorId: string, currency: string): number {
  return [...state.orders.values()]
    .filter((order) => order.debtorId === debtorId && order.currency === currency)
    .reduce((sum, order) => sum + blockedBy(order), 0);
}

/** What the debtor may still order. Below zero when the limit was lowered under what is blocked. */
export function roomOf(account: Account, debtor: Debtor, currency: string): number {
  return limitOf(account, debtor, currency) - blockedOf(account, debtor.id, currency);
}
