import { creditLifecycle } from '../machines/credit/credit.lifecycle.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import type { PaymentRunInput } from './contracts.ts';
import { performCredit } from './credit.effects.ts';
import { drive } from './driver.ts';

/** A payment on credit, from the request until only a person can move it; woken again by commands. */
export function creditPayment(input: PaymentRunInput): Promise<Frozen> {
  return drive(input, creditLifecycle.verbs, performCredit);
}
