/** What time brings about: holds lapse, debits settle, asynchronous refunds end. */
import { settleDebit } from './attempt.ts';
import { expireHold } from './capture.ts';
import { settleRefund } from './refunds.ts';
import type { Account } from './store.ts';

export type Alarm = { wakeAt: (at: number) => void; settleWhatIsDue: (account: Account) => void };

/** Remembers when something falls due next, so that looking costs nothing most of the time. */
export function createAlarm(): Alarm {
  // Zero: after a restart nobody knows, so the first look is a real one.
  let nextAt = 0;
  return {
    wakeAt: (at) => {
      nextAt = Math.min(nextAt, at);
    },
    settleWhatIsDue: (account) => {
      if (account.plane.now() < nextAt) return;
      for (const { act } of dueNow(account).toSorted((a, b) => a.at - b.at)) act();
      nextAt = earliest(account);
    },
  };
}

function dueNow(account: Account): { at: number; act: () => void }[] {
  const { state, plane } = account;
  const now = plane.now();
  const due: { at: number; act: () => void }[] = [];
  for (const record of state.intents.values()) {
    if (record.dueAt === null || record.dueAt > now) continue;
    const method = state.methods.get(record.wire.payment_method ?? '');
    const act =
      record.wire.status === 'processing' && method !== undefined
        ? () => settleDebit(account, record, method)
        : () => expireHold(account, record);
    due.push({ at: record.dueAt, act });
  }
  for (const record of state.refunds.values()) {
    if (record.dueAt === null || record.dueAt > now) continue;
    due.push({ at: record.dueAt, act: () => settleRefund(account, record) });
  }
  return due;
}

function earliest({ state }: Account): number {
  let at = Infinity;
  for (const { dueAt } of state.intents.values()) at = Math.min(at, dueAt ?? Infinity);
  for (const { dueAt } of state.refunds.values()) at = Math.min(at, dueAt ?? Infinity);
  return at;
}
