/** Checkout does not want an authorization any more that nobody knows the outcome of. Pure. */
import { askAgain } from '../shared/asking.ts';
import { recheck } from './card.steps.ts';
import type { CardEvent } from './card.events.ts';
import type { CardContext } from './card.types.ts';

/** It is asked about as before, and never sent again; what is found is given back. */
export const abandonDoubt = (
  c: CardContext,
  { at, reason }: Extract<CardEvent, { type: 'authorization.given_up' }>,
): CardContext => ({
  ...c,
  givenUp: { at, reason },
  attention: null,
  asking: c.asking === null ? recheck(c, at) : askAgain(c.asking),
  decline: {
    verb: 'give-up',
    code: 'given_up',
    message: `The payment was given up before anybody knew whether ${c.provider} had authorized it.`,
    advice: 'What is found to be held or taken is given back.',
  },
});

/** From when on money is given back that was found after the payment had been given up. */
export const unwantedSince = (
  { givenUp }: CardContext,
  at: number,
): { readonly lateAt?: number } => (givenUp === null ? {} : { lateAt: at });
