/** What money that comes, bounces or goes back changes. Pure. */
import { assert } from '../shared/assert.ts';
import { debtMinor, forgivenBy, isToBeTold, openMinor, toTellMinor } from './guarantee.amounts.ts';
import { answered, begin, seen } from './guarantee.operations.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type { GuaranteeRules } from './guarantee.rules.ts';
import type { GuaranteeContext, GuaranteeReceipt } from './guarantee.types.ts';

type Of<T extends GuaranteeEvent['type']> = Extract<GuaranteeEvent, { type: T }>;

function withReceipt(c: GuaranteeContext, receipt: GuaranteeReceipt) {
  const id = `receipt_${Object.keys(c.receipts).length + 1}`;
  const now: GuaranteeContext = {
    ...c,
    receivedMinor: c.receivedMinor + receipt.amountMinor,
    receipts: { ...c.receipts, [id]: receipt },
    bouncedReceipt: null,
  };
  return { id, now };
}

export function received(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  { amountMinor, at, reference, receivedOn }: Of<'receipt.recorded'>,
): GuaranteeContext {
  const receipt = { amountMinor, reference, receivedOn, isApplied: false };
  const from = rules.recordsAllMoney ? c : { ...seen(c), attention: null };
  const { id, now } = withReceipt(from, receipt);
  const isTold = now.operation === null && isToBeTold(now, receipt);
  return isTold ? apply(rules, now, id, at) : now;
}

/** The provider says that all is paid: it has seen money that nobody told it of. */
export const receivedThere = (c: GuaranteeContext, amountMinor: number): GuaranteeContext => ({
  ...withReceipt(seen(c), { amountMinor, reference: null, receivedOn: null, isApplied: true }).now,
  attention: null,
});

export function bounced(c: GuaranteeContext, receiptId: string): GuaranteeContext {
  const receipt = c.receipts[receiptId];
  assert(receipt !== undefined, 'a receipt that is not there has bounced');
  return {
    ...c,
    receivedMinor: c.receivedMinor - receipt.amountMinor,
    receipts: { ...c.receipts, [receiptId]: { ...receipt, bounced: true } },
    bouncedReceipt: receiptId,
  };
}

export const refunded = (c: GuaranteeContext, amountMinor: number): GuaranteeContext => ({
  ...c,
  refundedMinor: c.refundedMinor + amountMinor,
  // Kept as an amount: what comes or bounces later does not change why it was given back.
  forgivenMinor: c.forgivenMinor + forgivenBy(c, amountMinor),
});

export function apply(
  rules: GuaranteeRules,
  c: GuaranteeContext,
  receiptId: string,
  at: number,
): GuaranteeContext {
  const receipt = c.receipts[receiptId];
  assert(receipt !== undefined, 'a receipt that is not there is to be told of');
  const amountMinor = toTellMinor(c, receipt);
  return { ...begin(rules, c, 'apply', at, { amountMinor }), applying: receiptId };
}

export function applied(c: GuaranteeContext): GuaranteeContext {
  const { applying, operation } = c;
  const receipt = c.receipts[applying ?? ''];
  assert(receipt !== undefined && operation !== null, 'the provider took what is not there');
  const { amountMinor } = operation;
  const told = amountMinor === receipt.amountMinor ? {} : { toldMinor: amountMinor };
  const now = { ...receipt, isApplied: true, ...told };
  return { ...answered(c), receipts: { ...c.receipts, [applying ?? '']: now } };
}

/** The order is over there, and blocks no limit any more. Nothing is owed for it, unless it was paid
 *  before: then the money is the merchant's. */
export const released = (c: GuaranteeContext): GuaranteeContext => ({
  ...c,
  ...(openMinor(c) > 0
    ? { releasedMinor: c.releasedMinor + debtMinor(c) }
    : { isOrderClosed: true }),
  guaranteedMinor: 0,
  isLimitBlocked: false,
  bouncedReceipt: null,
  attention: null,
});
