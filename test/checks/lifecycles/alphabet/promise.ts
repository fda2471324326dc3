/** What may be recorded of a promised payment. */
import type {
  PromiseContext,
  PromiseEvent,
  PromiseInput,
} from '../../../../machines/promise/promise.types.ts';
import { promiseLifecycle } from '../../../../machines/promise/promise.lifecycle.ts';
import { mayBounce } from '../../../../machines/promise/promise.amounts.ts';
import { promiseMachine } from '../../../../machines/promise/promise.machine.ts';
import {
  type Alphabet,
  AMOUNTS,
  anyFamily,
  DAY,
  type Family,
  HOUR,
  PAYMENT,
  TOTAL,
} from '../family.ts';

const RECEIPTS_MAX = 2;

const INPUT: PromiseInput = {
  paymentId: PAYMENT,
  total: { amountMinor: TOTAL, currency: 'EUR' },
  provider: 'Offline',
  dueOn: '2026-12-21',
  dueAt: DAY,
  remindAt: DAY - HOUR,
  payTo: null,
  sendTo: null,
  at: 0,
};

/** Of one more than is gone on from, one amount is as good as another. */
const amountsAfter = ({ receipts }: PromiseContext): readonly number[] =>
  Object.keys(receipts).length < RECEIPTS_MAX ? AMOUNTS : AMOUNTS.slice(0, 2);

const alphabet: Alphabet<PromiseContext, PromiseEvent> = {
  'receipt.recorded': ({ at, context }) =>
    amountsAfter(context).map((amountMinor) => ({
      type: 'receipt.recorded',
      at,
      amountMinor,
      reference: null,
      receivedOn: null,
    })),
  'receipt.bounced': ({ at, context }) =>
    [...Object.keys(context.receipts), 'receipt_of_nobody'].map((receiptId) => ({
      type: 'receipt.bounced',
      at,
      receiptId,
      reason: null,
    })),
  'reminder.due': ({ at }) => [{ type: 'reminder.due', at }],
  'payment.overdue': ({ at, context }) => [{ type: 'payment.overdue', at, dueOn: context.dueOn }],
  'payment.written_off': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'payment.written_off', at, amountMinor, reason: null })),
  'payment.reduced': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'payment.reduced', at, amountMinor, reason: null })),
  'payment.cancelled': ({ at }) => [{ type: 'payment.cancelled', at, reason: null }],
  'refund.recorded': ({ at }) =>
    AMOUNTS.map((amountMinor) => ({ type: 'refund.recorded', at, amountMinor, reason: null })),
};

const family: Family<PromiseContext, PromiseEvent, PromiseInput> = {
  lifecycle: promiseLifecycle,
  machine: promiseMachine,
  inputs: {
    // Credit notes and reminders have nothing to do with each other.
    reminded: { input: INPUT, without: ['payment.reduced'] },
    'not reminded': { input: { ...INPUT, remindAt: null }, without: ['reminder.due'] },
  },
  alphabet,
  nothingNew: [],
  bounds: `a total of ${TOTAL}, receipts of 1 to ${TOTAL + 1}, ${RECEIPTS_MAX} of them`,
  isBeyond: ({ receipts }) => Object.keys(receipts).length > RECEIPTS_MAX,
  bags: ['receipts'],
  // What has bounced is looked at by nothing but the sum of all that ever came.
  forgets: ({ receipts }) => ({
    receipts: Object.fromEntries(Object.entries(receipts).filter(([, { bounced }]) => !bounced)),
  }),
  inFlight: () => ({ taking: 0, giving: 0 }),
  recorded: ({ receipts }) => receipts,
  mayExceed: 'a buyer may pay too much, and it is given back',
  asks: {
    'receipt.recorded': 'receive',
    'receipt.bounced': 'bounce',
    'payment.written_off': 'write-off',
    'payment.reduced': 'reduce',
    'payment.cancelled': 'cancel',
    'refund.recorded': 'refund',
  },
  unoffered: {},
  needs: {
    receive: () => ({ amountMinor: 1 }),
    bounce: (context) => {
      const good = Object.entries(context.receipts).find(([, each]) => mayBounce(context, each));
      return good === undefined ? {} : { receiptId: good[0] };
    },
  },
  wholes: ['write-off'],
  supersedes: {},
  varying: {},
  alike: [],
  ends: {},
  movesAfterEnd: {},
  untaken: {},
};

export const PROMISE = anyFamily(family);
