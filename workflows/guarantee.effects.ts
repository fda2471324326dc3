/** Effect → activity, with the time that each may take and the words that operators read. */
import { proxyActivities } from '@temporalio/workflow';
import type { EffectOutcome } from '../activities/effect.contract.ts';
import type { GuaranteeActivities } from '../activities/guarantee.contract.ts';
import type { GuaranteeEffect } from '../machines/guarantee/guarantee.types.ts';
import { assertNever } from '../machines/shared/assert.ts';
import type { Effect } from '../machines/shared/lifecycle.ts';
import { formatMoney } from '../machines/shared/money.ts';
import type { Perform } from './driver.ts';
import { ATTEMPT, BUYER_WAITS, LATER, QUESTION } from './options.ts';

const act = proxyActivities<GuaranteeActivities>(ATTEMPT);

export const performGuarantee: Perform = (untyped: Effect, run): Promise<EffectOutcome> => {
  const effect = untyped as GuaranteeEffect;
  const input = run.unjournaled;
  const later = { ...LATER, summary: summaryOf(effect) };
  switch (effect.type) {
    case 'reserve': {
      const options = { ...BUYER_WAITS, summary: later.summary };
      return act.reserveOrder.executeWithOptions(options, [{ ...input, effect }]);
    }
    case 'modify':
      return act.modifyOrder.executeWithOptions(later, [{ ...input, effect }]);
    case 'capture':
      return act.captureOrder.executeWithOptions(later, [{ ...input, effect }]);
    case 'activate':
      return act.activateGuarantee.executeWithOptions(later, [{ ...input, effect }]);
    case 'cancel':
      return act.cancelGuarantee.executeWithOptions(later, [{ ...input, effect }]);
    case 'apply':
      return act.tellReceipt.executeWithOptions(later, [{ ...input, effect }]);
    case 'inquire': {
      const options = { ...QUESTION, summary: later.summary };
      return act.inquireGuarantee.executeWithOptions(options, [{ ...input, effect }]);
    }
    default:
      return assertNever(effect);
  }
};

function summaryOf(effect: GuaranteeEffect): string {
  if (effect.type === 'inquire') {
    return effect.about.type === 'picture'
      ? `Ask how order ${effect.about.orderId} stands`
      : `Ask what became of: ${effect.about.type}`;
  }
  const amount = formatMoney(effect.amountMinor, effect.currency);
  switch (effect.type) {
    case 'reserve':
      return `Reserve ${amount} of the buyer’s limit`;
    case 'modify':
      return `Change the reserved order to ${amount}`;
    case 'capture':
      return `Capture the order of ${amount}`;
    case 'activate':
      return `Activate the guarantee of ${amount}`;
    case 'cancel':
      return `Cancel the order and release ${amount} of the limit`;
    case 'apply':
      return `Tell the provider that the buyer has paid ${amount}`;
    default:
      return assertNever(effect);
  }
}
