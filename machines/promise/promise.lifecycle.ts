/** The only door to the promise chart; callers never import xstate. */
import { initialTransition, type SnapshotFrom, transition } from 'xstate';
import { assert } from '../shared/assert.ts';
import { formatMoney } from '../shared/money.ts';
import { inWords } from '../shared/words.ts';
import type { Deadline, Effect, Lifecycle, PaymentView } from '../shared/lifecycle.ts';
import { entry, type Posting } from '../shared/postings.ts';
import { announcePromise } from './promise.announcements.ts';
import { decidePromise } from './promise.commands.ts';
import { PROMISE_RULES } from './promise.current.ts';
import { promiseChart, promiseMachine } from './promise.machine.ts';
import type { PromiseRules } from './promise.rules.ts';
import type { PromiseContext, PromiseEvent, PromiseInput } from './promise.types.ts';

export type PromiseState = SnapshotFrom<typeof promiseMachine>;

const NAME = 'promise';

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

function view(rules: PromiseRules, state: PromiseState): PaymentView {
  const c = state.context;
  const due = deadline(state);
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
    amountWords: { authorized: 'Paid', captured: 'Received', voided: 'Released' },
    remarks: [
      c.isCancelled
        ? 'Cancelled: nothing is owed any more.'
        : `Due on ${c.dueOn}; ${formatMoney(rules.openMinor(c), c.currency)} is still owed.`,
      ...rules.remarks(c),
    ],
    providerRef: null,
    providerRefs: [],
    nextAction: null,
    commands: rules.commands(state.value, c),
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
      ...rules.details(c),
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
    case 'payment.reduced':
    case 'payment.cancelled':
      return [];
  }
}

type PromiseLifecycle = Lifecycle<PromiseInput, PromiseState, PromiseEvent, Effect>;

/** The lifecycle of one version. */
export function promiseLifecycleOf(rules: PromiseRules, machine = promiseChart(rules)) {
  const { version } = rules;
  return {
    name: NAME,
    version,
    verbs: ['receive', 'bounce', 'write-off', 'reduce', 'cancel', 'refund'],
    open: (input) => initialTransition(machine, input)[0],
    // XState returns the same snapshot when `event` is not legal now.
    applyEvent: (state, event) => {
      const [next] = transition(machine, state, event);
      return next === state ? null : next;
    },
    // Nobody is asked to do anything.
    pendingEffect: () => null,
    deadline,
    commands: ({ context, value }) => rules.commands(value, context),
    decide: ({ context, value }, request, at) => decidePromise(rules, value, context, request, at),
    // Nobody sends news of it either.
    knows: () => false,
    hear: () => null,
    view: (state) => view(rules, state),
    postings: (before, event, after) => postings(before.context, event, after.context),
    announces: announcePromise,
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

export const promiseLifecycle = promiseLifecycleOf(PROMISE_RULES, promiseMachine);
