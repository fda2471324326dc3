/** Version 1, for the payments that began with it, and how they go on with version 2. */
import type { Migration } from '../shared/migration.ts';
import { refusedDecline } from '../shared/refused.ts';
import { cardLifecycleOf } from './card.lifecycle.ts';
import { cardMachine1 } from './card.machine.ts';
import type { CardContext } from './card.types.ts';

/** A refused authorization was parked, as if nobody knew what became of it. */
export const cardLifecycle1 = cardLifecycleOf(1, cardMachine1);

/** What version 1 told people of a refused authorization, and of nothing else. Nobody has asked for the
 *  payment to be looked at again since: that took the sentence away. */
const REFUSED = / refused the authorization and moved no money: (.*)\. Check the integration/;

/** 401 and 403: the integration's keeper still has to mend something. */
const IS_CREDENTIALS = /\b40[13]\b/;

/** Every amount has the same meaning in both. What a refusal had parked is over: nothing was sent that
 *  could have acted. */
export const cardFrom1: Migration = {
  lifecycle: 'card',
  from: 1,
  to: 2,
  migrate: ({ status, context }) => {
    const c = context as CardContext;
    const reason = REFUSED.exec(c.attention ?? '')?.[1];
    const isRefused = status === 'parked' && c.operation?.verb === 'authorize';
    if (!isRefused || reason === undefined) return { status, context: { ...c, version: 2 } };
    const told = { provider: c.provider, what: 'the authorization' };
    return {
      status: 'declined',
      context: {
        ...c,
        version: 2,
        operation: null,
        buyer: null,
        isDeclined: true,
        decline: refusedDecline('authorize', told, { reason }),
        attention: IS_CREDENTIALS.test(reason) ? c.attention : null,
      },
    };
  },
};
