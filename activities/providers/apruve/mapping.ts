/** Apruve's words → ours. Pure. Statuses are matched exactly: a new one is seen, not guessed. */
import { maskCardNumbers } from '../../../machines/shared/card-number.ts';
import { z } from 'zod';
import type {
  CreditOperationEffect,
  CreditPicture,
} from '../../../machines/credit/credit.types.ts';
import type { CreditOutcome } from '../credit-provider.ts';
import type { Declined } from '../provider.ts';

export type Effect<T extends CreditOperationEffect['type']> = Extract<
  CreditOperationEffect,
  { type: T }
>;

const text = z.string().nullish();

/** Fields as in the fixtures of apruve-elixir, see README.md; what is not read is left out. */
export const order = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount_cents: z.int(),
  currency: z.string(),
  merchant_order_id: text,
  expire_at: text,
  created_at: text,
});
export type Order = z.infer<typeof order>;

export const invoice = z.object({
  id: z.string().min(1),
  order_id: z.string(),
  status: z.string(),
  amount_cents: z.int(),
  currency: z.string(),
  merchant_invoice_id: text,
});
export type Invoice = z.infer<typeof invoice>;

export const shipment = z.object({
  id: z.string().min(1),
  status: z.string(),
  amount_cents: z.int().nullish(),
  merchant_shipment_id: text,
});
export type Shipment = z.infer<typeof shipment>;

export const invoiceReturn = z.object({
  id: z.string().min(1),
  amount_cents: z.int(),
  merchant_notes: text,
});
export type InvoiceReturn = z.infer<typeof invoiceReturn>;

export const corporateAccount = z.object({
  id: z.string().min(1),
  authorized_buyers: z.array(z.object({ id: z.string().min(1), email: text })),
});

/** Source: error.rb of apruve-ruby, see README.md; read 2026-11-21. */
const apruveError = z.object({
  title: text,
  detail: text,
  source: z.object({ parameter: text }).nullish(),
});
export type ApruveError = z.infer<typeof apruveError>;
export const errorBody = z.object({ errors: z.array(apruveError).min(1) });

/** `canceled` in live news, `cancelled` in a document: see README.md. */
const spelled = (status: string): string => (status === 'cancelled' ? 'canceled' : status);

const ORDER_STATUSES = ['new', 'pending', 'accepted', 'canceled'] as const;
const INVOICE_STATUSES = ['pending', 'open', 'closed', 'canceled'] as const;

/** Null for a status that is not documented. */
export const orderStatus = ({ status }: Order): CreditPicture['status'] | null =>
  ORDER_STATUSES.find((known) => known === spelled(status)) ?? null;

export const invoiceStatus = ({
  status,
}: Invoice): CreditPicture['invoices'][number]['status'] | null =>
  INVOICE_STATUSES.find((known) => known === spelled(status)) ?? null;

/** Milliseconds since 1970; null where Apruve gives no time, or one that cannot be read. */
export function instantOf(time: string | null | undefined): number | null {
  const at = Date.parse(time ?? '');
  return Number.isNaN(at) ? null : at;
}

export const unknown = (reason: string) => ({ kind: 'unknown' as const, reason });

export const declined = (code: string, message: string): Declined => ({
  kind: 'declined',
  decline: { code, message, advice: null },
});

/** An order that is not the one we asked for says nothing about ours.
 *  Source of the statuses: https://docs.apruve.com/reference/getting-started-1, read 2026-11-21. */
export function toOrderOutcome(found: Order, asked: Effect<'order'>): CreditOutcome {
  const { id: providerRef, amount_cents: amount, currency } = found;
  if (found.merchant_order_id !== asked.orderId) {
    return unknown(`${providerRef} is of the number ${found.merchant_order_id ?? 'none'}`);
  }
  if (amount !== asked.amountMinor || currency !== asked.currency) {
    return unknown(`${providerRef} is over ${amount} ${currency}`);
  }
  switch (orderStatus(found)) {
    case 'accepted':
      return { kind: 'approved', providerRef, expiresAt: instantOf(found.expire_at) };
    case 'pending':
    case 'new':
      return { kind: 'review', providerRef };
    case 'canceled':
      return declined(
        'order_canceled',
        'Apruve canceled the order: the buyer has no credit for it.',
      );
    case null:
      return unknown(`${providerRef} is ${found.status}`);
  }
}

/** Only an issued invoice is paid; one that is `pending` still has to be issued by somebody. */
export function toInvoiceOutcome(found: Invoice, asked: Effect<'invoice'>): CreditOutcome {
  const { id: providerRef, amount_cents: amount, currency } = found;
  if (found.merchant_invoice_id !== asked.invoiceNumber) {
    return unknown(`${providerRef} is of the number ${found.merchant_invoice_id ?? 'none'}`);
  }
  if (found.order_id !== asked.providerRef) return unknown(`${providerRef} is of another order`);
  if (amount !== asked.amountMinor || currency !== asked.currency) {
    return unknown(`${providerRef} is over ${amount} ${currency}`);
  }
  switch (invoiceStatus(found)) {
    case 'open':
    case 'closed':
      return { kind: 'approved', providerRef };
    case 'canceled':
      return declined(
        'invoice_canceled',
        `The invoice ${asked.invoiceNumber} was canceled at Apruve.`,
      );
    case 'pending':
      return unknown(`${providerRef} is pending: it was not issued`);
    case null:
      return unknown(`${providerRef} is ${found.status}`);
  }
}

/** Source of the statuses: shipment.ex of apruve-elixir, see README.md; read 2026-11-21. */
export function toShipmentOutcome(found: Shipment, asked: Effect<'ship'>): CreditOutcome {
  const { id: providerRef, amount_cents: amount, merchant_shipment_id: number, status } = found;
  if (number !== asked.shipmentNumber) {
    return unknown(`${providerRef} is of the number ${number ?? 'none'}`);
  }
  if (amount !== asked.amountMinor) return unknown(`${providerRef} is over ${amount ?? 'nothing'}`);
  return status === 'fulfilled' || status === 'partial'
    ? { kind: 'approved', providerRef }
    : unknown(`${providerRef} is ${status}`);
}

/** What marks a return as ours: it has no number, and two equal ones are two. */
export const returnTag = ({ operationId }: Effect<'return'>): string => `holdfast:${operationId}`;

export const isOurReturn = ({ merchant_notes: notes }: InvoiceReturn, asked: Effect<'return'>) =>
  (notes ?? '').split(/\s+/).includes(returnTag(asked));

export function toReturnOutcome(found: InvoiceReturn, asked: Effect<'return'>): CreditOutcome {
  const { id: providerRef, amount_cents: amount } = found;
  if (!isOurReturn(found, asked)) return unknown(`${providerRef} does not carry our mark`);
  return amount === asked.amountMinor
    ? { kind: 'approved', providerRef }
    : unknown(`${providerRef} is over ${amount}`);
}

const MESSAGE_MAX = 200;

/** `source.parameter` says what was wrong: `payment_term.shopper` is `payment_term_shopper`. */
export function codeOf(errors: readonly ApruveError[]): string | null {
  const parameter = errors.find(({ source }) => source?.parameter)?.source?.parameter ?? '';
  const code = parameter
    .replace(/([a-z\d])([A-Z])/g, '$1_$2')
    .toLowerCase()
    .replace(/[^a-z\d]+/g, '_')
    .replace(/^_|_$/g, '')
    .slice(0, 60);
  return code === '' ? null : code;
}

export const toDecline = (errors: readonly ApruveError[]): Declined =>
  declined(codeOf(errors) ?? 'bad_request', sentencesOf(errors));

export function sentencesOf(errors: readonly ApruveError[]): string {
  const said = errors
    .map(({ detail, title }) => detail ?? title ?? '')
    .filter((part) => part !== '');
  // What is wrong is said, and not whose address it is about.
  const masked = maskCardNumbers(said.join(' ')).replaceAll(/\S+@\S+/g, '…@…');
  return said.length === 0 ? 'Apruve gave no reason.' : masked.slice(0, MESSAGE_MAX);
}
