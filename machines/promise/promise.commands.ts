import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { illegal, incomplete, isWithin, NO_INVOICES, outOfRange } from '../shared/refusals.ts';
import type { PromiseRules } from './promise.rules.ts';
import type { PromiseContext, PromiseEvent, PromiseStatus } from './promise.types.ts';

/** Turns what somebody records into the fact that it is, or says why it cannot be. */
export function decidePromise(
  rules: PromiseRules,
  status: PromiseStatus,
  c: PromiseContext,
  request: CommandRequest,
  at: number,
): PromiseEvent | Refusal {
  const allowed = rules.commands(status, c);
  const { amountMinor, reason = null, receivedOn = null, reference = null, verb } = request;
  const command = allowed.find((each) => each.verb === verb);
  if (command === undefined) return illegal(verb, allowed);
  const maxMinor = command.maxMinor ?? 0;
  const upToMax = { maxMinor, currency: c.currency };
  switch (verb) {
    case 'receive': {
      if (request.invoiceNumber !== undefined) return incomplete(NO_INVOICES, allowed);
      const received = amountMinor ?? rules.expectedMinor(c);
      if (received <= 0) return incomplete('Say the amountMinor that came.', allowed);
      if (receivedOn !== null && !rules.mayComeOn(receivedOn, at)) {
        return incomplete('receivedOn is no day on which it can have come.', allowed);
      }
      return { type: 'receipt.recorded', at, amountMinor: received, reference, receivedOn };
    }
    case 'bounce':
      return bounce(rules, c, allowed, request, at);
    case 'write-off':
      return { type: 'payment.written_off', at, amountMinor: maxMinor, reason };
    case 'reduce':
      if (amountMinor === undefined) {
        return incomplete('Say the amountMinor of the credit note.', allowed);
      }
      return isWithin(amountMinor, maxMinor)
        ? { type: 'payment.reduced', at, amountMinor, reason }
        : outOfRange('A reduction of this payment', upToMax, allowed);
    case 'cancel':
      return { type: 'payment.cancelled', at, reason };
    case 'refund': {
      if (request.invoiceNumber !== undefined) return incomplete(NO_INVOICES, allowed);
      const given = amountMinor ?? maxMinor;
      if (isWithin(given, maxMinor)) {
        return { type: 'refund.recorded', at, amountMinor: given, reason };
      }
      return outOfRange('A refund of this payment', upToMax, allowed);
    }
    default:
      return illegal(verb, allowed);
  }
}

function bounce(
  rules: PromiseRules,
  c: PromiseContext,
  allowed: readonly Command[],
  { receiptId, reason }: CommandRequest,
  at: number,
): PromiseEvent | Refusal {
  const good = Object.entries(c.receipts).filter(([, receipt]) => rules.mayBounce(c, receipt));
  const [only] = good;
  const id = receiptId ?? (good.length === 1 ? only?.[0] : undefined);
  const receipt = id === undefined ? undefined : c.receipts[id];
  if (id === undefined || receipt === undefined || !rules.mayBounce(c, receipt)) {
    const known = good.map(([each]) => each).join(', ');
    return incomplete(`Say the receiptId that bounced, one of: ${known}.`, allowed);
  }
  return { type: 'receipt.bounced', at, receiptId: id, reason: reason ?? null };
}
