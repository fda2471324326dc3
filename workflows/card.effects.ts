/** Effect → activity, with the time that each may take and the words that operators read. */
import { type ActivityOptions, proxyActivities } from '@temporalio/workflow';
import type { CardActivities } from '../activities/card.contract.ts';
import type { EffectOutcome } from '../activities/effect.contract.ts';
import { assertNever } from '../machines/shared/assert.ts';
import type { CardEffect } from '../machines/card/card.types.ts';
import type { Effect } from '../machines/shared/lifecycle.ts';
import { formatMoney } from '../machines/shared/money.ts';
import type { Perform } from './driver.ts';

/** An attempt outlives the provider client's own time limit (20 s); the heartbeat finds a dead
 *  worker sooner. What was surely not sent is retried until `scheduleToClose`, then asked about. */
const OPTIONS = {
  startToCloseTimeout: '45s',
  heartbeatTimeout: '8s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
} satisfies ActivityOptions;

const act = proxyActivities<CardActivities>(OPTIONS);

/** Behind a buyer who waits, and for staff who can come back tomorrow. */
const AUTHORIZE = { ...OPTIONS, scheduleToCloseTimeout: '15m' } satisfies ActivityOptions;
const QUESTION = { ...OPTIONS, scheduleToCloseTimeout: '2m' } satisfies ActivityOptions;
const LATER = { ...OPTIONS, scheduleToCloseTimeout: '24h' } satisfies ActivityOptions;

export const performCard: Perform = (untyped: Effect, run): Promise<EffectOutcome> => {
  const effect = untyped as CardEffect;
  const input = run.unjournaled;
  const summary = summaryOf(effect);
  switch (effect.type) {
    case 'authorize':
      return act.authorizeCard.executeWithOptions({ ...AUTHORIZE, summary }, [
        { ...input, effect },
      ]);
    case 'capture':
      return act.captureCard.executeWithOptions({ ...LATER, summary }, [{ ...input, effect }]);
    case 'void':
      return act.voidCard.executeWithOptions({ ...LATER, summary }, [{ ...input, effect }]);
    case 'refund':
      return act.refundCard.executeWithOptions({ ...LATER, summary }, [{ ...input, effect }]);
    case 'reauthorize':
      return act.reauthorizeCard.executeWithOptions({ ...AUTHORIZE, summary }, [
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
