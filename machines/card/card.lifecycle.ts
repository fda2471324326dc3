/** The only door to the card chart; callers never import xstate. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { assert } from '../shared/assert.ts';
import { isoInstant } from '../shared/instant.ts';
import { CARD_WORDS, inWords } from '../shared/words.ts';
import type {
  Command,
  CommandRequest,
  Deadline,
  Lifecycle,
  News,
  PaymentView,
  Refusal,
} from '../shared/lifecycle.ts';
import { pendingMinor, providerRefs } from './card.amounts.ts';
import { announceCard } from './card.announcements.ts';
import { commandsOf, decideCommand } from './card.commands.ts';
import { openContext } from './card.context.ts';
import { cardMachine } from './card.machine.ts';
import { inquiry, operationEffect } from './card.owed.ts';
import { factsOf, knowsClaim } from './card.picture.ts';
import { cardPostings } from './card.postings.ts';
import { disputeWaits, fraudWarned, leftOpen, reviewWaits } from './card.sentences.ts';
import { nextDeadline, upcoming } from './card.time.ts';
import type { CardEvent } from './card.events.ts';
import type {
  CardClaim,
  CardContext,
  CardEffect,
  CardInput,
  CardPicture,
  CardStatus,
  CardVersion,
} from './card.types.ts';

export type CardState = SnapshotFrom<typeof cardMachine>;

const NAME = 'card';

type Machine = typeof cardMachine;

/** Next state, or null when `event` is not legal now (xstate alone returns the same snapshot). */
function applyBy(machine: Machine, state: CardState, event: CardEvent): CardState | null {
  const [next] = transition(machine, state, event);
  return next === state ? null : next;
}

/** What `state` waits for; null if it is time's or a person's turn. No `default`: place new states. */
function pendingEffect(state: CardState): CardEffect | null {
  const { asking, operation } = state.context;
  switch (state.value) {
    case 'authorizing':
      return operationEffect(state.context);
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'reauthorizing':
      if (asking === null) return operationEffect(state.context);
      return asking.phase === 'ask' ? inquiry(state.context) : null;
    case 'awaiting_buyer':
    case 'in_review':
    case 'inquiring':
    case 'authorized':
    case 'partially_captured':
      return asking?.phase === 'ask' ? inquiry(state.context) : null;
    case 'captured':
    case 'partially_refunded':
    case 'disputed':
    case 'charged_back':
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      assert(
        operation === null || state.value === 'parked',
        `${state.value} has an operation in flight`,
      );
      return asking?.phase === 'ask' ? inquiry(state.context) : null;
  }
}

const knows = (state: CardState, claim: unknown): boolean =>
  knowsClaim(state.context, claim as CardClaim);

/** News that says nothing new is no fact; else it makes the payment ask. */
function hear(
  machine: Machine,
  state: CardState,
  { claim, ...news }: News,
  at: number,
): CardEvent | null {
  if (news.verified && claim !== null && knows(state, claim)) return null;
  if (news.source === 'buyer' && !mayBringAnAnswer(state)) return null;
  const event: CardEvent = { type: 'news.received', at, ...news };
  return applyBy(machine, state, event) === null ? null : event;
}

/** A buyer who comes back has nothing to say but that there was an answer, where one was waited for.
 *  Anybody may open that page, so it moves nothing else. */
function mayBringAnAnswer({ context: c, value }: CardState): boolean {
  if (c.version === 1) return c.authorizedMinor === 0;
  return c.authorizedMinor === 0 && c.operation !== null && value !== 'parked';
}

function decide(
  machine: Machine,
  state: CardState,
  request: CommandRequest,
  at: number,
): CardEvent | Refusal {
  const recheck: CardEvent = { type: 'recheck.requested', at };
  if (request.verb === 'recheck' && applyBy(machine, state, recheck) !== null) return recheck;
  return decideCommand(state.context, commands(state), request, at);
}

const commands = (state: CardState): readonly Command[] => commandsOf(state.value, state.context);

const deadline = (state: CardState): Deadline | null => nextDeadline(state.value, state.context);

/** The end that matters most where several dates are known: the buyer's time, the hold's end. */
function shownDeadline(state: CardState): PaymentView['deadline'] {
  const ends = new Set(['buyer.timed_out', 'hold.due', 'inquiry.exhausted']);
  const end = upcoming(state.value, state.context).find(({ event }) => ends.has(event));
  return end === undefined ? null : { at: end.at, event: end.event };
}

const sentences = (...each: (string | null)[]): string | null =>
  each.filter((sentence) => sentence !== null).join(' ') || null;

const UNDECIDED: ReadonlySet<CardStatus> = new Set([
  'authorizing',
  'in_review',
  'inquiring',
  'parked',
]);

function view(state: CardState): PaymentView {
  const c = state.context;
  const isLeftOpen = state.value === 'parked' && c.operation === null;
  return {
    status: state.value,
    statusText: inWords(state.value),
    amounts: {
      currency: c.currency,
      requested: c.requestedMinor,
      authorized: c.authorizedMinor,
      captured: c.capturedMinor,
      voided: c.voidedMinor,
      refunded: c.refundedMinor,
      disputed: c.disputedMinor,
      chargedBack: c.chargedBackMinor,
      ...(pendingMinor(c) === 0 ? {} : { refundPending: pendingMinor(c) }),
    },
    amountWords: CARD_WORDS,
    remarks: [],
    providerRef: c.providerRef,
    providerRefs: providerRefs(c),
    nextAction: state.value === 'awaiting_buyer' ? (c.buyer?.nextAction ?? null) : null,
    commands: commands(state),
    deadline: shownDeadline(state),
    deadlines: upcoming(state.value, c),
    scheduledCapture: c.captureAt && { at: c.captureAt.at, amountMinor: c.captureAt.amountMinor },
    decline: c.decline,
    needsAttention: sentences(
      c.attention,
      disputeWaits(c),
      reviewWaits(c),
      fraudWarned(c),
      isLeftOpen ? leftOpen(c) : null,
    ),
    firstOutcomeKnown: c.authorizedMinor > 0 || c.givenUp !== null || !UNDECIDED.has(state.value),
    operationInFlight: inFlight(c),
    details: details(c),
  };
}

/** What whoever asked waits for: the operation, and after a refusal the look that follows it. Nobody
 *  waits for an authorization that was given up. */
function inFlight({ givenUp, operation, refused }: CardContext): string | null {
  if (operation === null) return refused?.operationId ?? null;
  return operation.verb === 'authorize' && givenUp !== null ? null : operation.id;
}

const details = (c: CardContext): Record<string, unknown> => ({
  /** Accepted by the provider, and not carried out yet. */
  pending: Object.entries(c.pendingRefunds).map(([operationId, { amountMinor, since }]) => ({
    operationId,
    verb: 'refund',
    amountMinor,
    since: isoInstant(since),
  })),
  lastCapture: c.lastCapture,
  review: c.review,
  fraudWarnings: Object.entries(c.fraudWarnings).map(([providerRef, reason]) => ({
    providerRef,
    reason,
  })),
  disputes: Object.entries(c.disputes).map(([providerRef, { respondBy, ...dispute }]) => ({
    providerRef,
    ...dispute,
    respondBy: respondBy === null ? null : isoInstant(respondBy),
  })),
});

/** What it was doing may have happened. */
function withoutAnswer(effect: CardEffect, at: number, reason: string): CardEvent {
  switch (effect.type) {
    case 'authorize':
      return { type: 'authorization.unknown', at, operationId: effect.operationId, reason };
    case 'capture':
    case 'void':
    case 'refund':
      return { type: `${effect.type}.unknown`, at, operationId: effect.operationId, reason };
    case 'reauthorize':
      return { type: 'reauthorization.unknown', at, operationId: effect.operationId, reason };
    case 'inquire':
      return { type: 'inquiry.inconclusive', at, reason };
  }
}

function thawed(context: Partial<CardContext>, version: CardVersion): CardContext {
  const fresh = openContext(undefined, version);
  const policy = { ...fresh.policy, ...context.policy };
  return { ...fresh, ...context, version, policy };
}

type CardLifecycle = Lifecycle<CardInput, CardState, CardEvent, CardEffect>;

/** The lifecycle of one version: of its chart. */
export function cardLifecycleOf(version: CardVersion, machine: Machine) {
  return {
    name: NAME,
    version,
    verbs: ['capture', 'void', 'refund', 'recheck', 'resolve', 'give-up'],
    open: (input) => initialTransition(machine, input)[0],
    applyEvent: (state, event) => applyBy(machine, state, event),
    pendingEffect,
    deadline,
    commands,
    decide: (state, request, at) => decide(machine, state, request, at),
    knows,
    hear: (state, news, at) => hear(machine, state, news, at),
    /** Facts that lead from `state` to what the provider shows; see `card.picture.ts`. */
    factsOf: (
      state: CardState,
      pictures: readonly CardPicture[],
      at: number,
    ): readonly CardEvent[] => factsOf(state.context, pictures, at),
    view,
    postings: (before, event, after) => cardPostings(before.context, event, after.context),
    announces: announceCard,
    withoutAnswer,
    freeze: (state) => ({
      lifecycle: NAME,
      version,
      status: state.value,
      context: state.context,
    }),
    thaw: (frozen) => {
      assert(
        frozen.lifecycle === NAME && frozen.version === version,
        `cannot read a state of ${frozen.lifecycle}@${frozen.version}`,
      );
      return machine.resolveState({
        value: frozen.status,
        // What a state of an earlier build does not have yet is as it is for a new payment.
        context: thawed(frozen.context as Partial<CardContext>, version),
      });
    },
  } satisfies CardLifecycle & Record<'factsOf', unknown>;
}

export const cardLifecycle = cardLifecycleOf(2, cardMachine);
