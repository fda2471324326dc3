/** What people say of money that came, bounced or went back, as the fact that it is. */
import { isCalendarDate, isReceiptDay } from '../shared/calendar.ts';
import type { Command, CommandRequest, Refusal } from '../shared/lifecycle.ts';
import { incomplete, isWithin, NO_INVOICES, outOfRange } from '../shared/refusals.ts';
import { netMinor, openMinor, uncoveredMinor } from './guarantee.amounts.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext } from './guarantee.types.ts';

/** What happened outside is recorded, wherever the payment is. */
export function moneyCommands(c: GuaranteeContext): readonly Command[] {
  const maxMinor = netMinor(c);
  return [
    { verb: 'receive' },
    ...(goodReceipts(c).length > 0 ? [{ verb: 'bounce' } as const] : []),
    ...(maxMinor > 0 ? [{ verb: 'refund', maxMinor }] : []),
  ];
}

const goodReceipts = (c: GuaranteeContext): readonly string[] =>
  Object.entries(c.receipts)
    .filter(([, { bounced }]) => bounced !== true)
    .map(([id]) => id);

export function receive(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  allowed: readonly Command[],
  { amountMinor, ...said }: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  const { reference = null, receivedOn = null } = said;
  if (said.invoiceNumber !== undefined) return incomplete(NO_INVOICES, allowed);
  const open = openMinor(c);
  const received = amountMinor ?? open + uncoveredMinor(c);
  if (!rules.recordsAllMoney && !isWithin(received, open)) {
    return outOfRange('What the buyer pays', { maxMinor: open, currency: c.currency }, allowed);
  }
  if (received <= 0) return incomplete('Say the amountMinor that came.', allowed);
  const isDay = rules.recordsAllMoney ? isReceiptDay : isCalendarDate;
  if (receivedOn !== null && !isDay(receivedOn, at)) {
    return incomplete('receivedOn is no day on which it can have come.', allowed);
  }
  return { type: 'receipt.recorded', at, amountMinor: received, reference, receivedOn };
}

export function bounce(
  c: GuaranteeContext,
  allowed: readonly Command[],
  { receiptId, reason }: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  const good = goodReceipts(c);
  const id = receiptId ?? (good.length === 1 ? good[0] : undefined);
  if (id === undefined || !good.includes(id)) {
    return incomplete(`Say the receiptId that bounced, one of: ${good.join(', ')}.`, allowed);
  }
  return { type: 'receipt.bounced', at, receiptId: id, reason: reason ?? null };
}

export function refund(
  c: GuaranteeContext,
  allowed: readonly Command[],
  { amountMinor, invoiceNumber, reason }: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  if (invoiceNumber !== undefined) {
    return incomplete(NO_INVOICES, allowed);
  }
  const maxMinor = netMinor(c);
  const given = amountMinor ?? maxMinor;
  return isWithin(given, maxMinor)
    ? { type: 'refund.recorded', at, amountMinor: given, reason: reason ?? null }
    : outOfRange('A refund of this payment', { maxMinor, currency: c.currency }, allowed);
}
