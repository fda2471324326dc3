import { guaranteeLifecycle } from '../machines/guarantee/guarantee.lifecycle.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import type { PaymentRunInput } from './contracts.ts';
import { drive } from './driver.ts';
import { performGuarantee } from './guarantee.effects.ts';

/** A guaranteed payment, from the request until only a person can move it; woken again by commands. */
export function guaranteedPayment(input: PaymentRunInput): Promise<Frozen> {
  return drive(input, guaranteeLifecycle.verbs, performGuarantee);
}
