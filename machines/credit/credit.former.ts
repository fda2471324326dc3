/** Version 1, for the payments that began with it, and how they go on with version 2. */
import type { Migration } from '../shared/migration.ts';
import { creditLifecycleOf } from './credit.lifecycle.ts';
import { stillUnknown } from './credit.sentences.ts';
import type { CreditContext } from './credit.types.ts';

/** A refused order waited for a person, who could have it sent again. */
export const creditLifecycle1 = creditLifecycleOf(1);

/** The provider, or we, said that somebody has to mend something. */
const IS_FAULT =
  /: HTTP 40[13]: |does not accept the integration's credentials|a setting of the merchant's account|^Holdfast could not ask/;
const ADVICE =
  / (?:Check the integration's settings|Save valid credentials|Have the account changed|Tell whoever runs Holdfast|Start a new payment).*$/s;

/**
 * Every state and amount has the same meaning in both, but for an order or an offer that was refused: that
 * is a definite no. Version 1 parked two kinds of them, and told people which: what it tells of a doubt
 * that nobody could end follows from the rest of the context, so whatever else it tells is a refusal.
 */
export const creditFrom1: Migration = {
  lifecycle: 'credit',
  from: 1,
  to: 2,
  migrate: ({ status, context }) => {
    const c: CreditContext = { ...(context as CreditContext), version: 2, refused: null };
    const verb = c.operation?.verb;
    const isFirst = status === 'parked' && (verb === 'order' || verb === 'offer');
    if (!isFirst || c.attention === null || c.attention === stillUnknown(c)) {
      return { status, context: c };
    }
    const message = c.attention.replace(ADVICE, '');
    const declined: CreditContext = {
      ...c,
      operation: null,
      isParked: false,
      decline: { verb, code: 'provider_refused', message, advice: null },
      attention: IS_FAULT.test(c.attention) ? c.attention : null,
    };
    return { status: 'declined', context: declined };
  },
};
