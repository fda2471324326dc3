import type { LoadedPayment } from '../db/repositories/payment.repository.ts';
import type { Frozen } from '../machines/shared/lifecycle.ts';
import type { Fact } from '../machines/shared/fact.ts';

/** What a run needs to go on: the journaled state, and which fact each command's key became. */
export type LoadedRun = LoadedPayment;

/** Facts that follow the state `base`, which reflects the journal's `sequence`. */
export type Unjournaled = {
  readonly paymentId: string;
  readonly base: Frozen;
  readonly sequence: number;
  readonly facts: readonly Fact[];
};

export type JournalActivities = {
  /** @throws ApplicationFailure `PaymentUnknown` when the journal has no such payment. */
  loadPayment(input: {
    paymentId: string;
    /** The run begins with it: then the payment moves to the next version of its lifecycle. */
    wakes?: boolean;
  }): Promise<LoadedRun>;
  /** @returns whether these facts are what the journal has now, and nothing more; `isLate` when they
   *  hold a command that is not valid any more, so that nothing was written and never will be. */
  appendFacts(input: Unjournaled): Promise<{ agrees: boolean; isLate?: boolean }>;
};
