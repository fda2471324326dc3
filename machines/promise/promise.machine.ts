/**
 * Lifecycle of a payment that is promised and made elsewhere: a check, a transfer, payment terms.
 *
 * Pure: no clock, no I/O, no Temporal. Nothing is asked of a provider, so no state waits for one:
 * people record what came, and time says when it should have. `record` says what each fact changes;
 * the amounts say where it leads.
 */
import { assign, setup } from 'xstate';
import { mayBounce, openMinor, record, refundableMinor, restingStatus } from './promise.record.ts';
import type { PromiseContext, PromiseEvent, PromiseInput, PromiseStatus } from './promise.types.ts';

const settles = <const S extends readonly PromiseStatus[]>(...statuses: S) =>
  statuses.map((status) => ({
    target: status as S[number],
    guard: { type: 'restsAt' as const, params: { status } },
    actions: 'record' as const,
  }));

/** What is still owed, and before its day is over. */
const BEFORE_DUE = {
  'reminder.due': { guard: 'isNotReminded', actions: 'record' },
  'payment.overdue': settles('overdue'),
  'payment.written_off': settles('written_off'),
} as const;

type Cancelled = 'is final' | 'may still receive';

/** Both versions: they differ in what may happen after a cancellation. */
const chart = (cancelled: Cancelled) =>
  setup({
    types: {
      input: {} as PromiseInput,
      context: {} as PromiseContext,
      events: {} as PromiseEvent,
    },
    guards: {
      isNotReminded: ({ context }) => !context.isReminded,
      restsAt: ({ context, event }, params: { status: PromiseStatus }) =>
        fits(context, event) && restingStatus(record(context, event)) === params.status,
    },
    actions: { record: assign(({ context, event }) => record(context, event)) },
  }).createMachine({
    id: 'promise',
    context: ({ input }) => openContext(input),
    initial: 'promised',
    states: {
      promised: {
        on: {
          ...BEFORE_DUE,
          'receipt.recorded': settles('partially_received', 'received'),
          'payment.cancelled': settles('cancelled'),
        },
      },
      partially_received: {
        on: {
          ...BEFORE_DUE,
          'receipt.recorded': settles('partially_received', 'received'),
          'receipt.bounced': settles('promised', 'partially_received'),
          'refund.recorded': settles('partially_refunded', 'refunded'),
        },
      },
      overdue: {
        on: {
          'receipt.recorded': settles('overdue', 'received'),
          'receipt.bounced': settles('overdue'),
          'payment.written_off': settles('written_off'),
          'payment.cancelled': settles('cancelled'),
        },
      },
      received: {
        on: {
          // A buyer may pay too much, and a check may come back after all was there.
          'receipt.recorded': settles('received'),
          'receipt.bounced': settles('promised', 'partially_received', 'overdue', 'received'),
          'refund.recorded': settles('partially_refunded', 'refunded'),
        },
      },
      partially_refunded: { on: { 'refund.recorded': settles('partially_refunded', 'refunded') } },
      // Given up, and it came all the same.
      written_off: { on: { 'receipt.recorded': settles('written_off') } },
      refunded: { type: 'final' },
      // Cancelled, and the money came all the same: it is there, and has to go back.
      cancelled:
        cancelled === 'is final'
          ? { type: 'final' }
          : {
              on: {
                'receipt.recorded': settles('cancelled'),
                'receipt.bounced': settles('cancelled'),
                'refund.recorded': settles('cancelled'),
              },
            },
    },
  });

export const promiseMachine = chart('may still receive');
/** Version 1. */
export const promiseMachine1 = chart('is final');

const isAmount = (amountMinor: number): boolean =>
  Number.isSafeInteger(amountMinor) && amountMinor > 0;

/** What is recorded has to be possible; a buyer may pay more than is owed. */
function fits(c: PromiseContext, event: PromiseEvent): boolean {
  switch (event.type) {
    case 'receipt.recorded':
      return isAmount(event.amountMinor);
    case 'receipt.bounced': {
      const receipt = c.receipts[event.receiptId];
      return receipt !== undefined && mayBounce(c, receipt);
    }
    case 'payment.written_off':
      return isAmount(event.amountMinor) && event.amountMinor === openMinor(c);
    case 'payment.cancelled':
      return c.receivedMinor === 0;
    case 'refund.recorded':
      return isAmount(event.amountMinor) && event.amountMinor <= refundableMinor(c);
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
