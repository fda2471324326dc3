/**
 * Lifecycle of a payment that is promised and made elsewhere: a check, a transfer, payment terms.
 *
 * Pure: no clock, no I/O, no Temporal. Nothing is asked of a provider, so no state waits for one:
 * people record what came, and time says when it should have. What happened outside is true in every
 * state, so it is legal in every state; `record` says what each fact changes, and the amounts say
 * where it leads.
 */
import { assign, setup } from 'xstate';
import { PROMISE_RULES } from './promise.current.ts';
import type { PromiseRules } from './promise.rules.ts';
import type { PromiseContext, PromiseEvent, PromiseInput, PromiseStatus } from './promise.types.ts';

const settles = (...statuses: readonly PromiseStatus[]) =>
  statuses.map((status) => ({
    target: status,
    guard: { type: 'restsAt' as const, params: { status } },
    actions: 'record' as const,
  }));

type Edges = { [Type in PromiseEvent['type']]?: ReturnType<typeof settles> };

/** The chart of every version: they differ in where a fact may lead, and in what it changes. */
export const promiseChart = (rules: PromiseRules) => {
  const wayOf = (from: PromiseStatus) => {
    const ways = Object.entries(rules.ways[from]);
    if (ways.length === 0) return { type: 'final' } as const;
    return { on: Object.fromEntries(ways.map(([type, to]) => [type, settles(...to)])) as Edges };
  };
  const beforeDue = (from: PromiseStatus) => {
    const reminder = { guard: 'isNotReminded', actions: 'record' } as const;
    return { on: { 'reminder.due': reminder, ...wayOf(from).on } };
  };
  return setup({
    types: {
      input: {} as PromiseInput,
      context: {} as PromiseContext,
      events: {} as PromiseEvent,
    },
    guards: {
      isNotReminded: ({ context }) => !context.isReminded,
      restsAt: ({ context, event }, params: { status: PromiseStatus }) =>
        fits(rules, context, event) &&
        rules.statusOf(rules.record(context, event)) === params.status,
    },
    actions: { record: assign(({ context, event }) => rules.record(context, event)) },
  }).createMachine({
    id: 'promise',
    context: ({ input }) => openContext(input),
    initial: 'promised',
    states: {
      promised: beforeDue('promised'),
      partially_received: beforeDue('partially_received'),
      overdue: wayOf('overdue'),
      received: wayOf('received'),
      partially_refunded: wayOf('partially_refunded'),
      refunded: wayOf('refunded'),
      // Given up, and it may come all the same.
      written_off: wayOf('written_off'),
      // So may what was cancelled: it is there, and has to go back.
      cancelled: wayOf('cancelled'),
    },
  });
};

export const promiseMachine = promiseChart(PROMISE_RULES);

const isAmount = (amountMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0;

/** What is recorded has to be possible; a buyer may pay more than is owed. */
function fits(rules: PromiseRules, c: PromiseContext, event: PromiseEvent): boolean {
  switch (event.type) {
    case 'receipt.recorded':
      return isAmount(event.amountMinor);
    case 'receipt.bounced': {
      const receipt = c.receipts[event.receiptId];
      return receipt !== undefined && rules.mayBounce(c, receipt);
    }
    case 'payment.written_off':
      return isAmount(event.amountMinor) && event.amountMinor === rules.openMinor(c);
    case 'payment.reduced':
      return isAmount(event.amountMinor) && event.amountMinor <= rules.reducibleMinor(c);
    case 'payment.cancelled':
      return rules.mayCancel(c);
    case 'refund.recorded':
      return isAmount(event.amountMinor) && event.amountMinor <= c.receivedMinor - c.refundedMinor;
    case 'payment.overdue':
      return !c.isOverdue;
    case 'reminder.due':
      return true;
  }
}

/** XState also builds a throw-away actor without input on each transition, hence the `undefined`. */
function openContext(input: PromiseInput | undefined): PromiseContext {
  return {
    paymentId: input?.paymentId ?? '',
    provider: input?.provider ?? '',
    currency: input?.total.currency ?? '',
    requestedMinor: input?.total.amountMinor ?? 0,
    receivedMinor: 0,
    refundedMinor: 0,
    writtenOffMinor: 0,
    reducedMinor: 0,
    forgivenMinor: 0,
    receipts: {},
    dueOn: input?.dueOn ?? '',
    dueAt: input?.dueAt ?? 0,
    remindAt: input?.remindAt ?? null,
    isReminded: false,
    isOverdue: false,
    isCancelled: false,
    payTo: input?.payTo ?? null,
    sendTo: input?.sendTo ?? null,
    attention: null,
  };
}
