/** What time brings about: what is not paid is overdue, and after a while InfinitePay pays it. */
import { becomeOverdue, claim } from './guarantees.ts';
import type { Account } from './store.ts';

/** In the order of time. An order that is long overdue takes both steps at once. */
export function settleWhatIsDue(account: Account): void {
  const { state, plane } = account;
  for (;;) {
    const next = [...state.orders.values()]
      .filter(({ dueAt }) => dueAt !== null && dueAt <= plane.now())
      .toSorted((a, b) => (a.dueAt ?? 0) - (b.dueAt ?? 0))[0];
    if (next === undefined) return;
    if (next.state === 'guaranteed') becomeOverdue(account, next);
    else claim(account, next);
  }
}
