/** The rules of the present version: what happens outside is recorded, whatever it means here. */
import { isReceiptDay } from '../shared/calendar.ts';
import type { Command } from '../shared/lifecycle.ts';
import { formatMoney } from '../shared/money.ts';
import {
  debtMinor,
  expectedMinor,
  mayBounce,
  mayCancel,
  netMinor,
  openMinor,
  overpaidMinor,
  recoveredMinor,
  statusOf,
  uncoveredMinor,
} from './promise.amounts.ts';
import { record } from './promise.record.ts';
import type { PromiseRules, PromiseWays } from './promise.rules.ts';
import type { PromiseContext, PromiseStatus } from './promise.types.ts';

/** The amounts choose among all: a way that is not listed would refuse what has happened. */
const ANYWHERE: readonly PromiseStatus[] = [
  'promised',
  'partially_received',
  'overdue',
  'received',
  'partially_refunded',
  'refunded',
  'written_off',
  'cancelled',
];
const MONEY = { 'receipt.recorded': ANYWHERE, 'receipt.bounced': ANYWHERE } as const;
const REFUND = { 'refund.recorded': ANYWHERE } as const;
const REDUCED = { 'payment.reduced': ANYWHERE } as const;
const OPEN = { 'payment.written_off': ['written_off'], ...REDUCED } as const;
const BEFORE_DUE = { 'payment.overdue': ['overdue'], ...OPEN } as const;
const CANCELLED = { 'payment.cancelled': ['cancelled'] } as const;

const WAYS: PromiseWays = {
  promised: { ...MONEY, ...BEFORE_DUE, ...CANCELLED },
  partially_received: { ...MONEY, ...REFUND, ...BEFORE_DUE },
  overdue: { ...MONEY, ...REFUND, ...OPEN, ...CANCELLED },
  received: { ...MONEY, ...REFUND, ...REDUCED },
  partially_refunded: { ...MONEY, ...REFUND, ...REDUCED },
  refunded: { ...MONEY, ...CANCELLED },
  written_off: { ...MONEY, ...REFUND, ...REDUCED, ...CANCELLED },
  cancelled: { ...MONEY, ...REFUND, ...CANCELLED },
};

/** By the amounts alone: what may be recorded does not hang on where the payment is. */
function commands(_status: PromiseStatus, c: PromiseContext): readonly Command[] {
  const upTo = (verb: string, maxMinor: number): readonly Command[] =>
    maxMinor > 0 ? [{ verb, maxMinor }] : [];
  return [
    { verb: 'receive' },
    ...(Object.values(c.receipts).some((each) => mayBounce(c, each)) ? [{ verb: 'bounce' }] : []),
    ...upTo('write-off', openMinor(c)),
    ...upTo('reduce', debtMinor(c)),
    ...upTo('refund', netMinor(c)),
    ...(mayCancel(c) ? [{ verb: 'cancel' }] : []),
  ];
}

function remarks(c: PromiseContext): readonly string[] {
  const say = (minor: number, what: string): readonly string[] =>
    minor > 0 ? [`${formatMoney(minor, c.currency)} ${what}.`] : [];
  return [
    ...say(c.reducedMinor, 'was taken off by credit notes'),
    ...say(c.forgivenMinor, 'is not owed any more: it was given back'),
    ...say(c.writtenOffMinor, 'was written off'),
    ...say(recoveredMinor(c), 'of that has come all the same'),
    ...say(overpaidMinor(c) - recoveredMinor(c), 'more than is owed has come'),
  ];
}

const details = (c: PromiseContext) => ({
  openMinor: openMinor(c),
  overpaidMinor: overpaidMinor(c),
  writtenOffMinor: c.writtenOffMinor,
  recoveredMinor: recoveredMinor(c),
  reducedMinor: c.reducedMinor,
  forgivenMinor: c.forgivenMinor,
  uncoveredMinor: uncoveredMinor(c),
  // What is there though nothing is owed: it has to go back.
  lateMinor: c.isCancelled ? netMinor(c) : 0,
});

export const PROMISE_RULES: PromiseRules = {
  /** 2: what comes after a cancellation can be recorded, and sent back. 3: so can all that happens
   *  outside, in every state; credit notes. */
  version: 3,
  ways: WAYS,
  record,
  statusOf,
  openMinor,
  expectedMinor,
  reducibleMinor: debtMinor,
  mayBounce,
  mayCancel,
  mayComeOn: isReceiptDay,
  commands,
  remarks,
  details,
};
