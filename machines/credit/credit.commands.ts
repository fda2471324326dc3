import { isCalendarDate } from '../shared/calendar.ts';
import { formatInstant } from '../shared/instant.ts';
import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { illegal, incomplete, isWithin, outOfRange } from '../shared/refusals.ts';
import {
  awaitsFunding,
  canBeCancelled,
  liveInvoices,
  payableMinor,
  returnableMinor,
  uninvoicedMinor,
  unshipped,
} from './credit.amounts.ts';
import { NO_SHIPMENT } from './credit.context.ts';
import { isAcceptedAs } from './credit.guards.ts';
import type { CreditEvent } from './credit.events.ts';
import type { CreditContext, CreditInvoice, CreditStatus, ShipmentWish } from './credit.types.ts';

const DAY_MS = 86_400_000;

/** What a person may ask now, with the amounts that are allowed. */
export function commandsOf(status: CreditStatus, c: CreditContext): readonly Command[] {
  const recheck = { verb: 'recheck' } as const;
  switch (status) {
    case 'offered':
      return [{ verb: 'accept' }, { verb: 'cancel' }, recheck];
    case 'in_review':
      return [{ verb: 'cancel' }, recheck];
    case 'authorized':
    case 'ship_failed':
    case 'invoiced':
    case 'funding_late':
    case 'partially_funded':
    case 'funded':
    case 'closed':
    case 'returned':
      return [...ofInvoices(c), recheck];
    case 'parked':
      // An offer asks nobody: there is nothing to see of it anywhere.
      return c.operation?.verb === 'offer' ? [recheck] : [recheck, { verb: 'resolve' }];
    case 'expired':
    case 'cancelled':
      return c.authorizedMinor === 0 ? [{ verb: 'accept' }, recheck] : [];
    case 'ordering':
    case 'accepting':
    case 'invoicing':
    case 'shipping':
    case 'returning':
    case 'cancelling':
    case 'inquiring':
    case 'declined':
      return [];
  }
}

function ofInvoices(c: CreditContext): Command[] {
  const live = liveInvoices(c);
  const rest = uninvoicedMinor(c);
  const back = live.reduce((most, each) => {
    const minor = returnableMinor(each);
    return minor > most ? minor : most;
  }, 0);
  return [
    ...(rest > 0 ? [{ verb: 'invoice', maxMinor: rest }] : []),
    ...(unshipped(c).length > 0 ? [{ verb: 'ship' }] : []),
    ...(live.some(awaitsFunding) ? [{ verb: 'receive' }] : []),
    ...(live.length === 0 ? [{ verb: 'cancel' }] : []),
    ...(live.some(canBeCancelled) ? [{ verb: 'cancel-invoice' }] : []),
    ...(back > 0 ? [{ verb: 'refund', maxMinor: back }] : []),
  ];
}

/** Turns a person's request into the fact that it was asked, or says why it cannot be. */
export function decideCredit(
  c: CreditContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CreditEvent | Refusal {
  const { providerRef, reason = null, verb } = request;
  // The provider's own message may come before the browser's.
  if (verb === 'accept' && isAcceptedAs(c, providerRef ?? '')) {
    return { type: 'acceptance.claimed', at, providerRef: providerRef ?? '' };
  }
  const command = allowed.find((each) => each.verb === verb);
  if (command === undefined) return illegal(verb, allowed);
  switch (verb) {
    case 'recheck':
      return { type: 'recheck.requested', at };
    case 'accept':
      return providerRef === undefined
        ? incomplete('Say the providerRef: the id of the order that the buyer accepted.', allowed)
        : { type: 'acceptance.claimed', at, providerRef };
    case 'invoice':
      return invoice(c, allowed, request, at);
    case 'receive':
      return recordFunding(c, allowed, request, at);
    case 'ship': {
      const shipment = shipmentIn(request);
      if (typeof shipment === 'string') return incomplete(shipment, allowed);
      const chosen = choose(unshipped(c), request, 'has no shipment yet');
      return typeof chosen === 'string'
        ? incomplete(chosen, allowed)
        : { type: 'shipment.requested', at, number: chosen.number, shipment: or(shipment, chosen) };
    }
    case 'cancel':
      return c.authorizedMinor === 0 && c.providerRef === null
        ? { type: 'offer.withdrawn', at, reason }
        : { type: 'cancellation.requested', at, reason };
    case 'cancel-invoice': {
      const chosen = choose(liveInvoices(c).filter(canBeCancelled), request, 'can be cancelled');
      return typeof chosen === 'string'
        ? incomplete(chosen, allowed)
        : { type: 'invoice_cancellation.requested', at, number: chosen.number, reason };
    }
    case 'refund':
      return giveBack(c, allowed, request, at);
    case 'resolve':
      return propose(c, allowed, request, at);
    default:
      return illegal(verb, allowed);
  }
}

/** The provider has paid, and its message was lost: nothing that it shows would tell. */
function recordFunding(
  c: CreditContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CreditEvent | Refusal {
  const chosen = choose(liveInvoices(c).filter(awaitsFunding), request, 'was paid');
  if (typeof chosen === 'string') return incomplete(chosen, allowed);
  const amountMinor = payableMinor(chosen);
  if ((request.amountMinor ?? amountMinor) === amountMinor) {
    return { type: 'invoice.funded', at, number: chosen.number, amountMinor };
  }
  const detail = `Invoice ${chosen.number} is paid as a whole: ${amountMinor} minor units.`;
  return { code: 'amount-out-of-range', detail, maxMinor: amountMinor, allowed };
}

/** What is not said of a shipment that failed is as it was said then. */
const or = (said: ShipmentWish, { shipment }: CreditInvoice): ShipmentWish => ({
  shipper: said.shipper ?? shipment.wish.shipper,
  trackingNumber: said.trackingNumber ?? shipment.wish.trackingNumber,
  shippedOn: said.shippedOn ?? shipment.wish.shippedOn,
  deliveredOn: said.deliveredOn ?? shipment.wish.deliveredOn,
});

function shipmentIn(request: CommandRequest): ShipmentWish | string {
  const { deliveredOn = null, shippedOn = null } = request;
  for (const [name, date] of Object.entries({ deliveredOn, shippedOn })) {
    if (date !== null && !isCalendarDate(date)) return `${name} is no date of the calendar.`;
  }
  if (shippedOn !== null && deliveredOn !== null && deliveredOn < shippedOn) {
    return 'It would be delivered before it is shipped.';
  }
  const { shipper = null, trackingNumber = null } = request;
  return { ...NO_SHIPMENT, shipper, trackingNumber, shippedOn, deliveredOn };
}

function invoice(
  c: CreditContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CreditEvent | Refusal {
  const maxMinor = uninvoicedMinor(c);
  const amountMinor = request.amountMinor ?? maxMinor;
  if (!isWithin(amountMinor, maxMinor)) {
    return outOfRange('An invoice of this order', { maxMinor, currency: c.currency }, allowed);
  }
  const number = request.invoiceNumber ?? `${c.orderId}-${Object.keys(c.invoices).length + 1}`;
  if (c.invoices[number] !== undefined) {
    return incomplete(
      `This order has an invoice ${number} already. Number this one anew.`,
      allowed,
    );
  }
  const shipment = shipmentIn(request);
  if (typeof shipment === 'string') return incomplete(shipment, allowed);
  const { dueDate: dueOn = null } = request;
  const problem = dueOn === null ? null : dueProblem(c, dueOn, shipment, at);
  if (problem !== null) return incomplete(problem, allowed);
  return { type: 'invoice.requested', at, amountMinor, number, dueOn, shipment };
}

/** What cannot be anywhere on earth; the merchant's own calendar is looked at where the zone is known. */
function dueProblem(
  { version }: CreditContext,
  dueOn: string,
  { deliveredOn, shippedOn }: ShipmentWish,
  at: number,
): string | null {
  if (!isCalendarDate(dueOn)) return 'dueDate is no date of the calendar.';
  // What version 1 once took it takes again, when its run is played again.
  if (version === 1) return null;
  // It is no longer yesterday anywhere on earth.
  if (dueOn < formatInstant(at - DAY_MS).slice(0, 10)) return 'dueDate lies in the past.';
  if (shippedOn !== null && dueOn < shippedOn)
    return 'The invoice would be due before it is shipped.';
  if (deliveredOn !== null && dueOn < deliveredOn) {
    return 'The invoice would be due before the delivery.';
  }
  return null;
}

/** The invoice that is named, or the only one that it can be; else what to say. */
function choose(
  candidates: readonly CreditInvoice[],
  { invoiceNumber }: CommandRequest,
  what: string,
): CreditInvoice | string {
  const [only, ...others] = candidates;
  const named = candidates.find(({ number }) => number === invoiceNumber);
  const chosen = invoiceNumber === undefined && others.length === 0 ? only : named;
  const numbers = candidates.map(({ number }) => number).join(', ');
  return chosen ?? `Say the invoiceNumber that ${what}, one of: ${numbers}.`;
}

function giveBack(
  c: CreditContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CreditEvent | Refusal {
  const { reason = 'returned' } = request;
  const returnable = liveInvoices(c).filter((each) => returnableMinor(each) > 0);
  const chosen = choose(returnable, request, 'the goods are of');
  if (typeof chosen === 'string') return incomplete(chosen, allowed);
  const maxMinor = returnableMinor(chosen);
  const amountMinor = request.amountMinor ?? maxMinor;
  return isWithin(amountMinor, maxMinor)
    ? { type: 'return.requested', at, number: chosen.number, amountMinor, reason }
    : outOfRange(
        `A refund of invoice ${chosen.number}`,
        { maxMinor, currency: c.currency },
        allowed,
      );
}

/** What an operator saw. What the journal knows better is refused at once; the provider is asked
 *  for the rest. */
function propose(
  c: CreditContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CreditEvent | Refusal {
  const { amountMinor, outcome, providerRef = null, reason } = request;
  if (outcome === undefined || reason === undefined) {
    const detail =
      'Say the outcome, `succeeded` or `failed`, and the reason: what you saw, and where.';
    return { code: 'resolution-incomplete', detail, allowed };
  }
  const inDoubt = c.operation?.amountMinor ?? 0;
  if (amountMinor !== undefined && amountMinor !== inDoubt) {
    const detail = `The ${c.operation?.verb} in doubt is of ${inDoubt} minor units: it took place with that amount, or it did not.`;
    return { code: 'contradicts-proof', detail, allowed };
  }
  const { verb } = c.operation ?? {};
  const isNew = verb === 'order' || verb === 'invoice' || verb === 'ship' || verb === 'return';
  if (outcome === 'succeeded' && isNew && providerRef === null) {
    const detail = `Say the providerRef under which ${c.provider} has it: by it its reports are understood.`;
    return { code: 'resolution-incomplete', detail, allowed };
  }
  return { type: 'resolution.proposed', at, outcome, providerRef, reason };
}
