/**
 * One effect of any family, carried to its provider: the integration that the payment began with,
 * the call, and what of the answer may be believed. `attempt` journals around it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Appended, Journal } from '../db/journal/journal.ts';
import type {
  IntegrationRepository,
  UnlockedIntegration,
} from '../db/repositories/integration.repository.ts';
import type { NotificationRepository } from '../db/repositories/notification.repository.ts';
import type { Effect, Frozen, Lifecycle, LifecycleEvent } from '../machines/shared/lifecycle.ts';
import { attempt, type Kind } from './attempt.ts';
import { withCredentialsInForce } from './credentials-in-force.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';
import { type Call, ProviderNotReached } from './providers/provider.ts';

export type ProviderCallDependencies = {
  readonly journal: Journal;
  readonly integrations: IntegrationRepository;
  readonly notifications: Pick<NotificationRepository, 'settle'>;
  /** Ends with the attempt. */
  readonly signal: () => AbortSignal;
  readonly now: () => number;
};

/** The question of every family: about an operation, or about the payment as a whole. */
type Question = Effect & {
  readonly about: { readonly type: string };
  readonly lookOnly: boolean;
  readonly news: { readonly notificationId: string | null; readonly verified: boolean } | null;
};

const questionIn = (effect: Effect): Question | null =>
  effect.type === 'inquire' ? (effect as Question) : null;

/** What differs between families. `lifecycle`: of the version that the payment is of. */
export type Family<State, Event extends LifecycleEvent, Work extends Effect, Provider> = {
  readonly lifecycle: Pick<
    Lifecycle<never, State, Event, Work>,
    'applyEvent' | 'thaw' | 'withoutAnswer'
  >;
  readonly providerOf: (integration: UnlockedIntegration) => Provider;
  /** Within this time of its first attempt, sending an operation again cannot act twice; 0 where the
   *  provider knows no key. */
  readonly replayWithinMs: (provider: Provider) => number;
  /** The fact that a whole picture does not fit our books. */
  readonly contradicted: (at: number, reason: string) => Event;
};

export type Asked<State, Provider> = {
  readonly provider: Provider;
  readonly integration: UnlockedIntegration;
  readonly call: Call;
  readonly journaled: Appended;
  /** The state that the answer has to fit, as it is stored and as its chart reads it. */
  readonly frozen: Frozen;
  readonly state: State;
};

/** Well below the time after which an attempt counts as dead and another one is made. */
const SEND_WITHIN_MS = 20_000;
/** Pauses of one attempt that reached nobody, where the next attempt could not tell that. */
const KNOCK_AGAIN_MS = [500, 1_000, 2_000, 4_000, 8_000];

export async function callProvider<
  State,
  Event extends LifecycleEvent,
  Work extends Effect,
  Provider,
>(
  deps: ProviderCallDependencies,
  family: Family<State, Event, Work, Provider>,
  input: EffectInput<Work>,
  act: (asked: Asked<State, Provider>) => Promise<readonly Event[]>,
): Promise<EffectOutcome> {
  const startedAt = deps.now();
  const { effect, paymentId } = input;
  const { lifecycle } = family;
  let wasSeen = false;
  const outcome = await attempt(deps.journal, input, kindOf(effect), async (tried) => {
    const { journaled, keep } = tried;
    const assertFresh = (): void => {
      // A process that was frozen since then no longer speaks for this operation: another attempt does.
      if (deps.now() - startedAt > SEND_WITHIN_MS)
        throw new Error('this attempt is too old to send');
    };
    assertFresh();
    const { integrationId, integrationVersion } = journaled.payment;
    const integration = await deps.integrations.version(integrationId, integrationVersion);
    const provider = family.providerOf(integration);
    const replayWithinMs = family.replayWithinMs(provider);
    if (isForgotten(effect, journaled, replayWithinMs, deps.now())) {
      const reason = 'it may have been sent before, and the provider knows no key that still tells';
      const event = lifecycle.withoutAnswer(effect, deps.now(), reason);
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
    const state = lifecycle.thaw(tried.state);
    const asked = { provider, integration, call, journaled, frozen: tried.state, state };
    const knocks = replayWithinMs === 0 && questionIn(effect) === null ? KNOCK_AGAIN_MS : [];
    const questioned = { isQuestion: questionIn(effect) !== null, keep };
    const events = await withCredentialsInForce(
      deps.integrations,
      integration,
      questioned,
      (using, keepIt) =>
        untilReached(knocks, call.signal, () => {
          assertFresh();
          const sent = { ...call, keep: keepIt };
          return act({
            ...asked,
            provider: family.providerOf(using),
            integration: using,
            call: sent,
          });
        }),
    );
    wasSeen = events.every(({ type }) => type !== 'inquiry.inconclusive');
    const proven = events.map((event) => provenOnly(family, effect, journaled, event));
    const believed = believable(family, state, effect, proven, deps.now());
    return { events: worthKeeping(effect, believed), actor: actorOf(events, integration.provider) };
  });
  await closeNews(deps, effect, outcome, wasSeen);
  return outcome;
}

/** Tries again, in the pauses, what surely reached nobody: a later attempt could not know that. */
async function untilReached<T>(
  pauses: readonly number[],
  signal: AbortSignal,
  act: () => Promise<T>,
): Promise<T> {
  for (const pause of pauses) {
    try {
      return await act();
    } catch (error) {
      if (!(error instanceof ProviderNotReached)) throw error;
      await sleep(pause, undefined, { signal });
    }
  }
  return act();
}

function kindOf(effect: Effect): Kind {
  const question = questionIn(effect);
  const { operationId } = effect;
  const verb = question?.about.type ?? effect.type;
  return {
    operation: operationId === null ? null : { id: operationId, verb },
    isQuestion: question !== null,
    isLook: question?.lookOnly === true,
    isQuiet: question !== null && question.news !== null,
  };
}

/** A request that was never sent is our own decision. */
const actorOf = (events: readonly LifecycleEvent[], provider: string): string =>
  events.some(({ type }) => type === 'payment.abandoned') ? 'system' : `provider:${provider}`;

/** Sent again that late, an operation could act a second time: then it is only asked about. */
function isForgotten(
  effect: Effect,
  { attempts, firstAttemptAt }: Appended,
  replayWithinMs: number,
  now: number,
): boolean {
  if (questionIn(effect) !== null || attempts <= 1 || firstAttemptAt === null) return false;
  return replayWithinMs === 0 || now > firstAttemptAt.getTime() + replayWithinMs;
}

/** A refusal proves that this attempt did not act. It says nothing of the attempts before it. */
function provenOnly<State, Event extends LifecycleEvent, Work extends Effect>(
  { lifecycle }: Pick<Family<State, Event, Work, unknown>, 'lifecycle'>,
  effect: Work,
  { attempts }: Appended,
  event: Event,
): Event {
  const isFirst = attempts <= 1 || questionIn(effect) !== null;
  if (isFirst || !event.type.endsWith('.refused')) return event;
  const why = 'reason' in event ? String(event.reason) : '';
  const reason = `refused (${why}), but an attempt before this one may have acted`;
  return lifecycle.withoutAnswer(effect, event.at, reason);
}

/** An answer that fits no legal move is kept as a doubt: guessing would move money on paper only. */
function believable<State, Event extends LifecycleEvent, Work extends Effect>(
  { lifecycle, contradicted }: Omit<Family<State, Event, Work, never>, 'providerOf'>,
  from: State,
  effect: Work,
  events: readonly Event[],
  now: number,
): readonly Event[] {
  let state = from;
  for (const event of events) {
    const next = lifecycle.applyEvent(state, event);
    if (next === null) {
      // Of a whole picture a person has to hear: nothing asks again what was seen already.
      const isPicture = questionIn(effect)?.about.type === 'picture';
      return isPicture && effect.operationId === null
        ? [contradicted(now, `${event.type} does not fit our books`)]
        : [
            lifecycle.withoutAnswer(
              effect,
              now,
              `the answer ${event.type} does not fit what was asked`,
            ),
          ];
    }
    state = next;
  }
  return events;
}

/**
 * A message made us ask. An answer that says nothing new is no fact, and neither is one that did not
 * come where we ask anyway, or where the message proves nothing: whoever forges one leaves no trace
 * in the payment.
 */
function worthKeeping<Event extends LifecycleEvent>(
  effect: Effect,
  events: readonly Event[],
): readonly Event[] {
  const question = questionIn(effect);
  if (question === null || question.news === null) return events;
  const asksAnyway = question.about.type !== 'picture' || !question.news.verified;
  const isNothing = events.every(
    ({ type }) => type === 'picture.confirmed' || (type === 'inquiry.inconclusive' && asksAnyway),
  );
  return isNothing ? [] : events;
}

/** Closes the message that made us ask once the whole picture was seen. */
async function closeNews(
  deps: ProviderCallDependencies,
  effect: Effect,
  outcome: EffectOutcome,
  wasSeen: boolean,
): Promise<void> {
  const question = questionIn(effect);
  const notificationId = question?.news?.notificationId ?? null;
  const isOver = wasSeen && outcome.event?.type !== 'inquiry.inconclusive';
  if (!isOver || notificationId === null || question?.about.type !== 'picture') return;
  const found = outcome.event === null ? 'the provider shows nothing new' : outcome.event.type;
  await deps.notifications.settle(notificationId, `The provider was asked: ${found}.`);
}
