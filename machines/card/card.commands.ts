import { formatMoney } from '../shared/money.ts';
import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { formatInstant } from '../shared/instant.ts';
import { illegal, incomplete, isWithin, NO_INVOICES } from '../shared/refusals.ts';
import { capturableMinor, openHoldMinor, refundableMinor } from './card.amounts.ts';
import { canGiveUp, canSchedule, waitsForReview } from './card.guards.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext, CardStatus } from './card.types.ts';

/** What a person may ask now, with the amounts that are allowed. */
export function commandsOf(status: CardStatus, c: CardContext): readonly Command[] {
  switch (status) {
    case 'authorized':
    case 'partially_captured':
      return [...ofCapture(c), { verb: 'void' }, ...ofRefund(c)];
    case 'captured':
    case 'partially_refunded':
    case 'disputed':
    case 'charged_back':
      return ofRefund(c);
    case 'awaiting_buyer':
      return [{ verb: 'void' }];
    case 'parked':
      if (c.operation === null) return c.providerRef === null ? [] : [{ verb: 'recheck' }];
      return [{ verb: 'recheck' }, { verb: 'resolve' }, ...ofDoubt(c)];
    case 'in_review':
    case 'inquiring':
      return ofDoubt(c);
    case 'authorizing':
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'reauthorizing':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      return [];
  }
}

/** `multiple`: what is left of the hold may be captured later. */
function ofCapture(c: CardContext): Command[] {
  const maxMinor = capturableMinor(c);
  if (maxMinor === 0 || waitsForReview(c)) return [];
  return [{ verb: 'capture', maxMinor, ...(c.multicapture ? { multiple: true } : {}) }];
}

const ofRefund = (c: CardContext): Command[] =>
  refundableMinor(c) > 0 ? [{ verb: 'refund', maxMinor: refundableMinor(c) }] : [];

const ofDoubt = (c: CardContext): Command[] =>
  canGiveUp(c, { type: 'authorization.given_up', at: 0, reason: null })
    ? [{ verb: 'give-up' }]
    : [];

/** Turns a person's request into the fact that it was asked, or says why it cannot be. */
export function decideCommand(
  c: CardContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CardEvent | Refusal {
  const command = allowed.find(({ verb }) => verb === request.verb);
  if (command === undefined) return illegal(request.verb, allowed, whyNot(c, request.verb));
  const maxMinor = command.maxMinor ?? 0;
  const amountMinor = request.amountMinor ?? maxMinor;
  switch (request.verb) {
    case 'void':
      return { type: 'void.requested', at };
    case 'capture': {
      if (request.captureAt === null) return unschedule(c, allowed, at);
      if (!isWithin(amountMinor, maxMinor)) return outOfRange(c, 'capture', maxMinor, allowed);
      const isPart = amountMinor < openHoldMinor(c);
      const final = request.final ?? isFinalUnsaid(c, isPart);
      if (!final && isPart && !c.multicapture) return mustBeFinal(allowed);
      return request.captureAt === undefined
        ? { type: 'capture.requested', at, amountMinor, final }
        : schedule(c, allowed, { ...request, final }, request.captureAt, at);
    }
    case 'give-up':
      return { type: 'authorization.given_up', at, reason: request.reason ?? null };
    case 'refund': {
      if (request.invoiceNumber !== undefined) return incomplete(NO_INVOICES, allowed);
      if (!isWithin(amountMinor, maxMinor)) return outOfRange(c, 'refund', maxMinor, allowed);
      return { type: 'refund.requested', at, amountMinor, reason: request.reason ?? null };
    }
    case 'resolve':
      return propose(c, allowed, request, at);
    default:
      return illegal(request.verb, allowed, whyNot(c, request.verb));
  }
}

/** What cannot be undone has to be said, where the hold allows something else: a part leaves the rest.
 *  Version 1 released it. */
const isFinalUnsaid = (c: CardContext, isPart: boolean): boolean =>
  c.version === 1 || !isPart || !c.multicapture;

function schedule(
  c: CardContext,
  allowed: readonly Command[],
  request: CommandRequest,
  captureAt: number,
  at: number,
): CardEvent | Refusal {
  const { amountMinor = null, final = true } = request;
  const event: CardEvent = { type: 'capture.scheduled', at, captureAt, amountMinor, final };
  if (canSchedule(c, event)) return event;
  const ends =
    c.holdEndsAt === null ? '' : ` and before the hold ends on ${formatInstant(c.holdEndsAt)}`;
  const detail = `A capture can be scheduled for a time in the future${ends}.`;
  return { code: 'capture-time-invalid', detail, allowed };
}

function unschedule(c: CardContext, allowed: readonly Command[], at: number): CardEvent | Refusal {
  if (c.captureAt !== null) return { type: 'capture.unscheduled', at };
  const detail = 'No capture of this payment is scheduled.';
  return { code: 'illegal-transition', detail, allowed };
}

/** What an operator saw. What the journal knows better is refused at once; the provider is asked
 *  for the rest. */
function propose(
  c: CardContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): CardEvent | Refusal {
  const { amountMinor, outcome, providerRef = null, reason } = request;
  if (outcome === undefined || reason === undefined) {
    const detail =
      'Say the outcome, `succeeded` or `failed`, and the reason: what you saw, and where.';
    return { code: 'resolution-incomplete', detail, allowed };
  }
  const operation = c.operation;
  if (operation !== null && amountMinor !== undefined && amountMinor !== operation.amountMinor) {
    const asked = formatMoney(operation.amountMinor, c.currency);
    const detail = `The ${operation.verb} in doubt is of ${asked} (${operation.amountMinor} minor units): it took place with that amount, or it did not.`;
    return { code: 'contradicts-proof', detail, allowed };
  }
  // A refund and a new hold have references of their own; all else is done to a hold that is known.
  const isNew = operation?.verb === 'refund' || operation?.verb === 'reauthorize';
  if (outcome === 'succeeded' && (isNew || c.providerRef === null) && providerRef === null) {
    const detail = `Say the providerRef under which ${c.provider} has it: by it its reports are understood.`;
    return { code: 'resolution-incomplete', detail, allowed };
  }
  const present = operation?.upon ?? c.providerRef;
  const known = new Set([...c.formerHolds.map((hold) => hold.providerRef), c.providerRef]);
  const isTaken = isNew && (known.has(providerRef) || c.refunds[providerRef ?? ''] !== undefined);
  const isOther = !isNew && present !== null && providerRef !== null && providerRef !== present;
  if (providerRef !== null && (isTaken || isOther)) {
    const detail = isTaken
      ? `${c.provider} has something else of this payment as ${providerRef}: its own answers prove it.`
      : `${c.provider} knows this payment as ${present}: its own answers prove it.`;
    return { code: 'contradicts-proof', detail, allowed };
  }
  return { type: 'resolution.proposed', at, outcome, providerRef, reason };
}

function whyNot(c: CardContext, verb: string): string {
  const isLapsed = c.endedBy === 'time' && c.authorizedMinor > 0;
  if (isLapsed && (verb === 'capture' || verb === 'void')) {
    const ended = c.holdEndsAt === null ? '' : ` (it was to end on ${formatInstant(c.holdEndsAt)})`;
    return `The hold has expired, by ${c.provider}’s word${ended}: nothing is left to ${verb}.`;
  }
  if (verb === 'capture' && waitsForReview(c)) {
    return `${c.provider} reviews this payment, and the integration captures nothing before it has decided.`;
  }
  const isDisputed = Object.values(c.disputes).some(({ status }) => status === 'open');
  if (verb === 'refund' && isDisputed) {
    return `The buyer disputes this payment: while that is open, ${c.provider} gives nothing back.`;
  }
  return `This payment cannot be asked to ${verb} in its present state.`;
}

function outOfRange(
  c: CardContext,
  verb: string,
  maxMinor: number,
  allowed: readonly Command[],
): Refusal {
  const limit = formatMoney(maxMinor, c.currency);
  const detail = `A ${verb} of this payment may take from 1 to ${maxMinor} minor units (${limit}).`;
  return { code: 'amount-out-of-range', detail, maxMinor, allowed };
}

function mustBeFinal(allowed: readonly Command[]): Refusal {
  const detail =
    'The provider allows a single capture of this hold. Capture with `final: true`, which releases the rest.';
  return { code: 'capture-must-be-final', detail, allowed };
}
