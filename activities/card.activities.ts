import { z } from 'zod';
import type { Appended } from '../db/journal/journal.ts';
import type { UnlockedIntegration } from '../db/repositories/integration.repository.ts';
import { cardLifecycle, type CardState } from '../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../machines/card/card.events.ts';
import type { CardEffect } from '../machines/card/card.types.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import type { RefusedRequest } from '../machines/shared/operation.ts';
import { versionOf } from '../machines/lifecycles.ts';
import type { CardActivities } from './card.contract.ts';
import {
  authorizationEvent,
  inconclusive,
  operationEvent,
  reauthorizationEvent,
} from './card.outcomes.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';
import type { Asked, Family, ProviderCallDependencies } from './family.ts';
import { orderRequestIn } from './order-request.ts';
import { callProvider } from './provider-call.ts';
import type { AuthorizeTerms, CardProvider } from './providers/provider.ts';

export type CardDependencies = ProviderCallDependencies & {
  readonly providerOf: (integration: UnlockedIntegration) => CardProvider;
  /** Where buyers come back to. */
  readonly returnUrlOf: (paymentId: string) => string;
};

/** What checkout sent along that a provider needs. */
const storedRequest = z.object({ paymentToken: z.string() });

export function createCardActivities(deps: CardDependencies): CardActivities {
  return {
    authorizeCard: (input) =>
      run(deps, input, async ({ provider, call, journaled }) => {
        const { effect } = input;
        if (call.now() > effect.startBy) return [tooLateToStart(input, journaled, call.now())];
        const terms = termsOf(deps, input, journaled);
        const outcome = await provider.authorize(effect, terms, call);
        return [authorizationEvent(outcome, effect.operationId, call.now())];
      }),
    captureCard: (input) =>
      run(deps, input, async ({ provider, call, openMinor }) => {
        const outcome = await provider.capture(input.effect, call);
        return [operationEvent(outcome, input.effect, openMinor, call.now())];
      }),
    voidCard: (input) =>
      run(deps, input, async ({ provider, call, openMinor }) => {
        const outcome = await provider.void(input.effect, call);
        return [operationEvent(outcome, input.effect, openMinor, call.now())];
      }),
    refundCard: (input) =>
      run(deps, input, async ({ provider, call, openMinor }) => {
        const outcome = await provider.refund(input.effect, call);
        return [operationEvent(outcome, input.effect, openMinor, call.now())];
      }),
    reauthorizeCard: (input) =>
      run(deps, input, async ({ provider, call, journaled }) => {
        const { effect } = input;
        if (call.now() > effect.startBy) return [tooLateToStart(input, journaled, call.now())];
        const terms = termsOf(deps, input, journaled);
        const outcome = await provider.reauthorize(effect, terms, call);
        return [reauthorizationEvent(outcome, effect.operationId, call.now())];
      }),
    inquireCard: (input) => inquire(deps, input),
  };
}

/** The rules that the payment goes by: a run finishes on the version that it began with. */
const lifecycleOf = (frozen: Frozen): typeof cardLifecycle => versionOf(cardLifecycle, frozen);

type InquireInput = EffectInput<Extract<CardEffect, { type: 'inquire' }>>;

async function inquire(deps: CardDependencies, input: InquireInput): Promise<EffectOutcome> {
  const { about, lookOnly, since } = input.effect;
  return run(deps, input, async ({ provider, call, journaled, state, openMinor }) => {
    const at = call.now();
    if (about.type === 'picture') {
      const looked = await provider.look(about, call);
      return looked.kind === 'inconclusive'
        ? [inconclusive(looked, at)]
        : lifecycleOf(input.base).factsOf(state, looked.pictures, call.now());
    }
    if (about.type === 'authorize' || about.type === 'reauthorize') {
      const terms = termsOf(deps, input, journaled);
      const asking = { since, lookOnly };
      const found = await provider.inquireAuthorization(about, terms, call, asking);
      const eventOf = about.type === 'authorize' ? authorizationEvent : reauthorizationEvent;
      const event = stillWaiting(eventOf(found, about.operationId, call.now()), input);
      const hasMoved = found.kind === 'approved' && found.hasMoved === true;
      const lifecycle = lifecycleOf(input.base);
      return hasMoved ? withPicture(event, found, { lifecycle, provider, call, state }) : [event];
    }
    const found = await provider.inquireOperation(about, call, { since, lookOnly });
    return [stillWaiting(operationEvent(found, about, openMinor, call.now()), input)];
  });
}

/** What was found, and what became of it since. Without the picture it is asked about again. */
async function withPicture(
  event: CardEvent,
  { providerRef }: { readonly providerRef: string },
  {
    lifecycle,
    provider,
    call,
    state,
  }: Pick<AskedCard, 'provider' | 'call' | 'state'> & { lifecycle: typeof cardLifecycle },
): Promise<readonly CardEvent[]> {
  const approved = lifecycle.applyEvent(state, event);
  // Whether it fits is judged where every answer is.
  if (approved === null || approved.context.operation !== null) return [event];
  const { currency } = approved.context;
  const about = { type: 'picture', providerRefs: [providerRef], currency } as const;
  const looked = await provider.look(about, call);
  if (looked.kind === 'inconclusive') return [inconclusive(looked, call.now())];
  return [event, ...lifecycle.factsOf(approved, looked.pictures, call.now())];
}

type AskedCard = Asked<CardState, CardProvider> & {
  /** What is held, by our books. */
  readonly openMinor: number;
};
type Act = (asked: AskedCard) => Promise<readonly CardEvent[]>;

/** The buyer has gone, or the old hold. Only the first attempt proves that nothing was sent before. */
function tooLateToStart(
  { base, effect }: EffectInput<Extract<CardEffect, { type: 'authorize' | 'reauthorize' }>>,
  journaled: Appended,
  at: number,
): CardEvent {
  const { operationId, type } = effect;
  const reason = 'its time to start was over before an answer came';
  if (journaled.attempts !== 1) return lifecycleOf(base).withoutAnswer(effect, at, reason);
  return type === 'authorize'
    ? { type: 'payment.abandoned', at, operationId }
    : { type: 'reauthorization.absent', at, operationId, reason };
}

function refusedCard(effect: CardEffect, at: number, request: RefusedRequest): CardEvent {
  const outcome = { kind: 'refused', ...request } as const;
  switch (effect.type) {
    case 'authorize':
      return authorizationEvent(outcome, effect.operationId, at);
    case 'reauthorize':
      return reauthorizationEvent(outcome, effect.operationId, at);
    case 'capture':
    case 'void':
    case 'refund':
      return operationEvent(outcome, effect, 0, at);
    case 'inquire':
      throw new Error('Invariant broken: a question is not refused by us');
  }
}

function run(
  deps: CardDependencies,
  input: EffectInput<CardEffect>,
  act: Act,
): Promise<EffectOutcome> {
  const family: Family<CardState, CardEvent, CardEffect, CardProvider> = {
    lifecycle: lifecycleOf(input.base),
    providerOf: deps.providerOf,
    replayWithinMs: (provider) => provider.replayWithinMs,
    refused: refusedCard,
    contradicted: (at, reason) => ({ type: 'picture.contradicted', at, reason }),
  };
  return callProvider(deps, family, input, (asked) => {
    const { authorized, captured, voided } = asked.journaled.folded.view.amounts;
    return act({ ...asked, openMinor: authorized - captured - voided });
  });
}

/** The provider still waits for what the payment already waits for: that is no news. */
function stillWaiting(event: CardEvent, input: EffectInput<CardEffect>): CardEvent {
  const { status, version } = input.base;
  const same =
    (event.type === 'buyer.action_required' && status === 'awaiting_buyer') ||
    (event.type === 'review.opened' && status === 'in_review') ||
    (event.type === 'capture.pending' && status === 'capturing') ||
    (event.type === 'void.pending' && status === 'voiding') ||
    // Since version 2 that is an answer.
    (event.type === 'refund.pending' && status === 'refunding' && version === 1);
  return same ? inconclusive({ kind: 'inconclusive', reason: `still ${status}` }, event.at) : event;
}

function termsOf(
  deps: CardDependencies,
  input: EffectInput<CardEffect>,
  journaled: Appended,
): AuthorizeTerms {
  const { request, sourceKind, sourceNumber } = journaled.payment;
  const { paymentToken } = storedRequest.parse(request);
  const { buyer, shippingAddress } = orderRequestIn(request);
  const { amounts } = journaled.folded.view;
  const { frozen } = journaled.folded;
  const { captureMode } = lifecycleOf(frozen).thaw(frozen).context;
  return {
    amount: { amountMinor: amounts.requested, currency: amounts.currency },
    captureMode,
    paymentToken,
    // To us first: what the buyer brings back is not believed, and checkout is told what is true.
    returnUrl: deps.returnUrlOf(input.paymentId),
    description: `${sourceKind} ${sourceNumber}`,
    buyer,
    shippingAddress,
  };
}
