/** How a payment of an older version of its lifecycle goes on with the next one. */
import type { Frozen, LifecycleEvent } from './lifecycle.ts';

export const MIGRATED = 'lifecycle.migrated';

/** The fact that a payment moved to another version of its lifecycle. No money moves with it. */
export type Migrated = {
  readonly type: typeof MIGRATED;
  readonly at: number;
  readonly from: number;
  readonly to: number;
};

export type Migration = {
  readonly lifecycle: string;
  readonly from: number;
  readonly to: number;
  /** The same payment as the next version writes it: the amounts stay what they are. */
  migrate(frozen: Frozen): Pick<Frozen, 'status' | 'context'>;
};

export const isMigration = (event: LifecycleEvent): event is Migrated => event.type === MIGRATED;
