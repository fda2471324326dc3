import type { LifecycleEvent } from '../machines/shared/lifecycle.ts';
import type { CardEffect } from '../machines/card/card.types.ts';
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

type Of<T extends CardEffect['type']> = EffectInput<Extract<CardEffect, { type: T }>>;

export type CardActivities = {
  authorizeCard(input: Of<'authorize'>): Promise<EffectOutcome>;
  captureCard(input: Of<'capture'>): Promise<EffectOutcome>;
  voidCard(input: Of<'void'>): Promise<EffectOutcome>;
  refundCard(input: Of<'refund'>): Promise<EffectOutcome>;
  reauthorizeCard(input: Of<'reauthorize'>): Promise<EffectOutcome>;
  inquireCard(input: Of<'inquire'>): Promise<EffectOutcome>;
};
