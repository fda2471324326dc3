/** What time brings about: credit is decided, orders expire, merchants are paid, buyers pay. */
import { fundInvoice, payInvoice } from './invoices.ts';
import { canExpire, decideOrder, expireOrder } from './orders.ts';
import type { Apruve } from './store.ts';

export type Alarm = { wakeAt: (at: number) => void; settleWhatIsDue: (apruve: Apruve) => void };

/** Remembers when something falls due next, so that looking costs nothing most of the time. */
export function createAlarm(): Alarm {
  // Zero: after a restart nobody knows, so the first look is a real one.
  let nextAt = 0;
  return {
    wakeAt: (at) => {
      nextAt = Math.min(nextAt, at);
    },
    settleWhatIsDue: (apruve) => {
      if (apruve.plane.now() < nextAt) return;
      // One at a time: what happens first may make the next thing void.
      for (let next = earliest(apruve); ; next = earliest(apruve)) {
        nextAt = next?.at ?? Infinity;
        if (next === null || next.at > apruve.plane.now()) return;
        next.act();
      }
    },
  };
}

type Due = { at: number; act: () => void };

function earliest(apruve: Apruve): Due | null {
  let first: Due | null = null;
  for (const due of everythingDue(apruve)) {
    if (first === null || due.at < first.at) first = due;
  }
  return first;
}

function* everythingDue(apruve: Apruve): Generator<Due> {
  for (const order of apruve.state.orders.values()) {
    if (order.decideAt !== null) {
      yield { at: order.decideAt, act: () => decideOrder(apruve, order) };
    }
    if (canExpire(apruve, order)) {
      yield { at: Date.parse(order.expire_at), act: () => expireOrder(apruve, order) };
    }
  }
  for (const invoice of apruve.state.invoices.values()) {
    if (invoice.status !== 'open') continue;
    if (invoice.fundAt !== null) {
      yield { at: invoice.fundAt, act: () => fundInvoice(apruve, invoice) };
    }
    if (invoice.due_at !== null) {
      yield { at: Date.parse(invoice.due_at), act: () => payInvoice(apruve, invoice) };
    }
  }
}
