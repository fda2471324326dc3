/** Effect → activity, with the time that each may take and the words that operators read. */
import { proxyActivities } from '@temporalio/workflow';
import type { CreditActivities } from '../activities/credit.contract.ts';
import type { EffectOutcome } from '../activities/effect.contract.ts';
import type { CreditEffect } from '../machines/credit/credit.types.ts';
import { assertNever } from '../machines/shared/assert.ts';
import type { Effect } from '../machines/shared/lifecycle.ts';
import { formatMoney } from '../machines/shared/money.ts';
import type { Perform } from './driver.ts';
import { ATTEMPT, BUYER_WAITS, LATER, QUESTION } from './options.ts';

const act = proxyActivities<CreditActivities>(ATTEMPT);

export const performCredit: Perform = (untyped: Effect, run): Promise<EffectOutcome> => {
  const effect = untyped as CreditEffect;
  const input = run.unjournaled;
  const summary = summaryOf(effect);
  const soon = { ...BUYER_WAITS, summary };
  const later = { ...LATER, summary };
  switch (effect.type) {
    case 'offer':
      return act.prepareOffer.executeWithOptions(soon, [{ ...input, effect }]);
    case 'order':
      return act.placeOrder.executeWithOptions(soon, [{ ...input, effect }]);
    case 'invoice':
      return act.sendInvoice.executeWithOptions(later, [{ ...input, effect }]);
    case 'ship':
      return act.sendShipment.executeWithOptions(later, [{ ...input, effect }]);
    case 'cancel':
      return act.cancelCredit.executeWithOptions(later, [{ ...input, effect }]);
    case 'cancel-invoice':
      return act.cancelInvoice.executeWithOptions(later, [{ ...input, effect }]);
    case 'return':
      return act.returnGoods.executeWithOptions(later, [{ ...input, effect }]);
    case 'inquire':
      return act.inquireCredit.executeWithOptions({ ...QUESTION, summary }, [{ ...input, effect }]);
    default:
      return assertNever(effect);
  }
};

function summaryOf(effect: CreditEffect): string {
  if (effect.type === 'inquire') {
    return effect.about.type === 'picture'
      ? `Look at order ${effect.about.orderId} and its invoices`
      : `Ask what became of: ${effect.about.type}`;
  }
  const amount = formatMoney(effect.amountMinor, effect.currency);
  switch (effect.type) {
    case 'offer':
      return `Sign the offer of ${amount}`;
    case 'order':
      return `Place the order of ${amount} on the buyer’s account`;
    case 'invoice':
      return `Send invoice ${effect.invoiceNumber} of ${amount}`;
    case 'ship':
      return `Send the shipment of invoice ${effect.invoiceNumber}`;
    case 'cancel':
      return `Cancel the order and release ${amount} of the credit`;
    case 'cancel-invoice':
      return `Cancel invoice ${effect.invoiceNumber} of ${amount}`;
    case 'return':
      return `Give back ${amount} of invoice ${effect.invoiceNumber}`;
    default:
      return assertNever(effect);
  }
}
