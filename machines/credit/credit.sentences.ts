/** What people read of a payment that needs them: what is wrong, and what can be done. */
import { assert } from '../shared/assert.ts';
import { formatInstant } from '../shared/instant.ts';
import type { Decline } from '../shared/lifecycle.ts';
import { formatMoney } from '../shared/money.ts';
import type { RefusedRequest } from '../shared/operation.ts';
import { refusedDecline, refusedSentence } from '../shared/refused.ts';
import { awaitsFunding, liveInvoices, unshipped } from './credit.amounts.ts';
import type { CreditContext, CreditInvoice, CreditNoun, CreditVerb } from './credit.types.ts';

export const NOUNS: Readonly<Record<Exclude<CreditVerb, 'accept'>, CreditNoun>> = {
  offer: 'offer',
  order: 'order',
  invoice: 'invoice',
  ship: 'shipment',
  cancel: 'cancellation',
  'cancel-invoice': 'invoice_cancellation',
  return: 'return',
};

const WORDS: Readonly<Record<CreditVerb, string>> = {
  ...NOUNS,
  accept: 'acceptance',
  'cancel-invoice': 'cancellation of the invoice',
};

const inDoubt = (c: CreditContext): string => {
  assert(c.operation !== null, 'nothing is in doubt');
  return `the ${WORDS[c.operation.verb]} of ${formatMoney(c.operation.amountMinor, c.currency)}`;
};

const toldOf = (c: CreditContext) => ({ provider: c.provider, what: inDoubt(c) });

/** The first of a payment: after a no to it there is none. */
export const isFirst = ({ operation }: CreditContext): boolean =>
  operation?.verb === 'order' || operation?.verb === 'offer';

export const refusedByProvider = (c: CreditContext, request: RefusedRequest): string =>
  refusedSentence(
    toldOf(c),
    request,
    isFirst(c) ? 'Start a new payment' : 'Look at the payment, then ask again',
  );

/** The same for whoever asked. */
export function declineOf(c: CreditContext, request: RefusedRequest): Decline {
  assert(c.operation !== null, 'nothing was asked');
  return refusedDecline(c.operation.verb, toldOf(c), request);
}

export const notExecuted = (c: CreditContext): string =>
  `${c.provider} proved that ${inDoubt(c)} never took place. Ask for it again.`;

export const stillUnknown = (c: CreditContext): string =>
  `Nobody knows whether ${inDoubt(c)} took place: ${c.provider} gave no usable answer in time. ` +
  `Look up order ${c.orderId} there, then recheck the payment, or resolve it with what you saw.`;

/** What has to be done about single invoices, whoever reads it: it stays until it is done. */
export function tasksOf(c: CreditContext): readonly string[] {
  const { provider } = c;
  const shipments = unshipped(c)
    .filter(({ shipment }) => shipment.status === 'failed')
    .map(
      ({ number }) =>
        `Invoice ${number} stands at ${provider}, but not its shipment. Send the shipment again; ` +
        `the invoice is not sent twice.`,
    );
  const late = liveInvoices(c)
    .filter((invoice) => invoice.isLate && awaitsFunding(invoice))
    .map(
      ({ amountMinor, fundBy, number }) =>
        `${provider} should have paid invoice ${number} (${formatMoney(amountMinor, c.currency)}) ` +
        `until ${formatInstant(fundBy)} and has not said that it did. Ask ${provider}.`,
    );
  const twice = c.duplicates.map(
    (ref) =>
      `The buyer accepted order ${ref} as well, which holds the same credit again. Cancel it at ${provider}.`,
  );
  return [...shipments, ...late, ...twice];
}

/** What the amounts do not say: each invoice, oldest first. */
export const remarksOf = (c: CreditContext): readonly string[] =>
  Object.values(c.invoices).map((invoice) => {
    const amount = formatMoney(invoice.amountMinor, c.currency);
    return `Invoice ${invoice.number} of ${amount}: ${becameOf(invoice)}.`;
  });

function becameOf(invoice: CreditInvoice): string {
  if (invoice.isCancelled) return 'cancelled';
  const shipment = invoice.shipment.status === 'shipped' ? 'shipped' : 'not shipped';
  if (invoice.isClosed) return `${shipment}, funded, and paid by the buyer`;
  if (invoice.isFunded) return `${shipment}, funded`;
  return `${shipment}, to be funded until ${formatInstant(invoice.fundBy)}`;
}

export const lateAcceptance = (c: CreditContext): string =>
  `The buyer accepted the order at ${c.provider} after the payment had ended, and the payment was ` +
  `taken up again. Deliver and invoice it, or cancel it.`;

export const reviewTakesLong = (c: CreditContext): string =>
  `${c.provider} has not decided about order ${c.orderId} in time. Ask ${c.provider}, then recheck ` +
  `the payment, or cancel it.`;

export const contradicted = (c: CreditContext, reason: string): string =>
  `${c.provider} and Holdfast disagree about this payment: ${reason}. ` +
  `Look up order ${c.orderId} there and tell whoever runs Holdfast.`;
