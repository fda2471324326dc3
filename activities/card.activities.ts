import { z } from 'zod';
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../db/repositories/integration.repository.ts';
import type { Appended, Journal } from '../db/journal/journal.ts';
import type { NotificationRepository } from '../db/repositories/notification.repository.ts';
import { cardLifecycle } from '../machines/card/card.lifecycle.ts';
import type { CardEvent } from '../machines/card/card.events.ts';
import type { CardEffect } from '../machines/card/card.types.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import { attempt, type Kind } from './attempt.ts';
import type { CardActivities, EffectInput, EffectOutcome } from './card.contract.ts';
import {
  authorizationEvent,
  inconclusive,
  operationEvent,
  reauthorizationEvent,
} from './card.outcomes.ts';
import type { AuthorizeTerms, Call, CardProvider } from './providers/provider.ts';

export type CardDependencies = {
  readonly journal: Journal;
  readonly integrations: IntegrationRepository;
  readonly providerOf: (integration: UnlockedIntegration) => CardProvider;
  readonly notifications: Pick<NotificationRepository, 'settle'>;
  /** Where buyers come back to. */
  readonly returnUrlOf: (paymentId: string) => string;
  /** Ends with the attempt. */
  readonly signal: () => AbortSignal;
  readonly now: () => number;
};

/** What checkout sent along that a provider needs. */
const storedRequest = z.object({ paymentToken: z.string() });

export function createCardActivities(deps: CardDependencies): CardActivities {
  return {
    authorizeCard: (input) =>
      run(deps, input, async ({ provider, call, journaled }) => {
        const { effect } = input;
        if (call.now() > effect.startBy) return [tooLateToStart(effect, journaled, call.now())];
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
        if (call.now() > effect.startBy) return [tooLateToStart(effect, journaled, call.now())];
        const terms = termsOf(deps, input, journaled);
        const outcome = await provider.reauthorize(effect, terms, call);
        return [reauthorizationEvent(outcome, effect.operationId, call.now())];
      }),
    inquireCard: (input) => inquire(deps, input),
  };
}

type InquireInput = EffectInput<Extract<CardEffect, { type: 'inquire' }>>;

/** Asks, and closes the message that made us ask once the whole picture was seen. */
async function inquire(deps: CardDependencies, input: InquireInput): Promise<EffectOutcome> {
  const { about, lookOnly, news, since } = input.effect;
  let wasSeen = false;
  const outcome = await run(
    deps,
    input,
    async ({ provider, call, journaled, state, openMinor }) => {
      const at = call.now();
      if (about.type === 'picture') {
        const looked = await provider.look(about, call);
        if (looked.kind === 'inconclusive') return [inconclusive(looked, at)];
        const facts = cardLifecycle.factsOf(cardLifecycle.thaw(state), looked.pictures, call.now());
        wasSeen = true;
        return facts;
      }
      if (about.type === 'authorize' || about.type === 'reauthorize') {
        const terms = termsOf(deps, input, journaled);
        const asking = { since, lookOnly };
        const found = await provider.inquireAuthorization(about, terms, call, asking);
        const eventOf = about.type === 'authorize' ? authorizationEvent : reauthorizationEvent;
        const event = stillWaiting(eventOf(found, about.operationId, call.now()), input);
        const hasMoved = found.kind === 'approved' && found.hasMoved === true;
        return hasMoved ? withPicture(event, found, { provider, call, state }) : [event];
      }
      const found = await provider.inquireOperation(about, call, { since, lookOnly });
      return [stillWaiting(operationEvent(found, about, openMinor, call.now()), input)];
    },
  );
  const notificationId = news?.notificationId ?? null;
  const isOver = wasSeen && outcome.event?.type !== 'inquiry.inconclusive';
  if (isOver && notificationId !== null) {
    const found = outcome.event === null ? 'the provider shows nothing new' : outcome.event.type;
    await deps.notifications.settle(notificationId, `The provider was asked: ${found}.`);
  }
  return outcome;
}

/** What was found, and what became of it since. Without the picture it is asked about again. */
async function withPicture(
  event: CardEvent,
  { providerRef }: { readonly providerRef: string },
  { provider, call, state }: Pick<Asked, 'provider' | 'call' | 'state'>,
): Promise<readonly CardEvent[]> {
  const approved = cardLifecycle.applyEvent(cardLifecycle.thaw(state), event);
  // Whether it fits is judged where every answer is.
  if (approved === null || approved.context.operation !== null) return [event];
  const { currency } = approved.context;
  const about = { type: 'picture', providerRefs: [providerRef], currency } as const;
  const looked = await provider.look(about, call);
  if (looked.kind === 'inconclusive') return [inconclusive(looked, call.now())];
  return [event, ...cardLifecycle.factsOf(approved, looked.pictures, call.now())];
}

/** Well below the time after which an attempt counts as dead and another one is made. */
const SEND_WITHIN_MS = 20_000;

type Asked = {
  readonly provider: CardProvider;
  readonly call: Call;
  readonly journaled: Appended;
  readonly state: Frozen;
  /** What is held, by our books. */
  readonly openMinor: number;
};
type Act = (asked: Asked) => Promise<readonly CardEvent[]>;

/** The buyer has gone, or the old hold. Only the first attempt proves that nothing was sent before. */
function tooLateToStart(
  effect: Extract<CardEffect, { type: 'authorize' | 'reauthorize' }>,
  journaled: Appended,
  at: number,
): CardEvent {
  const { operationId, type } = effect;
  const reason = 'its time to start was over before an answer came';
  if (journaled.attempts !== 1) return cardLifecycle.withoutAnswer(effect, at, reason);
  return type === 'authorize'
    ? { type: 'payment.abandoned', at, operationId }
    : { type: 'reauthorization.absent', at, operationId, reason };
}

async function run<E extends CardEffect>(
  deps: CardDependencies,
  input: EffectInput<E>,
  act: Act,
): Promise<EffectOutcome> {
  const startedAt = deps.now();
  const { paymentId, effect } = input;
  return attempt(deps.journal, input, kindOf(effect), async ({ journaled, keep, state }) => {
    // A process that was frozen since then no longer speaks for this operation: another attempt does.
    if (deps.now() - startedAt > SEND_WITHIN_MS) throw new Error('this attempt is too old to send');
    const { integrationId, integrationVersion } = journaled.payment;
    const integration = await deps.integrations.version(integrationId, integrationVersion);
    const provider = deps.providerOf(integration);
    if (isForgotten(effect, journaled, provider, deps.now())) {
      const reason = 'the provider may have forgotten the key under which it was sent';
      const event = cardLifecycle.withoutAnswer(effect, deps.now(), reason);
      return { events: [event], actor: 'system' };
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
    const { authorized, captured, voided } = journaled.folded.view.amounts;
    const openMinor = authorized - captured - voided;
    const events = await act({ provider, call, journaled, state, openMinor });
    const actor = actorOf(events, integration.provider);
    const proven = events.map((event) => provenOnly(effect, journaled, event));
    return { events: worthKeeping(effect, believable(state, effect, proven, deps.now())), actor };
  });
}

function kindOf(effect: CardEffect): Kind {
  const isQuestion = effect.type === 'inquire';
  const about = isQuestion ? effect.about : effect;
  const { operationId } = effect;
  return {
    operation: operationId === null ? null : { id: operationId, verb: about.type },
    isQuestion,
    isLook: isQuestion && effect.lookOnly,
    isQuiet: isQuestion && effect.news !== null,
  };
}

/** A request that was never sent is our own decision. */
const actorOf = (events: readonly CardEvent[], provider: string): string =>
  events.some(({ type }) => type === 'payment.abandoned') ? 'system' : `provider:${provider}`;

/**
 * A message made us ask. An answer that says nothing new is no fact, and neither is one that did not
 * come where we ask anyway, or where the message proves nothing: whoever forges one leaves no trace
 * in the payment.
 */
function worthKeeping(effect: CardEffect, events: readonly CardEvent[]): readonly CardEvent[] {
  if (effect.type !== 'inquire' || effect.news === null) return events;
  const asksAnyway = effect.about.type !== 'picture' || !effect.news.verified;
  const isNothing = events.every(
    ({ type }) => type === 'picture.confirmed' || (type === 'inquiry.inconclusive' && asksAnyway),
  );
  return isNothing ? [] : events;
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
  frozen: Frozen,
  effect: CardEffect,
  events: readonly CardEvent[],
  now: number,
): readonly CardEvent[] {
  let state = cardLifecycle.thaw(frozen);
  for (const event of events) {
    const next = cardLifecycle.applyEvent(state, event);
    if (next === null) {
      const reason = `the answer ${event.type} does not fit what was asked`;
      // Of a whole picture a person has to hear: nothing asks again what was seen already.
      return effect.type === 'inquire' && effect.about.type === 'picture'
        ? [
            {
              type: 'picture.contradicted',
              at: now,
              reason: `${event.type} does not fit our books`,
            },
          ]
        : [cardLifecycle.withoutAnswer(effect, now, reason)];
    }
    state = next;
  }
  return events;
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
  const { paymentToken } = storedRequest.parse(request);
  const { amounts } = journaled.folded.view;
  const { captureMode } = cardLifecycle.thaw(journaled.folded.frozen).context;
  return {
    amount: { amountMinor: amounts.requested, currency: amounts.currency },
    captureMode,
    paymentToken,
    // To us first: what the buyer brings back is not believed, and checkout is told what is true.
    returnUrl: deps.returnUrlOf(input.paymentId),
    description: `${sourceKind} ${sourceNumber}`,
  };
}
