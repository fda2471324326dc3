/** Whether an event fits what is in flight and the amounts. Predicates, pure. */
import {
  awaitsFunding,
  canBeCancelled,
  liveInvoices,
  paidMinor,
  returnableMinor,
  uninvoicedMinor,
} from './credit.amounts.ts';
import { NOUNS } from './credit.sentences.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext } from './credit.types.ts';

const isAmount = (amountMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0;

/** Is `event` the answer to the very operation in flight, by id and by verb? */
function answersOperation(c: CreditContext, event: CreditEvent): boolean {
  if (!('operationId' in event)) return true;
  if (c.operation === null || event.operationId !== c.operation.id) return false;
  const { verb } = c.operation;
  if (event.type === 'payment.abandoned') return verb === 'order' || verb === 'offer';
  if (event.type === 'acceptance.rejected') return verb === 'accept';
  return verb !== 'accept' && event.type.startsWith(`${NOUNS[verb]}.`);
}

/** Only a payment that nobody has accepted can be; what is found there has to be its order, whole. */
const canBeAccepted = (c: CreditContext, amountMinor: number): boolean =>
  c.authorizedMinor === 0 &&
  amountMinor === c.requestedMinor &&
  (c.operation === null || c.operation.verb === 'accept' || c.operation.verb === 'order');

/** Is that the very order that was accepted, or is being reviewed? */
export const isAcceptedAs = (c: CreditContext, providerRef: string): boolean =>
  c.operation === null && (c.authorizedMinor > 0 || c.isReviewed) && providerRef === c.providerRef;

/** What is found, told or asked for has to be possible; all else was not understood. */
export function fits(c: CreditContext, event: CreditEvent): boolean {
  if (!answersOperation(c, event)) return false;
  const isAtRest = c.operation === null;
  switch (event.type) {
    case 'order.found':
      return canBeAccepted(c, event.amountMinor);
    case 'review.found':
      return canBeAccepted(c, c.requestedMinor) && !c.isReviewed;
    case 'acceptance.claimed':
      return (
        isAcceptedAs(c, event.providerRef) || (isAtRest && c.authorizedMinor === 0 && !c.isReviewed)
      );
    case 'cancellation.found':
      return isAtRest || c.operation.verb === 'accept';
    case 'invoice.requested':
      return (
        isAmount(event.amountMinor) &&
        event.amountMinor <= uninvoicedMinor(c) &&
        event.number !== '' &&
        c.invoices[event.number] === undefined
      );
    case 'invoice.found':
      return (
        isAtRest &&
        isAmount(event.amountMinor) &&
        event.amountMinor <= uninvoicedMinor(c) &&
        c.invoices[event.number] === undefined
      );
    case 'shipment.requested': {
      const invoice = c.invoices[event.number];
      return invoice?.isCancelled === false && invoice.shipment.status !== 'shipped';
    }
    case 'cancellation.requested':
      return c.providerRef !== null && liveInvoices(c).length === 0;
    case 'invoice_cancellation.requested': {
      const invoice = c.invoices[event.number];
      return isAtRest && invoice !== undefined && canBeCancelled(invoice);
    }
    case 'invoice_cancellation.found': {
      const invoice = c.invoices[event.number];
      return isAtRest && invoice?.isCancelled === false && !invoice.isFunded;
    }
    case 'return.requested': {
      const invoice = c.invoices[event.number];
      return (
        invoice?.isCancelled === false &&
        isAmount(event.amountMinor) &&
        event.amountMinor <= returnableMinor(invoice)
      );
    }
    case 'return.found': {
      const invoice = c.invoices[event.number];
      return (
        c.version > 1 &&
        isAtRest &&
        invoice?.isCancelled === false &&
        isAmount(event.amountMinor) &&
        event.amountMinor <= returnableMinor(invoice)
      );
    }
    case 'invoice.funded': {
      const invoice = c.invoices[event.number];
      return (
        isAtRest &&
        invoice !== undefined &&
        !invoice.isFunded &&
        !invoice.isCancelled &&
        isAmount(event.amountMinor) &&
        event.amountMinor === paidMinor(invoice, event.amountMinor)
      );
    }
    case 'invoice.closed': {
      const invoice = c.invoices[event.number];
      return isAtRest && invoice?.isClosed === false && !invoice.isCancelled;
    }
    case 'funding.overdue': {
      const invoice = c.invoices[event.number];
      return invoice !== undefined && !invoice.isLate && awaitsFunding(invoice);
    }
    case 'order.lapsed':
      return isAtRest && isAmount(event.amountMinor) && event.amountMinor === uninvoicedMinor(c);
    case 'order.expiry_due':
      return c.expiresAt !== null && !c.isExpiryAsked && uninvoicedMinor(c) > 0;
    case 'picture.confirmed':
    case 'picture.contradicted':
      return isAtRest;
    case 'news.received':
    case 'recheck.requested':
      return c.asking !== null || c.isParked || isAtRest;
    case 'resolution.proposed':
      return c.isParked && c.operation?.verb !== 'offer';
    case 'resolution.applied':
      return c.resolution !== null && c.operation !== null;
    case 'inquiry.due':
    case 'inquiry.inconclusive':
    case 'inquiry.exhausted':
      return c.asking !== null;
    default:
      return true;
  }
}
