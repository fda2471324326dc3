import type { LifecycleEvent } from './lifecycle.ts';

/** A fact with its author, and the key of the command that it answers. JSON-safe. */
export type Fact = {
  readonly event: LifecycleEvent;
  /** `api:<role>:<key prefix>`, `system`, `provider:<name>` or `signal`. */
  readonly actor: string;
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
};
