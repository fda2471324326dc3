/** Versions 1 and 2, for the payments that began with them, and how they go on with the next. */
import { assertNever } from '../shared/assert.ts';
import { isCalendarDate } from '../shared/calendar.ts';
import type { Command } from '../shared/lifecycle.ts';
import type { Migration } from '../shared/migration.ts';
import { promiseLifecycleOf } from './promise.lifecycle.ts';
import { askAgain, owedBack, withoutReceipt, withReceipt } from './promise.record.ts';
import { statusOf } from './promise.amounts.ts';
import type { PromiseRules, PromiseWays } from './promise.rules.ts';
import type { PromiseContext, PromiseEvent, PromiseStatus, Receipt } from './promise.types.ts';

/** Not received, and still owed: what was given back was no longer asked for. */
function openMinor(c: PromiseContext): number {
  if (c.isCancelled) return 0;
  const open = c.requestedMinor - c.receivedMinor - c.writtenOffMinor;
  return open > 0 ? open : 0;
}

const refundableMinor = (c: PromiseContext): number => c.receivedMinor - c.refundedMinor;

/** What was sent back already has been there. */
const mayBounce = (c: PromiseContext, { amountMinor, bounced }: Receipt): boolean =>
  !bounced && c.receivedMinor - amountMinor >= c.refundedMinor;

const mayCancel = (c: PromiseContext): boolean => c.receivedMinor === 0;

const withOwedBack = (c: PromiseContext): PromiseContext => ({ ...c, attention: owedBack(c) });

function record(c: PromiseContext, event: PromiseEvent): PromiseContext {
  switch (event.type) {
    case 'receipt.recorded': {
      const now = { ...withReceipt(c, event), attention: null };
      return c.isCancelled ? withOwedBack(now) : now;
    }
    case 'receipt.bounced': {
      const now = withoutReceipt(c, event);
      // Nobody is owed it, so nobody has to ask for it again.
      return c.isCancelled ? withOwedBack(now) : { ...now, attention: askAgain(now, event) };
    }
    case 'reminder.due':
      return { ...c, isReminded: true };
    case 'payment.overdue':
      return { ...c, isReminded: true, isOverdue: true };
    case 'payment.written_off':
      return { ...c, writtenOffMinor: c.writtenOffMinor + event.amountMinor, attention: null };
    case 'payment.cancelled':
      // A bounce before it asks for nothing any more.
      return { ...c, isCancelled: true, attention: null };
    case 'refund.recorded': {
      const now = { ...c, refundedMinor: c.refundedMinor + event.amountMinor };
      return c.isCancelled ? withOwedBack(now) : now;
    }
    case 'payment.reduced':
      return c;
    default:
      return assertNever(event);
  }
}

function restingStatus(c: PromiseContext): PromiseStatus {
  if (c.isCancelled) return 'cancelled';
  if (c.refundedMinor > 0) {
    return c.refundedMinor < c.receivedMinor ? 'partially_refunded' : 'refunded';
  }
  if (openMinor(c) === 0) return c.writtenOffMinor > 0 ? 'written_off' : 'received';
  if (c.isOverdue) return 'overdue';
  return c.receivedMinor > 0 ? 'partially_received' : 'promised';
}

const BEFORE_DUE = {
  'payment.overdue': ['overdue'],
  'payment.written_off': ['written_off'],
} as const;

const WAYS: PromiseWays = {
  promised: {
    ...BEFORE_DUE,
    'receipt.recorded': ['partially_received', 'received'],
    'payment.cancelled': ['cancelled'],
  },
  partially_received: {
    ...BEFORE_DUE,
    'receipt.recorded': ['partially_received', 'received'],
    'receipt.bounced': ['promised', 'partially_received'],
    'refund.recorded': ['partially_refunded', 'refunded'],
  },
  overdue: {
    'receipt.recorded': ['overdue', 'received'],
    'receipt.bounced': ['overdue'],
    'payment.written_off': ['written_off'],
    'payment.cancelled': ['cancelled'],
  },
  received: {
    'receipt.recorded': ['received'],
    'receipt.bounced': ['promised', 'partially_received', 'overdue', 'received'],
    'refund.recorded': ['partially_refunded', 'refunded'],
  },
  partially_refunded: { 'refund.recorded': ['partially_refunded', 'refunded'] },
  refunded: {},
  written_off: { 'receipt.recorded': ['written_off'] },
  cancelled: {
    'receipt.recorded': ['cancelled'],
    'receipt.bounced': ['cancelled'],
    'refund.recorded': ['cancelled'],
  },
};

function commands(status: PromiseStatus, c: PromiseContext): readonly Command[] {
  const receive = { verb: 'receive' } as const;
  const bounce = Object.values(c.receipts).some((receipt) => mayBounce(c, receipt))
    ? [{ verb: 'bounce' } as const]
    : [];
  const writeOff = { verb: 'write-off', maxMinor: openMinor(c) } as const;
  const refund = { verb: 'refund', maxMinor: refundableMinor(c) } as const;
  const cancel = mayCancel(c) ? [{ verb: 'cancel' } as const] : [];
  switch (status) {
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

const details = (c: PromiseContext) => {
  const over = c.receivedMinor - c.requestedMinor;
  return {
    openMinor: openMinor(c),
    overpaidMinor: over > 0 ? over : 0,
    writtenOffMinor: c.writtenOffMinor,
    // It is cancelled only while nothing is there.
    lateMinor: c.isCancelled ? c.receivedMinor : 0,
  };
};

const RULES_2: PromiseRules = {
  version: 2,
  ways: WAYS,
  record,
  statusOf: restingStatus,
  openMinor,
  // Of what was cancelled nothing is expected any more.
  expectedMinor: (c) => (c.isCancelled ? 0 : c.requestedMinor - c.receivedMinor),
  reducibleMinor: () => 0,
  mayBounce,
  mayCancel,
  mayComeOn: isCalendarDate,
  commands,
  remarks: () => [],
  details,
};

/** A cancelled payment was over: money that came later could not be recorded anywhere. */
const RULES_1: PromiseRules = {
  ...RULES_2,
  version: 1,
  ways: { ...WAYS, cancelled: {} },
  commands: (status, c) => (status === 'cancelled' ? [] : commands(status, c)),
};

export const promiseLifecycle1 = promiseLifecycleOf(RULES_1);
export const promiseLifecycle2 = promiseLifecycleOf(RULES_2);

/** Every state and amount has the same meaning in both. What version 1 stored may still ask for what
 *  had bounced before the payment was cancelled, and nobody can answer that. */
export const promiseFrom1: Migration = {
  lifecycle: 'promise',
  from: 1,
  to: 2,
  migrate: ({ status, context }) => {
    const c = context as PromiseContext;
    return { status, context: c.isCancelled ? { ...c, attention: null } : c };
  },
};

/** In version 2 nothing but refunds followed a refund, so what they forgave can be told from the
 *  sums. With it the amounts put the payment where version 3 has it: what is still owed after a
 *  refund is asked for again, and a refund of an overpayment leaves the payment received. */
export const promiseFrom2: Migration = {
  lifecycle: 'promise',
  from: 2,
  to: 3,
  migrate: ({ context }) => {
    const c = context as PromiseContext;
    const over = c.receivedMinor - c.requestedMinor;
    const forgiven = c.isCancelled ? 0 : c.refundedMinor - (over > 0 ? over : 0);
    const now = { ...c, reducedMinor: 0, forgivenMinor: forgiven > 0 ? forgiven : 0 };
    return { status: statusOf(now), context: now };
  },
};
