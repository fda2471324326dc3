/** The only door to the guarantee chart; callers never import xstate. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { assert } from '../shared/assert.ts';
import type {
  Command,
  CommandRequest,
  Lifecycle,
  News,
  PaymentView,
  Refusal,
} from '../shared/lifecycle.ts';
import { inFlight } from '../shared/operation.ts';
import { inWords } from '../shared/words.ts';
import { claimableMinor, openMinor } from './guarantee.amounts.ts';
import { announceGuarantee } from './guarantee.announcements.ts';
import { commandsOf, decideGuarantee } from './guarantee.commands.ts';
import { openContext } from './guarantee.context.ts';
import { guaranteeMachine } from './guarantee.machine.ts';
import { inquiry, operationEffect } from './guarantee.owed.ts';
import { factsOf } from './guarantee.picture.ts';
import { guaranteePostings } from './guarantee.postings.ts';
import { NOUNS, remarksOf, taskOf, untold } from './guarantee.sentences.ts';
import { nextDeadline, upcoming } from './guarantee.time.ts';
import type { GuaranteeEvent } from './guarantee.events.ts';
import type {
  GuaranteeContext,
  GuaranteeEffect,
  GuaranteeInput,
  GuaranteePicture,
  GuaranteeStatus,
} from './guarantee.types.ts';

export type GuaranteeState = SnapshotFrom<typeof guaranteeMachine>;

const NAME = 'guarantee';
const VERSION = 1;

/** Next state, or null when `event` is not legal now (xstate alone returns the same snapshot). */
function applyEvent(state: GuaranteeState, event: GuaranteeEvent): GuaranteeState | null {
  const [next] = transition(guaranteeMachine, state, event);
  return next === state ? null : next;
}

/** What `state` waits for; null if it is time's or a person's turn. */
function pendingEffect({ context: c }: GuaranteeState): GuaranteeEffect | null {
  if (c.asking !== null) return c.asking.phase === 'ask' ? inquiry(c) : null;
  return c.operation === null || c.isParked ? null : operationEffect(c);
}

const commands = (state: GuaranteeState): readonly Command[] =>
  commandsOf(state.value, state.context);

function decide(
  state: GuaranteeState,
  request: CommandRequest,
  at: number,
): GuaranteeEvent | Refusal {
  return decideGuarantee(state.context, commands(state), request, at);
}

/** Only a comparison of books tells of it: the buyer has nothing to say, and the provider sends none. */
function hear(
  state: GuaranteeState,
  { claim: _claim, ...news }: News,
  at: number,
): GuaranteeEvent | null {
  if (news.source === 'buyer') return null;
  const event: GuaranteeEvent = { type: 'news.received', at, ...news };
  return applyEvent(state, event) === null ? null : event;
}

const STATUS_TEXTS: Partial<Record<GuaranteeStatus, string>> = {
  guaranteed: 'Guaranteed (unpaid)',
  overdue: 'Overdue (guaranteed, unpaid)',
  claimed: 'Paid by the guarantor',
};

const sentences = (...each: (string | null)[]): string | null =>
  each.filter((sentence) => sentence !== null).join(' ') || null;

/** Steps that follow by themselves belong to what checkout asked for. */
function firstOutcomeKnown(c: GuaranteeContext, status: GuaranteeStatus): boolean {
  if (c.stage === 'none') return status === 'declined' || status === 'expired';
  return c.operation?.reason !== 'automatic' || c.asking !== null || c.isParked;
}

function view(state: GuaranteeState): PaymentView {
  const { context: c, value: status } = state;
  const deadlines = upcoming(status, c);
  const [soonest] = deadlines;
  return {
    status,
    statusText: STATUS_TEXTS[status] ?? inWords(status),
    amounts: {
      currency: c.currency,
      requested: c.requestedMinor,
      // What is reserved of the buyer's limit; what is captured, is money that has come.
      authorized: c.reservedMinor,
      captured: c.receivedMinor,
      voided: c.releasedMinor + c.writtenOffMinor,
      refunded: 0,
      disputed: 0,
      chargedBack: 0,
    },
    amountWords: { authorized: 'Reserved', captured: 'Received', voided: 'Released' },
    remarks: remarksOf(c),
    providerRef: c.providerRef,
    providerRefs: c.providerRef === null ? [] : [c.providerRef],
    nextAction: null,
    commands: commands(state),
    deadline: soonest ?? null,
    deadlines,
    scheduledCapture: null,
    decline: c.decline,
    needsAttention: sentences(c.attention, c.disagreement, taskOf(c, status), untold(c)),
    firstOutcomeKnown: firstOutcomeKnown(c, status),
    operationInFlight: inFlight(c.operation),
    details: details(c),
  };
}

function details(c: GuaranteeContext): Record<string, unknown> {
  return {
    orderId: c.orderId,
    term: c.term,
    openMinor: openMinor(c),
    guaranteedMinor: c.guaranteedMinor,
    claimableMinor: claimableMinor(c),
    claimedMinor: c.claimedMinor,
    writtenOffMinor: c.writtenOffMinor,
    invoiceNumber: c.invoice?.invoiceNumber ?? null,
    dueOn: c.invoice?.dueOn ?? null,
    deliveryOn: c.invoice?.deliveryOn ?? null,
    receipts: c.receipts,
    ...c.notes,
  };
}

/** What it was doing may have happened. */
function withoutAnswer(effect: GuaranteeEffect, at: number, reason: string): GuaranteeEvent {
  if (effect.type === 'inquire') return { type: 'inquiry.inconclusive', at, reason };
  return { type: `${NOUNS[effect.type]}.unknown`, at, operationId: effect.operationId, reason };
}

export const guaranteeLifecycle = {
  name: NAME,
  version: VERSION,
  verbs: [
    'capture',
    'modify',
    'activate',
    'cancel',
    'receive',
    'apply',
    'claim',
    'write-off',
    'confirm-limit-released',
    'recheck',
    'resolve',
  ],
  open: (input) => initialTransition(guaranteeMachine, input)[0],
  applyEvent,
  pendingEffect,
  deadline: (state) => nextDeadline(state.value, state.context),
  commands,
  decide,
  // Nobody sends messages that could be compared.
  knows: () => false,
  hear,
  /** Facts that lead from `state` to what the provider shows; null: it has no such order. */
  factsOf: (state: GuaranteeState, picture: GuaranteePicture | null, at: number) =>
    factsOf(state.context, picture, at),
  view,
  postings: (before, _event, after) => guaranteePostings(before.context, after.context),
  announces: announceGuarantee,
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
    // What a state of an earlier build does not have yet is as it is for a new payment.
    const context = { ...openContext(undefined), ...(frozen.context as Partial<GuaranteeContext>) };
    return guaranteeMachine.resolveState({ value: frozen.status, context });
  },
} satisfies Lifecycle<GuaranteeInput, GuaranteeState, GuaranteeEvent, GuaranteeEffect> &
  Record<'factsOf', unknown>;
