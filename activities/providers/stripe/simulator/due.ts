/** What time brings about: holds lapse, debits settle, asynchronous refunds end. */
import { settleDebit } from './attempt.ts';
import { expireHold } from './capture.ts';
import { settleRefund } from './refunds.ts';
import type { Account } from './store.ts';

/** Brings everything up to the simulator's now, in the order it fell due. Cheap enough to run before every request. */
export function settleWhatIsDue(account: Account): void {
  const { state, plane } = account;
  const now = plane.now();
  const due: { at: number; act: () => void }[] = [];
  for (const record of state.intents.values()) {
    if (record.dueAt === null || record.dueAt > now) continue;
    const method = state.methods.get(record.wire.payment_method ?? '');
    const debit = record.wire.status === 'processing' && method !== undefined;
    const act = debit
      ? () => settleDebit(account, record, method)
      : () => expireHold(account, record);
    due.push({ at: record.dueAt, act });
  }
  for (const record of state.refunds.values()) {
    if (record.dueAt === null || record.dueAt > now) continue;
    due.push({ at: record.dueAt, act: () => settleRefund(account, record) });
  }
  for (const { act } of due.toSorted((a, b) => a.at - b.at)) act();
}
