/**
 * Returns: what the buyer need not pay after all. The merchant gives it back if the invoice was funded. Paths and fields:
 * https://github.com/apruve/apruve-ruby/blob/master/lib/apruve/resources/invoice_return.rb, read 2026-11-21.
 */
import { invalid, missing } from './errors.ts';
import { closeWith, move, requireStatus } from './invoices.ts';
import type { Invoice, InvoiceReturn } from './objects.ts';
import type { ReturnChange, ReturnWish } from './parameters.ts';
import { newId, stamp, type Apruve } from './store.ts';

/** All returns of an invoice stay within its amount. One that was paid is returned, too: the buyer gets it back. */
export function createReturn(apruve: Apruve, invoice: Invoice, wish: ReturnWish): InvoiceReturn {
  requireStatus(invoice, ['open', 'closed']);
  const left = invoice.amount_cents - invoice.returned_cents;
  if (wish.amount_cents > left) {
    throw invalid('amount_cents', `The invoice has ${left} cents left to return.`);
  }
  const now = stamp(apruve.plane.now());
  const made: InvoiceReturn = {
    id: newId(),
    invoice_id: invoice.id,
    amount_cents: wish.amount_cents,
    currency: 'USD',
    reason: wish.reason,
    merchant_notes: wish.merchant_notes ?? null,
    created_at: now,
    updated_at: now,
  };
  apruve.state.returns.set(made.id, made);
  invoice.returned_cents += made.amount_cents;
  move(apruve, invoice, 'return', made.amount_cents);
  if (invoice.status === 'open') {
    invoice.amount_due -= made.amount_cents;
    if (invoice.amount_due === 0) closeWith(apruve, invoice);
  }
  return made;
}

export function findReturn({ state }: Apruve, invoice: Invoice, id: string): InvoiceReturn {
  const made = state.returns.get(id);
  if (made?.invoice_id !== invoice.id) throw missing('invoice return', id);
  return made;
}

/** Money has moved: only the words can change. */
export function updateReturn(apruve: Apruve, made: InvoiceReturn, change: ReturnChange): void {
  if (change.amount_cents !== undefined && change.amount_cents !== made.amount_cents) {
    throw invalid('amount_cents', 'The amount of a return stays what it is.');
  }
  made.reason = change.reason ?? made.reason;
  made.merchant_notes = change.merchant_notes ?? made.merchant_notes;
  made.updated_at = stamp(apruve.plane.now());
}
