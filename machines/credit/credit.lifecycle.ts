/** The only door to the credit chart; callers never import xstate. */
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
import { invoicedMinor, uninvoicedMinor } from './credit.amounts.ts';
import { announceCredit } from './credit.announcements.ts';
import { commandsOf, decideCredit } from './credit.commands.ts';
import { openContext } from './credit.context.ts';
import { creditMachine } from './credit.machine.ts';
import { inquiry, operationEffect } from './credit.owed.ts';
import { factsOf, knowsClaim } from './credit.picture.ts';
import { creditPostings } from './credit.postings.ts';
import { NOUNS, remarksOf, tasksOf } from './credit.sentences.ts';
import { nextDeadline, upcoming } from './credit.time.ts';
import type { CreditEvent } from './credit.events.ts';
import type {
  CreditClaim,
  CreditContext,
  CreditEffect,
  CreditInput,
  CreditPicture,
  CreditStatus,
  CreditVersion,
} from './credit.types.ts';

export type CreditState = SnapshotFrom<typeof creditMachine>;

const NAME = 'credit';

/** Next state, or null when `event` is not legal now (xstate alone returns the same snapshot). */
function applyEvent(state: CreditState, event: CreditEvent): CreditState | null {
  const [next] = transition(creditMachine, state, event);
  return next === state ? null : next;
}

/** What `state` waits for; null if it is time's or a person's turn. */
function pendingEffect({ context: c }: CreditState): CreditEffect | null {
  if (c.asking !== null) return c.asking.phase === 'ask' ? inquiry(c) : null;
  return c.operation === null || c.isParked ? null : operationEffect(c);
}

const commands = (state: CreditState): readonly Command[] => commandsOf(state.value, state.context);

function decide(state: CreditState, request: CommandRequest, at: number): CreditEvent | Refusal {
  return decideCredit(state.context, commands(state), request, at);
}

const knows = (state: CreditState, claim: unknown): boolean =>
  knowsClaim(state.context, claim as CreditClaim);

/** News that says nothing new is no fact; else it makes the payment ask. */
function hear(state: CreditState, { claim, ...news }: News, at: number): CreditEvent | null {
  if (news.verified && claim !== null && knows(state, claim)) return null;
  // A buyer who comes back has nothing to say but that the offer may be accepted.
  if (news.source === 'buyer' && !waitsForBuyer(state)) return null;
  const believed = news.verified ? (claim as CreditClaim | null) : null;
  const event: CreditEvent = { type: 'news.received', at, ...news, claim: believed };
  return applyEvent(state, event) === null ? null : event;
}

/** An offer is out, or was until the payment ended: the buyer may have accepted it. Whoever comes back to
 *  any other payment moves nothing. */
function waitsForBuyer({ context: c, value: status }: CreditState): boolean {
  if (c.authorizedMinor > 0) return false;
  if (c.version === 1) return true;
  const isOut = status === 'offered' || status === 'accepting';
  return isOut || (c.offer !== null && (status === 'expired' || status === 'cancelled'));
}

const UNDECIDED: ReadonlySet<CreditStatus> = new Set([
  'ordering',
  'accepting',
  'in_review',
  'inquiring',
  'parked',
]);

function view(state: CreditState): PaymentView {
  const { context: c, value: status } = state;
  const deadlines = upcoming(status, c);
  return {
    status,
    statusText: inWords(status),
    amounts: {
      currency: c.currency,
      requested: c.requestedMinor,
      authorized: c.authorizedMinor,
      // What the provider has paid: an invoice alone is no money.
      captured: c.fundedMinor,
      voided: c.releasedMinor,
      refunded: c.refundedMinor,
      disputed: 0,
      chargedBack: 0,
    },
    amountWords: { authorized: 'Credit held', captured: 'Funded', voided: 'Released' },
    remarks: remarksOf(c),
    providerRef: c.providerRef,
    providerRefs: c.providerRef === null ? [] : [c.providerRef],
    nextAction: status === 'offered' && c.offer !== null ? { type: 'lightbox', ...c.offer } : null,
    commands: commands(state),
    deadline: deadlines[0] ?? null,
    deadlines,
    scheduledCapture: null,
    decline: c.decline,
    needsAttention:
      [c.attention, c.disagreement, ...tasksOf(c)].filter((each) => each !== null).join(' ') ||
      null,
    firstOutcomeKnown: c.authorizedMinor > 0 || !UNDECIDED.has(status),
    operationInFlight: inFlight(c.operation) ?? c.refused?.operationId ?? null,
    details: details(c),
  };
}

function details(c: CreditContext): Record<string, unknown> {
  return {
    orderId: c.orderId,
    invoicedMinor: invoicedMinor(c),
    uninvoicedMinor: uninvoicedMinor(c),
    fundedMinor: c.fundedMinor,
    expiresAt: c.expiresAt,
    invoices: Object.values(c.invoices),
  };
}

/** What it was doing may have happened. */
function withoutAnswer(effect: CreditEffect, at: number, reason: string): CreditEvent {
  if (effect.type === 'inquire') return { type: 'inquiry.inconclusive', at, reason };
  return { type: `${NOUNS[effect.type]}.unknown`, at, operationId: effect.operationId, reason };
}

type CreditLifecycle = Lifecycle<CreditInput, CreditState, CreditEvent, CreditEffect> &
  Record<'factsOf', unknown>;

/** The lifecycle of one version; they share the chart. */
export function creditLifecycleOf(version: CreditVersion) {
  return {
    name: NAME,
    version,
    verbs: [
      'accept',
      'invoice',
      'ship',
      'receive',
      'cancel',
      'cancel-invoice',
      'refund',
      'recheck',
      'resolve',
    ],
    open: (input) => initialTransition(creditMachine, { ...input, version })[0],
    applyEvent,
    pendingEffect,
    deadline: (state) => nextDeadline(state.value, state.context),
    commands,
    decide,
    knows,
    hear,
    /** Facts that lead from `state` to what the provider shows; null: it has no such order. */
    factsOf: (state: CreditState, picture: CreditPicture | null, at: number) =>
      factsOf(state.context, picture, at),
    view,
    postings: (before, _event, after) => creditPostings(before.context, after.context),
    announces: announceCredit,
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
      // What a state of an earlier build does not have yet is as it is for a new payment.
      const stored = frozen.context as Partial<CreditContext>;
      const context = { ...openContext(undefined), ...stored, version };
      return creditMachine.resolveState({ value: frozen.status, context });
    },
  } satisfies CreditLifecycle;
}

export const creditLifecycle = creditLifecycleOf(2);
