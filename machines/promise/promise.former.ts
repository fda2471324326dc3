/** Version 1, for the payments that began with it, and how they go on with version 2. */
import type { Migration } from '../shared/migration.ts';
import { commands, promiseLifecycleOf } from './promise.lifecycle.ts';
import { promiseMachine1 } from './promise.machine.ts';
import type { PromiseContext } from './promise.types.ts';

/** A cancelled payment was over: money that came later could not be recorded anywhere. */
export const promiseLifecycle1 = promiseLifecycleOf(1, promiseMachine1, (state) =>
  state.value === 'cancelled' ? [] : commands(state),
);

/** As version 1 wrote it. */
type Context1 = Omit<PromiseContext, 'lateMinor'>;

/** Every state has the same meaning in both; what came late could not be said before. */
export const promiseFrom1: Migration = {
  lifecycle: 'promise',
  from: 1,
  to: 2,
  migrate: ({ status, context }) => ({
    status,
    context: { ...(context as Context1), lateMinor: 0 } satisfies PromiseContext,
  }),
};
