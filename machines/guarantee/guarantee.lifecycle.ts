/** The only door to the guarantee chart; callers never import xstate. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { assert } from '../shared/assert.ts';
import type { Command, Lifecycle, PaymentView } from '../shared/lifecycle.ts';
import { inFlight } from '../shared/operation.ts';
import { inWords } from '../shared/words.ts';
import {
  claimableMinor,
  openMinor,
  overpaidMinor,
  recoveredMinor,
  uncoveredMinor,
} from './guarantee.amounts.ts';
import { announceGuarantee } from './guarantee.announcements.ts';
import { commandsOf, decideGuarantee } from './guarantee.commands.ts';
import { openContext } from './guarantee.context.ts';
import { guaranteeMachine } from './guarantee.machine.ts';
import { inquiry, operationEffect } from './guarantee.owed.ts';
import { factsOf } from './guarantee.picture.ts';
import { guaranteePostings } from './guarantee.postings.ts';
import { type GuaranteeRules, RULES_2 } from './guarantee.rules.ts';
import { NOUNS, remarksOf, taskOf, untold } from './guarantee.sentences.ts';
import { moneySentences } from './guarantee.surplus.ts';
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

/** What `state` waits for; null if it is time's or a person's turn. */
function pendingEffect({ context: c }: GuaranteeState): GuaranteeEffect | null {
  if (c.asking !== null) return c.asking.phase === 'ask' ? inquiry(c) : null;
  return c.operation === null || c.isParked ? null : operationEffect(c);
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

function view(state: GuaranteeState, commands: readonly Command[]): PaymentView {
  const { context: c, value: status } = state;
  const deadlines = upcoming(status, c);
  const [soonest] = deadlines;
  return {
    status,
    statusText: STATUS_TEXTS[status] ?? inWords(status),
    amounts: {
      currency: c.currency,
      requested: c.requestedMinor,
      // What was reserved of the buyer's limit, and what came beyond it; captured is money that came.
      authorized: openMinor(c) + c.receivedMinor + c.releasedMinor + c.writtenOffMinor,
      captured: c.receivedMinor,
      voided: c.releasedMinor + c.writtenOffMinor,
      refunded: c.refundedMinor,
      disputed: 0,
      chargedBack: 0,
    },
    amountWords: { authorized: 'Reserved', captured: 'Received', voided: 'Released' },
    remarks: remarksOf(c),
    providerRef: c.providerRef,
    providerRefs: c.providerRef === null ? [] : [c.providerRef],
    nextAction: null,
    commands,
    deadline: soonest ?? null,
    deadlines,
    scheduledCapture: null,
    decline: c.decline,
    needsAttention: sentences(
      c.attention,
      c.disagreement,
      ...moneySentences(c),
      taskOf(c, status),
      untold(c),
    ),
    firstOutcomeKnown: firstOutcomeKnown(c, status),
    // Whoever asked for what was refused hears of it once the provider was looked at.
    operationInFlight: inFlight(c.operation) ?? c.refused?.operationId ?? null,
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
    overpaidMinor: overpaidMinor(c),
    uncoveredMinor: uncoveredMinor(c),
    recoveredMinor: recoveredMinor(c),
    forgivenMinor: c.forgivenMinor,
    invoiceNumber: c.invoice?.invoiceNumber ?? null,
    dueOn: c.invoice?.dueOn ?? null,
    deliveryOn: c.invoice?.deliveryOn ?? null,
    receipts: Object.fromEntries(
      Object.entries(c.receipts).map(([id, receipt]) => [id, { bounced: false, ...receipt }]),
    ),
    ...c.notes,
  };
}

/** What it was doing may have happened. */
function withoutAnswer(effect: GuaranteeEffect, at: number, reason: string): GuaranteeEvent {
  if (effect.type === 'inquire') return { type: 'inquiry.inconclusive', at, reason };
  return { type: `${NOUNS[effect.type]}.unknown`, at, operationId: effect.operationId, reason };
}

const VERBS = [
  'capture',
  'modify',
  'activate',
  'cancel',
  'receive',
  'bounce',
  'refund',
  'apply',
  'claim',
  'write-off',
  'confirm-limit-released',
  'recheck',
  'resolve',
] as const;

type GuaranteeLifecycle = Lifecycle<
  GuaranteeInput,
  GuaranteeState,
  GuaranteeEvent,
  GuaranteeEffect
> & {
  /** Facts that lead from `state` to what the provider shows; null: it has no such order. */
  factsOf(
    state: GuaranteeState,
    picture: GuaranteePicture | null,
    at: number,
  ): readonly GuaranteeEvent[];
};

/** The lifecycle of one version. `written`: what of the context that version stores. */
export function guaranteeLifecycleOf(
  rules: GuaranteeRules,
  machine: typeof guaranteeMachine,
  written: (c: GuaranteeContext) => Partial<GuaranteeContext> = (c) => c,
) {
  const { version } = rules;
  const commands = (state: GuaranteeState): readonly Command[] =>
    commandsOf(rules, state.value, state.context);
  /** Next state, or null when `event` is not legal now (xstate alone returns the same snapshot). */
  const applyEvent = (state: GuaranteeState, event: GuaranteeEvent): GuaranteeState | null => {
    const [next] = transition(machine, state, event);
    return next === state ? null : next;
  };
  return {
    name: NAME,
    version,
    verbs: VERBS,
    open: (input) => initialTransition(machine, input)[0],
    applyEvent,
    pendingEffect,
    deadline: (state) => nextDeadline(state.value, state.context),
    commands,
    decide: (state, request, at) =>
      decideGuarantee(rules, state.context, commands(state), request, at),
    // Nobody sends messages that could be compared.
    knows: () => false,
    /** Only a comparison of books tells of it: the buyer has nothing to say, and the provider sends
     *  none. */
    hear: (state, { claim: _claim, ...news }, at) => {
      if (news.source === 'buyer') return null;
      const event: GuaranteeEvent = { type: 'news.received', at, ...news };
      return applyEvent(state, event) === null ? null : event;
    },
    factsOf: (state, picture, at) => factsOf(state.context, picture, at),
    view: (state) => view(state, commands(state)),
    postings: (before, _event, after) => guaranteePostings(before.context, after.context),
    announces: announceGuarantee,
    withoutAnswer,
    freeze: (state) => ({
      lifecycle: NAME,
      version,
      status: state.value,
      context: written(state.context),
    }),
    thaw: (frozen) => {
      assert(
        frozen.lifecycle === NAME && frozen.version === version,
        `cannot read a state of ${frozen.lifecycle}@${frozen.version}`,
      );
      // What a state of an earlier build does not have yet is as it is for a new payment.
      const stored = frozen.context as Partial<GuaranteeContext>;
      const context = { ...openContext(undefined), ...stored };
      return machine.resolveState({ value: frozen.status, context });
    },
  } satisfies GuaranteeLifecycle;
}

/** 2: money is recorded wherever the payment is; a refusal is an answer, and looked after. */
export const guaranteeLifecycle = guaranteeLifecycleOf(RULES_2, guaranteeMachine);
