/**
 * One effect of any family, carried to its provider: the integration that the payment began with,
 * the call, and what of the answer may be believed. `attempt` journals around it.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Appended } from '../db/journal/journal.ts';
import type { Effect, LifecycleEvent } from '../machines/shared/lifecycle.ts';
import { type Attempt, attempt, type Kind } from './attempt.ts';
import { withCredentialsInForce } from './credentials-in-force.ts';
import type { EffectInput, EffectOutcome } from './effect.contract.ts';
import {
  type Asked,
  type Family,
  type ProviderCallDependencies,
  type Question,
  questionIn,
} from './family.ts';
import { objectionTo } from './objection.ts';
import { type Call, ProviderNotReached } from './providers/provider.ts';
import { type Sends, watchSends } from './providers/shared/http.ts';
import { StaleAttempt, unsent } from './unsent.ts';

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
  const { effect } = input;
  const objection = await objectionTo(deps, family, input);
  let wasSeen = false;
  const outcome = await attempt(deps.journal, input, kindOf(effect), async (tried) => {
    const sends: Sends = { hasSent: false };
    const assertFresh = (): void => {
      // A process that was frozen since then no longer speaks for this operation: another attempt does.
      if (deps.now() - startedAt > SEND_WITHIN_MS) throw new StaleAttempt();
    };
    assertFresh();
    const state = family.lifecycle.thaw(tried.state);
    const events = await watchSends(sends, async () => {
      try {
        if (objection !== null) throw new Error(objection.detail);
        return await send(deps, family, input, { tried, state, assertFresh }, act);
      } catch (error) {
        return [unsent(family, effect, sends, error, deps.now())];
      }
    });
    wasSeen = events.every(({ type }) => type !== 'inquiry.inconclusive');
    const proven = events.map((event) => provenOnly(family, effect, tried.journaled, event));
    const believed = believable(family, state, effect, proven, deps.now());
    return { events: worthKeeping(effect, believed), actor: actorOf(events, tried) };
  });
  await closeNews(deps, effect, outcome, wasSeen);
  return outcome;
}

type Trying<State> = {
  readonly tried: Attempt;
  readonly state: State;
  readonly assertFresh: () => void;
};

async function send<State, Event extends LifecycleEvent, Work extends Effect, Provider>(
  deps: ProviderCallDependencies,
  family: Family<State, Event, Work, Provider>,
  { effect, paymentId }: EffectInput<Work>,
  { tried, state, assertFresh }: Trying<State>,
  act: (asked: Asked<State, Provider>) => Promise<readonly Event[]>,
): Promise<readonly Event[]> {
  const { journaled, keep } = tried;
  const { integrationId, integrationVersion } = journaled.payment;
  const integration = await deps.integrations.version(integrationId, integrationVersion);
  const provider = family.providerOf(integration);
  const replayWithinMs = family.replayWithinMs(provider);
  if (isForgotten(effect, journaled, replayWithinMs, deps.now())) {
    const reason = 'it may have been sent before, and the provider knows no key that still tells';
    return [family.lifecycle.withoutAnswer(effect, deps.now(), reason)];
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
  const asked = { provider, integration, call, journaled, frozen: tried.state, state };
  const isQuestion = questionIn(effect) !== null;
  const knocks = replayWithinMs === 0 && !isQuestion ? KNOCK_AGAIN_MS : [];
  return withCredentialsInForce(
    deps.integrations,
    integration,
    { isQuestion, keep },
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
    isQuiet: question !== null && isQuiet(question),
  };
}

/** A message about the whole leaves nothing where it said nothing new. Proven, and heard while an
 *  operation is in doubt, it is kept: it is looked at when that ends. */
const isQuiet = ({ about, news }: Question): boolean =>
  news !== null && (about.type === 'picture' || !news.verified);

/** A request that was never sent is our own decision. */
const actorOf = (events: readonly LifecycleEvent[], { journaled }: Attempt): string =>
  events.some((event) => event.type === 'payment.abandoned' || isOurFault(event))
    ? 'system'
    : `provider:${journaled.payment.provider}`;

const isOurFault = (event: LifecycleEvent): boolean => 'fault' in event && event.fault === 'ours';

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
  if (question === null || !isQuiet(question)) return events;
  const asksAnyway = question.about.type !== 'picture' || question.news?.verified !== true;
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
