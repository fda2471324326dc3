import type { UnlockedIntegration } from '../db/repositories/integration.repository.ts';
import { creditLifecycle, type CreditState } from '../machines/credit/credit.lifecycle.ts';
import type { CreditEvent } from '../machines/credit/credit.events.ts';
import type { CreditEffect, CreditOperationEffect } from '../machines/credit/credit.types.ts';
import type { CreditActivities } from './credit.contract.ts';
import { creditEvent, inconclusive } from './credit.outcomes.ts';
import { assert } from '../machines/shared/assert.ts';
import type { RefusedRequest } from '../machines/shared/operation.ts';
import { versionOf } from '../machines/lifecycles.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';
import { orderRequestIn } from './order-request.ts';
import type { Asked, Family, ProviderCallDependencies } from './family.ts';
import { callProvider } from './provider-call.ts';
import type { CreditProvider, CreditTerms } from './providers/credit-provider.ts';

export type CreditDependencies = ProviderCallDependencies & {
  readonly providerOf: (integration: UnlockedIntegration) => CreditProvider;
};

export function createCreditActivities(deps: CreditDependencies): CreditActivities {
  const act = (input: EffectInput<CreditOperationEffect>): Promise<EffectOutcome> =>
    run(deps, input, (asked) => perform(asked, input.effect));
  return {
    prepareOffer: act,
    placeOrder: act,
    sendInvoice: act,
    sendShipment: act,
    cancelCredit: act,
    cancelInvoice: act,
    returnGoods: act,
    inquireCredit: (input) => run(deps, input, (asked) => inquire(asked, input.effect)),
  };
}

type AskedCredit = Asked<CreditState, CreditProvider>;
type Inquiry = Extract<CreditEffect, { type: 'inquire' }>;

function run(
  deps: CreditDependencies,
  input: EffectInput<CreditEffect>,
  act: (asked: AskedCredit) => Promise<readonly CreditEvent[]>,
): Promise<EffectOutcome> {
  const family: Family<CreditState, CreditEvent, CreditEffect, CreditProvider> = {
    lifecycle: versionOf(creditLifecycle, input.base),
    providerOf: deps.providerOf,
    // There is no idempotency key: what may have been sent is asked about.
    replayWithinMs: () => 0,
    refused: refusedCredit,
    contradicted: (at, reason) => ({ type: 'picture.contradicted', at, reason }),
  };
  return callProvider(deps, family, input, act);
}

function refusedCredit(effect: CreditEffect, at: number, request: RefusedRequest): CreditEvent {
  assert(effect.type !== 'inquire', 'a question is not refused by us');
  const outcome = { kind: 'refused', ...request } as const;
  return creditEvent(outcome, effect, at);
}

async function perform(
  asked: AskedCredit,
  effect: CreditOperationEffect,
): Promise<readonly CreditEvent[]> {
  const { call, provider } = asked;
  if (effect.type === 'order' && call.now() > effect.startBy) {
    return [{ type: 'payment.abandoned', at: call.now(), operationId: effect.operationId }];
  }
  const outcome = await provider.perform(effect, termsOf(asked), call);
  return [creditEvent(outcome, effect, call.now())];
}

async function inquire(
  asked: AskedCredit,
  { about, lookOnly, since }: Inquiry,
): Promise<readonly CreditEvent[]> {
  const { call, frozen, provider, state } = asked;
  if (about.type === 'picture') {
    const looked = await provider.look(about, call);
    if (looked.kind === 'inconclusive') return [inconclusive(looked, call.now())];
    const picture = looked.kind === 'absent' ? null : looked.picture;
    const lifecycle = versionOf(creditLifecycle, frozen);
    const facts = lifecycle.factsOf(state, picture, call.now());
    if (facts.length > 0) return facts;
    const isAccepting = state.context.operation !== null;
    return isAccepting
      ? [inconclusive({ reason: 'the order is not decided yet' }, call.now())]
      : [{ type: 'picture.confirmed', at: call.now() }];
  }
  const found = await provider.inquire(about, termsOf(asked), call, { since, lookOnly });
  return [creditEvent(found, about, call.now())];
}

function termsOf({ journaled }: AskedCredit): CreditTerms {
  const { request, sourceKind, sourceNumber } = journaled.payment;
  return { ...orderRequestIn(request), description: `${sourceKind} ${sourceNumber}` };
}
