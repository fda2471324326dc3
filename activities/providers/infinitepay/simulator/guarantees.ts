/** From the activation on: the guarantee, what the buyer pays, and what InfinitePay pays instead. */
import { denied, Denial, type Reply } from './answers.ts';
import { AMOUNT, checkInvoice, checking, CURRENCY, DAY_MS, dayOf } from './checks.ts';
import type { Wish } from './fields.ts';
import { plays } from './scenarios.ts';
import { move, sameAmount, wrongState } from './orders.ts';
import type { Account, Invoice, Order } from './store.ts';

export function invoiceOf(wish: Wish): Invoice {
  const field = (name: string) => wish.get('INVOICE_DATA', name);
  return {
    invoiceId: field('INVOICE_ID'),
    invoiceDate: field('INVOICE_DATE'),
    dueDate: field('DUE_DATE'),
    deliveryDate: field('DELIVERY_DATE'),
    delayInDays: Number(field('DELAY_IN_DAYS')),
  };
}

/** A denied activation may be tried again with better data. */
export function activate(account: Account, wish: Wish, order: Order): Reply {
  if (order.state !== 'captured' && order.state !== 'guarantee_denied') {
    throw wrongState(order, 'activated');
  }
  const check = checking(wish);
  checkInvoice(check);
  if (check.complaints.length > 0) throw new Denial(check.complaints, order);
  sameAmount(wish, order);
  return decideGuarantee(account, order, invoiceOf(wish));
}

/** "InfinitePay guarantees or denies the payment based on the payment due date and shipping information." */
export function decideGuarantee(account: Account, order: Order, invoice: Invoice): Reply {
  order.invoice = invoice;
  order.reason = objectionTo(order, invoice, account.plane.now());
  if (order.reason !== null) {
    order.state = 'guarantee_denied';
    order.scenario = order.scenario.filter((word) => word !== 'activation-denied-once');
    const complaints = [{ code: 'SIM_DENIED', message: order.reason }] as const;
    return { isDone: false, order, complaints };
  }
  const { amountMinor } = order;
  order.state = 'guaranteed';
  order.guaranteedMinor = plays(order.scenario, 'half-guaranteed')
    ? Math.floor(amountMinor / 2)
    : amountMinor;
  order.dueAt = overdueAt(invoice);
  move(account, 'activate', order, order.guaranteedMinor);
  return { isDone: true, order };
}

function objectionTo({ scenario }: Order, invoice: Invoice, now: number): string | null {
  const issued = dayOf(invoice.invoiceDate);
  const due = dayOf(invoice.dueDate);
  const delivery = dayOf(invoice.deliveryDate);
  if (issued === null || due === null || delivery === null) return 'A date is not in the calendar.';
  if (due + DAY_MS <= now) return 'The due date is over.';
  if (due < issued) return 'The invoice is due before it is issued.';
  if (due < delivery) return 'The invoice is due before the delivery.';
  if (plays(scenario, 'activation-denied')) return 'The payment is not guaranteed.';
  if (plays(scenario, 'activation-denied-once')) return 'The payment is not guaranteed yet.';
  return null;
}

/** When the due day and the days of grace are over, in UTC. */
function overdueAt({ dueDate, delayInDays }: Invoice): number {
  return (dayOf(dueDate) ?? 0) + (1 + delayInDays) * DAY_MS;
}

/** The merchant tells that the buyer has paid, all of it or a part. Without TRANSACTION_DATA, as the only public client
 *  sends it, all that is open. */
export function applyTransaction(account: Account, wish: Wish, order: Order): Reply {
  if (!wish.has('TRANSACTION_DATA')) {
    pay(account, order, order.amountMinor - order.paidMinor);
    return { isDone: true, order };
  }
  const check = checking(wish);
  check.field('TRANSACTION_DATA', 'TRS_AMT', AMOUNT, 'an amount in hundredths');
  check.field('TRANSACTION_DATA', 'TRS_CURRENCY', CURRENCY, 'a currency of ISO 4217');
  if (check.complaints.length > 0) throw new Denial(check.complaints, order);
  const field = (name: string) => wish.get('TRANSACTION_DATA', name);
  if (field('TRS_CURRENCY') !== order.currency) {
    throw denied('SIM_CURRENCY', 'The currency is not the reserved one.', order);
  }
  pay(account, order, Number(field('TRS_AMT')));
  const names = ['ACCOUNTING_DT', 'TRS_AMT', 'TRS_CURRENCY', 'TRS_TYPE'];
  const more = Object.fromEntries(names.map((name) => [name, field(name)]));
  return { isDone: true, order, more };
}

/** The buyer's money has come. What is paid frees the limit; the guarantee covers the rest.
 *  @throws Denial for more than is open: a transaction told twice is the merchant's mistake */
export function pay(account: Account, order: Order, amountMinor: number): void {
  if (order.state !== 'guaranteed' && order.state !== 'overdue') throw wrongState(order, 'paid');
  const openMinor = order.amountMinor - order.paidMinor;
  if (amountMinor > openMinor) {
    throw denied('SIM_AMOUNT', 'That is more than the buyer owes.', order);
  }
  order.paidMinor += amountMinor;
  order.guaranteedMinor = Math.min(order.guaranteedMinor, openMinor - amountMinor);
  move(account, 'paid', order, amountMinor);
  move(account, 'release', order, amountMinor);
  if (amountMinor < openMinor) return;
  order.state = 'paid';
  order.dueAt = null;
}

export function becomeOverdue({ claimAfterDays }: Account, order: Order): void {
  order.state = 'overdue';
  order.dueAt = (order.dueAt ?? 0) + claimAfterDays * DAY_MS;
}

/** InfinitePay pays the merchant. The buyer goes on owing it, now to InfinitePay, so the limit stays blocked. */
export function claim(account: Account, order: Order): void {
  if (order.state !== 'overdue') throw wrongState(order, 'claimed');
  order.state = 'claimed';
  order.dueAt = null;
  move(account, 'claim', order, order.guaranteedMinor);
}
