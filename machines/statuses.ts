import { cardMachine } from './card/card.machine.ts';
import { creditMachine } from './credit/credit.machine.ts';
import { guaranteeMachine } from './guarantee/guarantee.machine.ts';
import { promiseMachine } from './promise/promise.machine.ts';

/** Every status that a payment of any family can have: former versions have no others. */
export const STATUSES: readonly string[] = [
  ...new Set(
    [cardMachine, promiseMachine, guaranteeMachine, creditMachine].flatMap(({ states }) =>
      Object.keys(states),
    ),
  ),
].toSorted();
