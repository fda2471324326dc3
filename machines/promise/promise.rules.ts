/** In what the versions of a promise differ; one chart and one lifecycle make all of them. */
import type { Command } from '../shared/lifecycle.ts';
import type { PromiseContext, PromiseEvent, PromiseStatus, Receipt } from './promise.types.ts';

export type PromiseWays = {
  readonly [From in PromiseStatus]: Partial<Record<PromiseEvent['type'], readonly PromiseStatus[]>>;
};

export type PromiseRules = {
  readonly version: number;
  /** Where each fact may lead, from each state; the amounts choose. */
  readonly ways: PromiseWays;
  readonly record: (c: PromiseContext, event: PromiseEvent) => PromiseContext;
  readonly statusOf: (c: PromiseContext) => PromiseStatus;
  /** Not received, and still owed. */
  readonly openMinor: (c: PromiseContext) => number;
  /** What a receipt is of when nobody says it; 0 where it has to be said. */
  readonly expectedMinor: (c: PromiseContext) => number;
  readonly reducibleMinor: (c: PromiseContext) => number;
  readonly mayBounce: (c: PromiseContext, receipt: Receipt) => boolean;
  readonly mayCancel: (c: PromiseContext) => boolean;
  /** May money be said at the instant `at` to have come on `date`? */
  readonly mayComeOn: (date: string, at: number) => boolean;
  readonly commands: (status: PromiseStatus, c: PromiseContext) => readonly Command[];
  /** What the amounts do not say, besides what is owed. */
  readonly remarks: (c: PromiseContext) => readonly string[];
  readonly details: (c: PromiseContext) => Readonly<Record<string, unknown>>;
};
