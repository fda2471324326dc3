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
        if (call.now() > effect.startBy) return tooLateToStart(effect, journaled, call.now());
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
        return stillWaiting(operationEvent(outcome, about, call.now()), input);
      }),
  };
}

/** Well below the time after which an attempt counts as dead and another one is made. */
const SEND_WITHIN_MS = 20_000;

type Act = (provider: CardProvider, call: Call, journaled: Appended) => Promise<CardEvent>;

/** The buyer has gone. Only the first attempt proves that nothing was sent before. */
function tooLateToStart(
  effect: Extract<CardEffect, { type: 'authorize' }>,
  journaled: Appended,
  at: number,
): CardEvent {
  const { operationId } = effect;
  return journaled.attempts === 1
    ? { type: 'payment.abandoned', at, operationId }
    : cardLifecycle.withoutAnswer(effect, at, 'its time to start was over before an answer came');
}

async function run<E extends CardEffect>(
  deps: CardDependencies,
  input: EffectInput<E>,
  act: Act,
): Promise<EffectOutcome> {
  const startedAt = deps.now();
  return attempt(deps.journal, input, async ({ journaled, keep }: Attempt): Promise<Outcome> => {
    // A process that was frozen since then no longer speaks for this operation: another attempt does.
    if (deps.now() - startedAt > SEND_WITHIN_MS) throw new Error('this attempt is too old to send');
    const { integrationId, integrationVersion } = journaled.payment;
    const integration = await deps.integrations.version(integrationId, integrationVersion);
    const { paymentId, effect } = input;
    const provider = deps.providerOf(integration);
    if (isForgotten(effect, journaled, provider, deps.now())) {
      const reason = 'the provider may have forgotten the key under which it was sent';
      const event = cardLifecycle.withoutAnswer(effect, deps.now(), reason);
      return { event, actor: 'system' };
    }
    const call: Call = {
      paymentId,
      operationId: effect.operationId ?? '',
      idempotencyKey: effect.operationId ?? '',
      signal: deps.signal(),
      lastSentAt: journaled.lastAttemptAt?.getTime() ?? null,
      now: deps.now,
      keep,
    };
    const event = provenOnly(effect, journaled, await act(provider, call, journaled));
    // A request that was never sent is our own decision.
    const actor =
      event.type === 'payment.abandoned' ? 'system' : `provider:${integration.provider}`;
    return { event: believable(journaled, effect, event, deps.now()), actor };
  });
}

/** Sent again that late, an operation could act a second time: then it is only asked about. */
function isForgotten(
  effect: CardEffect,
  { attempts, firstAttemptAt }: Appended,
  provider: CardProvider,
  now: number,
): boolean {
  if (effect.type === 'inquire' || attempts <= 1 || firstAttemptAt === null) return false;
  return now > firstAttemptAt.getTime() + provider.replayWithinMs;
}

/** A refusal proves that this attempt did not act. It says nothing of the attempts before it. */
function provenOnly(effect: CardEffect, { attempts }: Appended, event: CardEvent): CardEvent {
  if (effect.type === 'inquire' || attempts <= 1 || !event.type.endsWith('.refused')) return event;
  const why = 'reason' in event ? event.reason : '';
  const reason = `refused (${why}), but an attempt before this one may have acted`;
  return cardLifecycle.withoutAnswer(effect, event.at, reason);
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
    (event.type === 'review.opened' && status === 'in_review') ||
    (event.type === 'capture.pending' && status === 'capturing') ||
    (event.type === 'void.pending' && status === 'voiding') ||
    (event.type === 'refund.pending' && status === 'refunding');
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
