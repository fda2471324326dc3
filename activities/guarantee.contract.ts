import type { GuaranteeEffect } from '../machines/guarantee/guarantee.types.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';

type Of<T extends GuaranteeEffect['type']> = EffectInput<Extract<GuaranteeEffect, { type: T }>>;

export type GuaranteeActivities = {
  reserveOrder(input: Of<'reserve'>): Promise<EffectOutcome>;
  modifyOrder(input: Of<'modify'>): Promise<EffectOutcome>;
  captureOrder(input: Of<'capture'>): Promise<EffectOutcome>;
  activateGuarantee(input: Of<'activate'>): Promise<EffectOutcome>;
  cancelGuarantee(input: Of<'cancel'>): Promise<EffectOutcome>;
  tellReceipt(input: Of<'apply'>): Promise<EffectOutcome>;
  inquireGuarantee(input: Of<'inquire'>): Promise<EffectOutcome>;
};
