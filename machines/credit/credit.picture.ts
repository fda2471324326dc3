/** What the provider shows of an order and its invoices → the facts that make ours the same. Pure. */
import { paidMinor, uninvoicedMinor } from './credit.amounts.ts';
import { numberOf } from './credit.invoices.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditClaim, CreditContext, CreditPicture } from './credit.types.ts';

type Facts = readonly CreditEvent[];

/** No facts: it shows nothing new. A `null` picture: the provider has no such order. */
export function factsOf(c: CreditContext, picture: CreditPicture | null, at: number): Facts {
  const isAccepting = c.operation?.verb === 'accept';
  if (c.operation !== null && !isAccepting) return [];
  if (c.authorizedMinor === 0) return ofAcceptance(c, picture, at);
  if (picture === null) return contradicted(at, `${c.provider} has no order ${c.orderId}`);
  const wrong = whyNotOurs(c, picture);
  return wrong === null ? ofOrder(c, picture, at) : contradicted(at, wrong);
}

const contradicted = (at: number, reason: string): Facts => [
  { type: 'picture.contradicted', at, reason },
];

/** An order id comes through a browser, so everything of the order has to be ours. */
function whyNotOurs(c: CreditContext, picture: CreditPicture): string | null {
  if (picture.orderId !== c.orderId) return 'it has another merchant_order_id';
  if (picture.currency !== c.currency) return `it is in ${picture.currency}`;
  return picture.amountMinor === c.requestedMinor
    ? null
    : `it is of ${picture.amountMinor} cents and not of ${c.requestedMinor}`;
}

/** Has the buyer accepted? Nobody has, as long as nothing is there. */
function ofAcceptance(c: CreditContext, picture: CreditPicture | null, at: number): Facts {
  const operationId = c.operation?.id ?? null;
  const wrong = picture === null ? `${c.provider} does not have it` : whyNotOurs(c, picture);
  if (wrong !== null) {
    if (operationId !== null) {
      return [{ type: 'acceptance.rejected', at, operationId, reason: wrong }];
    }
    return picture === null ? [] : contradicted(at, wrong);
  }
  if (picture === null) return [];
  const { amountMinor, expiresAt, others, providerRef } = picture;
  switch (picture.status) {
    case 'accepted': {
      const order = { providerRef, amountMinor, expiresAt };
      // Who opened the offer twice holds the buyer's credit twice: somebody has to cancel the other.
      return [{ type: 'order.found', at, ...order, ...(others.length === 0 ? {} : { others }) }];
    }
    case 'pending':
    case 'new':
      // What was given up and is not decided there is no order yet.
      return c.isReviewed || c.endedBy !== null ? [] : [{ type: 'review.found', at, providerRef }];
    case 'canceled':
      // What was given up here and is canceled there is over on both sides.
      if (c.endedBy !== null || c.decline?.verb === 'order') return [];
      if (others.length === 0) return [{ type: 'cancellation.found', at }];
      // Who opened the offer twice may come with the one that failed: the other is looked for.
      return operationId === null
        ? contradicted(at, `it is canceled, and there is another: ${others.join(', ')}`)
        : [{ type: 'acceptance.rejected', at, operationId, reason: 'it is canceled' }];
  }
}

function ofOrder(c: CreditContext, picture: CreditPicture, at: number): Facts {
  const invoices = picture.invoices.flatMap((invoice) => ofInvoice(c, invoice, at));
  if (invoices.length > 0) return invoices;
  const rest = uninvoicedMinor(c);
  const hasEnded = c.endedBy !== null && rest === 0;
  if (picture.status === 'canceled') {
    return hasEnded ? [] : [{ type: 'cancellation.found', at }];
  }
  if (picture.status !== 'accepted') {
    return contradicted(at, `the order is ${picture.status} there and accepted here`);
  }
  const isOver = c.expiresAt !== null && at >= c.expiresAt;
  return isOver && rest > 0 ? [{ type: 'order.lapsed', at, amountMinor: rest }] : [];
}

/** One invoice, there and here. */
function ofInvoice(
  c: CreditContext,
  {
    amountMinor,
    number,
    providerRef,
    returnedMinor = 0,
    status,
  }: CreditPicture['invoices'][number],
  at: number,
): Facts {
  const known = numberOf(c, providerRef);
  const ours = known === null ? undefined : c.invoices[known];
  if (ours === undefined || known === null) {
    if (status === 'canceled' || status === 'pending') return [];
    const name = number ?? providerRef;
    if (c.invoices[name] !== undefined || amountMinor > uninvoicedMinor(c)) {
      return contradicted(at, `it has an invoice ${name} that cannot be of this order`);
    }
    const found: CreditEvent = {
      type: 'invoice.found',
      at,
      number: name,
      amountMinor,
      providerRef,
    };
    if (status === 'closed') return [found, { type: 'invoice.closed', at, number: name }];
    const isPaid = toldFunded(c, providerRef) !== null;
    return isPaid ? [found, { type: 'invoice.funded', at, number: name, amountMinor }] : [found];
  }
  const backMinor = returnedMinor - ours.returnedMinor;
  const back: Facts =
    backMinor > 0 && !ours.isCancelled
      ? [{ type: 'return.found', at, number: known, amountMinor: backMinor }]
      : [];
  switch (status) {
    case 'closed':
      return ours.isClosed
        ? back
        : [...back, ...returnedOf(c, known, at), { type: 'invoice.closed', at, number: known }];
    case 'canceled':
      if (ours.isCancelled) return [];
      return ours.isFunded
        ? contradicted(at, `invoice ${known} is cancelled there, and was paid`)
        : [{ type: 'invoice_cancellation.found', at, number: known }];
    case 'open':
      if (ours.isCancelled) {
        return contradicted(at, `invoice ${known} is open there and cancelled here`);
      }
      return [...back, ...(back.length > 0 ? [] : fundedAsTold(c, known, at))];
    case 'pending':
      return [];
  }
}

/** Funding is told and never shown: the look shows that it is an invoice of this order, and stands. */
function toldFunded({ news }: CreditContext, invoiceRef: string) {
  const claim = news?.verified === true ? news.claim : null;
  return claim?.says === 'funded' && claim.invoiceRef === invoiceRef ? claim : null;
}

/** That an invoice is closed says that what is left of it was paid; more has to be told. */
const returnedOf = (c: CreditContext, number: string, at: number): Facts =>
  c.invoices[number]?.releasedMinor === 0 ? [] : fundedAsTold(c, number, at);

function fundedAsTold(c: CreditContext, number: string, at: number): Facts {
  const invoice = c.invoices[number];
  if (invoice === undefined || invoice.isFunded) return [];
  const told = toldFunded(c, invoice.providerRef);
  const amountMinor = told === null ? 0 : paidMinor(invoice, told.amountMinor);
  return amountMinor > 0 ? [{ type: 'invoice.funded', at, number, amountMinor }] : [];
}

/** Does the payment say already what a message says? */
export function knowsClaim(c: CreditContext, claim: CreditClaim): boolean {
  switch (claim.says) {
    case 'accepted':
      // The buyer may have accepted another order under our number, too.
      return c.authorizedMinor > 0 && (claim.orderRef ?? c.providerRef) === c.providerRef;
    case 'cancelled':
      return c.decline?.verb === 'order' || (c.endedBy !== null && uninvoicedMinor(c) === 0);
    case 'funded':
      return invoiceIs(c, claim.invoiceRef, ({ isFunded }) => isFunded);
    case 'closed':
      return invoiceIs(c, claim.invoiceRef, ({ isClosed }) => isClosed);
    case 'invoice_cancelled':
      return invoiceIs(c, claim.invoiceRef, ({ isCancelled }) => isCancelled);
    case 'changed':
      return false;
  }
}

function invoiceIs(
  c: CreditContext,
  invoiceRef: string,
  test: (invoice: CreditContext['invoices'][string]) => boolean,
): boolean {
  const invoice = c.invoices[numberOf(c, invoiceRef) ?? ''];
  return invoice !== undefined && test(invoice);
}
