import { isCalendarDate } from '../shared/calendar.ts';
import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { illegal, incomplete, isWithin, NO_INVOICES, outOfRange } from '../shared/refusals.ts';
import { mayBounce } from './promise.record.ts';
import type { PromiseContext, PromiseEvent } from './promise.types.ts';

/** Turns what somebody records into the fact that it is, or says why it cannot be. */
export function decidePromise(
  c: PromiseContext,
  allowed: readonly Command[],
  request: CommandRequest,
  at: number,
): PromiseEvent | Refusal {
  const { amountMinor, reason = null, receivedOn = null, reference = null, verb } = request;
  const command = allowed.find((each) => each.verb === verb);
  if (command === undefined) return illegal(verb, allowed);
  const maxMinor = command.maxMinor ?? 0;
  switch (verb) {
    case 'receive': {
      // Of what was cancelled nothing is expected any more.
      const received = amountMinor ?? (c.isCancelled ? 0 : c.requestedMinor - c.receivedMinor);
      if (received <= 0) return incomplete('Say the amountMinor that came.', allowed);
      if (receivedOn !== null && !isCalendarDate(receivedOn)) {
        return incomplete('receivedOn is no date of the calendar.', allowed);
      }
      return { type: 'receipt.recorded', at, amountMinor: received, reference, receivedOn };
    }
    case 'bounce':
      return bounce(c, allowed, request, at);
    case 'write-off':
      return { type: 'payment.written_off', at, amountMinor: maxMinor, reason };
    case 'cancel':
      return { type: 'payment.cancelled', at, reason };
    case 'refund': {
      if (request.invoiceNumber !== undefined) return incomplete(NO_INVOICES, allowed);
      const given = amountMinor ?? maxMinor;
      if (isWithin(given, maxMinor)) {
        return { type: 'refund.recorded', at, amountMinor: given, reason };
      }
      return outOfRange('A refund of this payment', { maxMinor, currency: c.currency }, allowed);
    }
    default:
      return illegal(verb, allowed);
  }
}

function bounce(
  c: PromiseContext,
  allowed: readonly Command[],
  { receiptId, reason }: CommandRequest,
  at: number,
): PromiseEvent | Refusal {
  const good = Object.entries(c.receipts).filter(([, receipt]) => mayBounce(c, receipt));
  const [only] = good;
  const id = receiptId ?? (good.length === 1 ? only?.[0] : undefined);
  const receipt = id === undefined ? undefined : c.receipts[id];
  if (id === undefined || receipt === undefined || !mayBounce(c, receipt)) {
    const known = good.map(([each]) => each).join(', ');
    return incomplete(`Say the receiptId that bounced, one of: ${known}.`, allowed);
  }
  return { type: 'receipt.bounced', at, receiptId: id, reason: reason ?? null };
}
