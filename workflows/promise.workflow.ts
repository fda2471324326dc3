import { promiseLifecycle } from '../machines/promise/promise.lifecycle.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import type { PaymentRunInput } from './contracts.ts';
import { drive } from './driver.ts';

/** A payment that is promised and made elsewhere: it waits for its dates, and people record the rest. */
export function promisedPayment(input: PaymentRunInput): Promise<Frozen> {
  return drive(input, promiseLifecycle.verbs, (effect) => {
    throw new Error(`Invariant broken: a promise owes nobody a ${effect.type}`);
  });
}
