/** Version 1, for the payments that began with it, and how they go on with version 2. */
import type { Migration } from '../shared/migration.ts';
import { commands, promiseLifecycleOf } from './promise.lifecycle.ts';
import { promiseMachine1 } from './promise.machine.ts';
import type { PromiseContext } from './promise.types.ts';

/** A cancelled payment was over: money that came later could not be recorded anywhere. */
export const promiseLifecycle1 = promiseLifecycleOf(1, promiseMachine1, (state) =>
  state.value === 'cancelled' ? [] : commands(state),
);

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
