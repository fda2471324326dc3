/** Effect → activity, with the time that each may take and the words that operators read. */
import { proxyActivities } from '@temporalio/workflow';
import type { CardActivities } from '../activities/card.contract.ts';
import type { EffectOutcome } from '../activities/effect.contract.ts';
import { assertNever } from '../machines/shared/assert.ts';
import type { CardEffect } from '../machines/card/card.types.ts';
import type { Effect } from '../machines/shared/lifecycle.ts';
import { formatMoney } from '../machines/shared/money.ts';
import type { Perform } from './driver.ts';
import { ATTEMPT, BUYER_WAITS, LATER, QUESTION } from './options.ts';

const act = proxyActivities<CardActivities>(ATTEMPT);

export const performCard: Perform = (untyped: Effect, run): Promise<EffectOutcome> => {
  const effect = untyped as CardEffect;
  const input = run.unjournaled;
  const summary = summaryOf(effect);
  switch (effect.type) {
    case 'authorize':
      return act.authorizeCard.executeWithOptions({ ...BUYER_WAITS, summary }, [
        { ...input, effect },
      ]);
    case 'capture':
      return act.captureCard.executeWithOptions({ ...LATER, summary }, [{ ...input, effect }]);
    case 'void':
      return act.voidCard.executeWithOptions({ ...LATER, summary }, [{ ...input, effect }]);
    case 'refund':
      return act.refundCard.executeWithOptions({ ...LATER, summary }, [{ ...input, effect }]);
    case 'reauthorize':
      return act.reauthorizeCard.executeWithOptions({ ...BUYER_WAITS, summary }, [
        { ...input, effect },
      ]);
    case 'inquire':
      return act.inquireCard.executeWithOptions({ ...QUESTION, summary }, [{ ...input, effect }]);
    default:
      return assertNever(effect);
  }
};

function summaryOf(effect: CardEffect): string {
  switch (effect.type) {
    case 'authorize': {
      const verb = effect.captureMode === 'automatic' ? 'Authorize and capture' : 'Authorize';
      return `${verb} ${formatMoney(effect.amountMinor, effect.currency)}`;
    }
    case 'capture': {
      const { amountMinor, currency, releasedMinor } = effect;
      const released = releasedMinor > 0 ? `, release ${formatMoney(releasedMinor, currency)}` : '';
      return `Capture ${formatMoney(amountMinor, currency)}${released}`;
    }
    case 'void': {
      const what = effect.isReplaced ? 'Release the replaced hold of' : 'Void';
      return `${what} ${formatMoney(effect.amountMinor, effect.currency)}`;
    }
    case 'reauthorize':
      return `Renew the hold of ${formatMoney(effect.amountMinor, effect.currency)}`;
    case 'refund':
      return `Refund ${formatMoney(effect.amountMinor, effect.currency)}`;
    case 'inquire':
      return effect.about.type === 'picture'
        ? 'Look at the whole payment at the provider'
        : `Ask what became of: ${effect.about.type}`;
    default:
      return assertNever(effect);
  }
}
