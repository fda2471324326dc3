import type { LifecycleEvent } from '../machines/shared/lifecycle.ts';
import type { Unjournaled } from './journal.contract.ts';

/** The facts not yet journaled and the effect that they lead to: one activity does both. */
export type EffectInput<E> = Unjournaled & { readonly effect: E };

/** The outcome, which lies in the journal already, and the journal's last sequence. Null: a look at
 *  the provider that showed nothing new, and left no fact. */
export type EffectOutcome = {
  readonly event: LifecycleEvent | null;
  readonly actor: string;
  readonly head: number;
};
