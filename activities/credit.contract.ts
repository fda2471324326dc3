import type { CreditEffect } from '../machines/credit/credit.types.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';

type Of<T extends CreditEffect['type']> = EffectInput<Extract<CreditEffect, { type: T }>>;

export type CreditActivities = {
  prepareOffer(input: Of<'offer'>): Promise<EffectOutcome>;
  placeOrder(input: Of<'order'>): Promise<EffectOutcome>;
  sendInvoice(input: Of<'invoice'>): Promise<EffectOutcome>;
  sendShipment(input: Of<'ship'>): Promise<EffectOutcome>;
  cancelCredit(input: Of<'cancel'>): Promise<EffectOutcome>;
  cancelInvoice(input: Of<'cancel-invoice'>): Promise<EffectOutcome>;
  returnGoods(input: Of<'return'>): Promise<EffectOutcome>;
  inquireCredit(input: Of<'inquire'>): Promise<EffectOutcome>;
};
