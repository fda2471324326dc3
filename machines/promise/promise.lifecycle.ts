/** The only door to the promise chart; callers never import xstate. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { assert } from '../shared/assert.ts';
import { formatMoney } from '../shared/money.ts';
import { inWords } from '../shared/words.ts';
import type { Command, Deadline, Effect, Lifecycle, PaymentView } from '../shared/lifecycle.ts';
import { entry, type Posting } from '../shared/postings.ts';
import { announcePromise } from './promise.announcements.ts';
import { decidePromise } from './promise.commands.ts';
import { promiseMachine } from './promise.machine.ts';
import { mayBounce, openMinor, refundableMinor } from './promise.record.ts';
import type { PromiseContext, PromiseEvent, PromiseInput } from './promise.types.ts';

export type PromiseState = SnapshotFrom<typeof promiseMachine>;

const NAME = 'promise';
/** 2: what comes after a cancellation can be recorded, and sent back. */
const VERSION = 2;

/** The next thing that time alone brings. */
function deadline(state: PromiseState): Deadline | null {
  const c = state.context;
  switch (state.value) {
    case 'promised':
    case 'partially_received': {
      const { dueAt, dueOn, isReminded, remindAt } = c;
      const overdue: PromiseEvent = { type: 'payment.overdue', at: dueAt, dueOn };
      if (isReminded || remindAt === null || remindAt >= dueAt)
        return { at: dueAt, event: overdue };
      return { at: remindAt, event: { type: 'reminder.due', at: remindAt } };
    }
    case 'overdue':
    case 'received':
    case 'partially_refunded':
    case 'refunded':
    case 'written_off':
    case 'cancelled':
      return null;
  }
}

export function commands(state: PromiseState): readonly Command[] {
  const c = state.context;
  const receive = { verb: 'receive' } as const;
  const bounce = Object.values(c.receipts).some((receipt) => mayBounce(c, receipt))
    ? [{ verb: 'bounce' } as const]
    : [];
  const writeOff = { verb: 'write-off', maxMinor: openMinor(c) } as const;
  const refund = { verb: 'refund', maxMinor: refundableMinor(c) } as const;
  const cancel = c.receivedMinor === 0 ? [{ verb: 'cancel' } as const] : [];
  switch (state.value) {
    case 'promised':
    case 'overdue':
      return [receive, ...bounce, writeOff, ...cancel];
    case 'partially_received':
      return [receive, ...bounce, writeOff, refund];
    case 'received':
      return [receive, ...bounce, refund];
    case 'partially_refunded':
      return [refund];
    case 'written_off':
      return [receive];
    case 'cancelled':
      return [receive, ...bounce, ...(refundableMinor(c) > 0 ? [refund] : [])];
    case 'refunded':
      return [];
  }
}

function view(state: PromiseState, allowed: readonly Command[]): PaymentView {
  const c = state.context;
  const due = deadline(state);
  const over = c.receivedMinor - c.requestedMinor;
  return {
    status: state.value,
    statusText: inWords(state.value),
    amounts: {
      currency: c.currency,
      requested: c.requestedMinor,
      // Nothing is ever held: what is promised counts when it has come.
      authorized: c.receivedMinor,
      captured: c.receivedMinor,
      voided: 0,
      refunded: c.refundedMinor,
      disputed: 0,
      chargedBack: 0,
    },
    amountWords: { authorized: 'Come', captured: 'Received', voided: 'Released' },
    remarks: [
      c.isCancelled
        ? 'Cancelled: nothing is owed any more.'
        : `Due on ${c.dueOn}; ${formatMoney(openMinor(c), c.currency)} is still owed.`,
    ],
    providerRef: null,
    providerRefs: [],
    nextAction: null,
    commands: allowed,
    deadline: due && { at: c.dueAt, event: 'payment.overdue' },
    deadlines:
      due === null
        ? []
        : [
            ...(due.event.type === 'reminder.due' ? [{ at: due.at, event: due.event.type }] : []),
            { at: c.dueAt, event: 'payment.overdue' },
          ],
    scheduledCapture: null,
    decline: null,
    needsAttention: c.attention,
    firstOutcomeKnown: true,
    operationInFlight: null,
    details: {
      dueOn: c.dueOn,
      payTo: c.payTo,
      sendTo: c.sendTo,
      openMinor: openMinor(c),
      overpaidMinor: over > 0 ? over : 0,
      writtenOffMinor: c.writtenOffMinor,
      // It is cancelled only while nothing is there.
      lateMinor: c.isCancelled ? c.receivedMinor : 0,
      receipts: c.receipts,
    },
  };
}

/** Money that came, or that went: what is owed lies in the order and not here. */
function postings(
  before: PromiseContext,
  event: PromiseEvent,
  after: PromiseContext,
): readonly Posting[] {
  const taken = (c: PromiseContext): number => c.receivedMinor - c.refundedMinor;
  switch (event.type) {
    case 'receipt.recorded':
    case 'receipt.bounced':
    case 'refund.recorded': {
      const amountMinor = taken(after) - taken(before);
      return entry(before.currency, 'provider_balance', 'order_receivable', amountMinor);
    }
    case 'reminder.due':
    case 'payment.overdue':
    case 'payment.written_off':
    case 'payment.cancelled':
      return [];
  }
}

type PromiseLifecycle = Lifecycle<PromiseInput, PromiseState, PromiseEvent, Effect>;

/** The lifecycle of one version: of its chart, and of what that chart lets people ask for. */
export function promiseLifecycleOf(
  version: number,
  machine: typeof promiseMachine,
  offered: (state: PromiseState) => readonly Command[],
) {
  return {
    name: NAME,
    version,
    verbs: ['receive', 'bounce', 'write-off', 'cancel', 'refund'],
    open: (input) => initialTransition(machine, input)[0],
    // XState returns the same snapshot when `event` is not legal now.
    applyEvent: (state, event) => {
      const [next] = transition(machine, state, event);
      return next === state ? null : next;
    },
    // Nobody is asked to do anything.
    pendingEffect: () => null,
    deadline,
    commands: offered,
    decide: (state, request, at) => decidePromise(state.context, offered(state), request, at),
    // Nobody sends news of it either.
    knows: () => false,
    hear: () => null,
    view: (state) => view(state, offered(state)),
    postings: (before, event, after) => postings(before.context, event, after.context),
    announces: (event) => announcePromise(event),
    withoutAnswer: (effect): PromiseEvent => {
      throw new Error(`Invariant broken: ${effect.type} was asked for a promise`);
    },
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
      const context = frozen.context as PromiseContext;
      return machine.resolveState({ value: frozen.status, context });
    },
  } satisfies PromiseLifecycle;
}

export const promiseLifecycle = promiseLifecycleOf(VERSION, promiseMachine, commands);
