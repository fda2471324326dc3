/** The only door to the card chart; callers never import xstate. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { assert, assertNever } from '../shared/assert.ts';
import type {
  Command,
  CommandRequest,
  Deadline,
  Lifecycle,
  PaymentView,
  Refusal,
} from '../shared/lifecycle.ts';
import { announceCard } from './card.announcements.ts';
import { decideCommand } from './card.commands.ts';
import { cardMachine } from './card.machine.ts';
import { cardPostings } from './card.postings.ts';
import { openHoldMinor, refundableMinor } from './card.record.ts';
import type {
  CardContext,
  CardEffect,
  CardEvent,
  CardInput,
  CardOperationEffect,
  CardStatus,
} from './card.types.ts';

export type CardState = SnapshotFrom<typeof cardMachine>;

const NAME = 'card';
const VERSION = 1;

const open = (input: CardInput): CardState => initialTransition(cardMachine, input)[0];

/** Next state, or null when `event` is not legal now (xstate alone returns the same snapshot). */
function applyEvent(state: CardState, event: CardEvent): CardState | null {
  const [next] = transition(cardMachine, state, event);
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
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      assert(
        operation === null || state.value === 'parked',
        `${state.value} has an operation in flight`,
      );
      return null;
  }
}

function operationEffect(c: CardContext): CardOperationEffect {
  const operation = c.operation;
  assert(operation !== null, 'a waiting state has no operation');
  const { id, verb, amountMinor, final, reason } = operation;
  const terms = { operationId: id, amountMinor, currency: c.currency };
  if (verb === 'authorize') {
    const startBy = c.requestedAt + c.policy.startWithinMs;
    const { captureMode, providerRef } = c;
    return { type: verb, ...terms, captureMode, providerRef, startBy };
  }
  assert(c.providerRef !== null, `${verb} without the provider's reference`);
  const known = { ...terms, providerRef: c.providerRef };
  switch (verb) {
    case 'capture': {
      const releasedMinor = final ? openHoldMinor(c) - amountMinor : 0;
      return { type: verb, ...known, final, releasedMinor, capturedMinor: c.capturedMinor };
    }
    case 'void':
      return { type: verb, ...known, capturedMinor: c.capturedMinor };
    case 'refund':
      return { type: verb, ...known, reason };
    default:
      return assertNever(verb);
  }
}

function inquiry(c: CardContext): CardEffect {
  if (c.operation !== null) {
    const { id, requestedAt } = c.operation;
    return { type: 'inquire', about: operationEffect(c), operationId: id, since: requestedAt };
  }
  assert(c.providerRef !== null, 'a hold without the provider’s reference');
  const { providerRef, capturedMinor, currency } = c;
  return {
    type: 'inquire',
    about: { type: 'hold', providerRef, capturedMinor, currency },
    operationId: null,
    since: c.asking?.since ?? c.requestedAt,
  };
}

function decide(state: CardState, request: CommandRequest, at: number): CardEvent | Refusal {
  const recheck: CardEvent = { type: 'recheck.requested', at };
  if (request.verb === 'recheck' && applyEvent(state, recheck) !== null) return recheck;
  return decideCommand(state.context, commands(state), request, at);
}

/** The next thing that time alone brings. */
function deadline(state: CardState): Deadline | null {
  const c = state.context;
  const asks = c.asking?.phase === 'wait' ? c.asking : null;
  const due = (at: number, type: TimeEvent): Deadline => ({ at, event: { type, at } });
  switch (state.value) {
    case 'awaiting_buyer': {
      assert(c.buyer !== null, 'awaiting a buyer without a deadline');
      return asks !== null && asks.askAt < c.buyer.expiresAt
        ? due(asks.askAt, 'inquiry.due')
        : due(c.buyer.expiresAt, 'buyer.timed_out');
    }
    case 'in_review':
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'inquiring': {
      if (asks === null) return null;
      const { inquireWithinMs, reviewWithinMs } = c.policy;
      const patience = state.value === 'inquiring' ? inquireWithinMs : reviewWithinMs;
      const giveUpAt = asks.since + patience;
      return asks.askAt < giveUpAt
        ? due(asks.askAt, 'inquiry.due')
        : due(giveUpAt, 'inquiry.exhausted');
    }
    case 'authorized':
    case 'partially_captured':
      if (asks !== null) return due(asks.askAt, 'inquiry.due');
      return c.holdEndsAt === null ? null : due(c.holdEndsAt, 'hold.due');
    case 'authorizing':
    case 'captured':
    case 'partially_refunded':
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      return null;
  }
}

function shownDeadline(state: CardState): PaymentView['deadline'] {
  const { asking, buyer, holdEndsAt, policy } = state.context;
  switch (state.value) {
    case 'awaiting_buyer':
      return buyer && { at: buyer.expiresAt, event: 'buyer.timed_out' };
    case 'authorized':
    case 'partially_captured':
      return holdEndsAt === null ? null : { at: holdEndsAt, event: 'hold.due' };
    case 'inquiring':
      return asking && { at: asking.since + policy.inquireWithinMs, event: 'inquiry.exhausted' };
    case 'in_review':
      return asking && { at: asking.since + policy.reviewWithinMs, event: 'inquiry.exhausted' };
    case 'authorizing':
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'captured':
    case 'partially_refunded':
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      return null;
  }
}

type TimeEvent = 'inquiry.due' | 'inquiry.exhausted' | 'hold.due' | 'buyer.timed_out';

/** What a person may ask now, with the amounts that are allowed. */
function commands(state: CardState): readonly Command[] {
  const c = state.context;
  switch (state.value) {
    case 'authorized':
      return [{ verb: 'capture', maxMinor: openHoldMinor(c) }, { verb: 'void' }];
    case 'partially_captured':
      return [
        { verb: 'capture', maxMinor: openHoldMinor(c) },
        { verb: 'void' },
        ...(refundableMinor(c) > 0 ? [{ verb: 'refund', maxMinor: refundableMinor(c) }] : []),
      ];
    case 'captured':
    case 'partially_refunded':
      return [{ verb: 'refund', maxMinor: refundableMinor(c) }];
    case 'awaiting_buyer':
      return [{ verb: 'void' }];
    case 'authorizing':
    case 'in_review':
    case 'capturing':
    case 'voiding':
    case 'refunding':
    case 'inquiring':
    case 'parked':
    case 'declined':
    case 'expired':
    case 'voided':
    case 'refunded':
      return [];
  }
}

const UNDECIDED: ReadonlySet<CardStatus> = new Set([
  'authorizing',
  'in_review',
  'inquiring',
  'parked',
]);

function view(state: CardState): PaymentView {
  const c = state.context;
  return {
    status: state.value,
    amounts: {
      currency: c.currency,
      requested: c.requestedMinor,
      authorized: c.authorizedMinor,
      captured: c.capturedMinor,
      voided: c.voidedMinor,
      refunded: c.refundedMinor,
    },
    providerRef: c.providerRef,
    nextAction: state.value === 'awaiting_buyer' ? (c.buyer?.nextAction ?? null) : null,
    commands: commands(state),
    deadline: shownDeadline(state),
    decline: c.decline,
    needsAttention: c.attention,
    firstOutcomeKnown: c.authorizedMinor > 0 || !UNDECIDED.has(state.value),
    operationInFlight: c.operation?.id ?? null,
  };
}

/** What it was doing may have happened. */
function withoutAnswer(effect: CardEffect, at: number, reason: string): CardEvent {
  switch (effect.type) {
    case 'authorize':
      return { type: 'authorization.unknown', at, operationId: effect.operationId, reason };
    case 'capture':
    case 'void':
    case 'refund':
      return { type: `${effect.type}.unknown`, at, operationId: effect.operationId, reason };
    case 'inquire':
      return { type: 'inquiry.inconclusive', at, reason };
  }
}

export const cardLifecycle = {
  name: NAME,
  version: VERSION,
  verbs: ['capture', 'void', 'refund', 'recheck'],
  open,
  applyEvent,
  pendingEffect,
  deadline,
  commands,
  decide,
  view,
  postings: (before, event, after) => cardPostings(before.context, event, after.context),
  announces: announceCard,
  withoutAnswer,
  freeze: (state) => ({
    lifecycle: NAME,
    version: VERSION,
    status: state.value,
    context: state.context,
  }),
  thaw: (frozen) => {
    assert(
      frozen.lifecycle === NAME && frozen.version === VERSION,
      `cannot read a state of ${frozen.lifecycle}@${frozen.version}`,
    );
    return cardMachine.resolveState({
      value: frozen.status,
      context: frozen.context as CardContext,
    });
  },
} satisfies Lifecycle<CardInput, CardState, CardEvent, CardEffect>;
