import { z } from 'zod';
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../db/repositories/integration.repository.ts';
import type { Appended, Journal } from '../db/journal/journal.ts';
import { cardLifecycle } from '../machines/card/card.lifecycle.ts';
import type { CardEffect, CardEvent } from '../machines/card/card.types.ts';
import { type Attempt, attempt, type Outcome } from './attempt.ts';
import type { CardActivities, EffectInput, EffectOutcome } from './card.contract.ts';
import { authorizationEvent, inconclusive, operationEvent } from './card.outcomes.ts';
import type { AuthorizeTerms, Call, CardProvider } from './providers/provider.ts';

export type CardDependencies = {
  readonly journal: Journal;
  readonly integrations: IntegrationRepository;
  readonly providerOf: (integration: UnlockedIntegration) => CardProvider;
  /** Where buyers come back to when checkout named no address of its own. */
  readonly returnUrlOf: (paymentId: string) => string;
  /** Ends with the attempt. */
  readonly signal: () => AbortSignal;
  readonly now: () => number;
};

/** What checkout sent along that a provider needs. */
const storedRequest = z.object({
  paymentToken: z.string(),
  returnUrl: z.url().optional(),
});

export function createCardActivities(deps: CardDependencies): CardActivities {
  return {
    authorizeCard: (input) =>
      run(deps, input, async (provider, call, journaled) => {
        const { effect } = input;
        // Only the first attempt proves that nothing was sent before.
        if (call.now() > effect.startBy && journaled.attempts === 1) {
          const { operationId } = effect;
          return { type: 'payment.abandoned', at: call.now(), operationId };
        }
        const terms = termsOf(deps, input, journaled);
        const outcome = await provider.authorize(effect, terms, call);
        return authorizationEvent(outcome, effect.operationId, call.now());
      }),
    captureCard: (input) =>
      run(deps, input, async (provider, call) =>
        operationEvent(await provider.capture(input.effect, call), input.effect, call.now()),
      ),
    voidCard: (input) =>
      run(deps, input, async (provider, call) =>
        operationEvent(await provider.void(input.effect, call), input.effect, call.now()),
      ),
    refundCard: (input) =>
      run(deps, input, async (provider, call) =>
        operationEvent(await provider.refund(input.effect, call), input.effect, call.now()),
      ),
    inquireCard: (input) =>
      run(deps, input, async (provider, call, journaled) => {
        const { about, since } = input.effect;
        if (about.type === 'hold') {
          const outcome = await provider.inquireHold(about, call);
          return outcome.kind === 'hold_expired'
            ? { type: 'hold.expired', at: call.now() }
            : inconclusive({ kind: 'inconclusive', reason: outcome.reason }, call.now());
        }
        if (about.type === 'authorize') {
          const terms = termsOf(deps, input, journaled);
          const outcome = await provider.inquireAuthorization(about, terms, call, since);
          return stillWaiting(authorizationEvent(outcome, about.operationId, call.now()), input);
        }
        const outcome = await provider.inquireOperation(about, call, since);
        return operationEvent(outcome, about, call.now());
      }),
  };
}

type Act = (provider: CardProvider, call: Call, journaled: Appended) => Promise<CardEvent>;

async function run<E extends CardEffect>(
  deps: CardDependencies,
  input: EffectInput<E>,
  act: Act,
): Promise<EffectOutcome> {
  return attempt(deps.journal, input, async ({ journaled, keep }: Attempt): Promise<Outcome> => {
    const { integrationId, integrationVersion } = journaled.payment;
    const integration = await deps.integrations.version(integrationId, integrationVersion);
    const { paymentId, effect } = input;
    const call: Call = {
      paymentId,
      operationId: effect.operationId ?? '',
      idempotencyKey: effect.operationId ?? '',
      signal: deps.signal(),
      now: deps.now,
      keep,
    };
    const event = await act(deps.providerOf(integration), call, journaled);
    // A request that was never sent is our own decision.
    const actor =
      event.type === 'payment.abandoned' ? 'system' : `provider:${integration.provider}`;
    return { event: believable(journaled, effect, event, deps.now()), actor };
  });
}

/** An answer that fits no legal move is kept as a doubt: guessing would move money on paper only. */
function believable(
  journaled: Appended,
  effect: CardEffect,
  event: CardEvent,
  now: number,
): CardEvent {
  const state = cardLifecycle.thaw(journaled.folded.frozen);
  if (cardLifecycle.applyEvent(state, event) !== null) return event;
  const reason = `the answer ${event.type} does not fit what was asked`;
  return cardLifecycle.withoutAnswer(effect, now, reason);
}

/** The provider still waits for what the payment already waits for: that is no news. */
function stillWaiting(event: CardEvent, input: EffectInput<CardEffect>): CardEvent {
  const { status } = input.base;
  const same =
    (event.type === 'buyer.action_required' && status === 'awaiting_buyer') ||
    (event.type === 'review.opened' && status === 'in_review');
  return same ? inconclusive({ kind: 'inconclusive', reason: `still ${status}` }, event.at) : event;
}

function termsOf(
  deps: CardDependencies,
  input: EffectInput<CardEffect>,
  journaled: Appended,
): AuthorizeTerms {
  const { request, sourceKind, sourceNumber } = journaled.payment;
  const { paymentToken, returnUrl } = storedRequest.parse(request);
  const { amounts } = journaled.folded.view;
  const { captureMode } = cardLifecycle.thaw(journaled.folded.frozen).context;
  return {
    amount: { amountMinor: amounts.requested, currency: amounts.currency },
    captureMode,
    paymentToken,
    returnUrl: returnUrl ?? deps.returnUrlOf(input.paymentId),
    description: `${sourceKind} ${sourceNumber}`,
  };
}
