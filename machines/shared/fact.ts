import type { LifecycleEvent } from './lifecycle.ts';

/** A fact with its author, and the key of the command that it answers. JSON-safe. */
export type Fact = {
  readonly event: LifecycleEvent;
  /** `api:<role>:<key prefix>`, `system`, `provider:<name>` or `signal`. */
  readonly actor: string;
  readonly idempotencyKey?: string;
  readonly requestHash?: string;
  /** Commands only: not to be journaled after this instant, for its caller was told so. Not kept. */
  readonly validUntil?: number;
};
