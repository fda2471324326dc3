import type { CardEffect } from '../machines/card/card.types.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';

type Of<T extends CardEffect['type']> = EffectInput<Extract<CardEffect, { type: T }>>;

export type CardActivities = {
  authorizeCard(input: Of<'authorize'>): Promise<EffectOutcome>;
  captureCard(input: Of<'capture'>): Promise<EffectOutcome>;
  voidCard(input: Of<'void'>): Promise<EffectOutcome>;
  refundCard(input: Of<'refund'>): Promise<EffectOutcome>;
  reauthorizeCard(input: Of<'reauthorize'>): Promise<EffectOutcome>;
  inquireCard(input: Of<'inquire'>): Promise<EffectOutcome>;
};
