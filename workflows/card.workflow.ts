import { cardLifecycle } from '../machines/card/card.lifecycle.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import { performCard } from './card.effects.ts';
import type { PaymentRunInput } from './contracts.ts';
import { drive } from './driver.ts';

/** A card payment, from the request until only a person can move it; woken again by commands. */
export function cardPayment(input: PaymentRunInput): Promise<Frozen> {
  return drive(input, cardLifecycle.verbs, performCard);
}
