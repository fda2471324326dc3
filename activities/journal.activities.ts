import { ApplicationFailure } from '@temporalio/common';
import { CommandTooLate, type Journal, OtherFact } from '../db/journal/journal.ts';
import type { PaymentRepository } from '../db/repositories/payment.repository.ts';
import { PAYMENT_UNKNOWN } from '../workflows/contracts.ts';
import type { JournalActivities } from './journal.contract.ts';

export function createJournalActivities(deps: {
  readonly journal: Journal;
  readonly payments: PaymentRepository;
}): JournalActivities {
  return {
    async loadPayment({ paymentId }) {
      const loaded = await deps.payments.load(paymentId);
      if (loaded === null) {
        throw ApplicationFailure.nonRetryable(`no payment ${paymentId}`, PAYMENT_UNKNOWN);
      }
      return loaded;
    },
    async appendFacts(input) {
      try {
        const { folded, head, taken } = await deps.journal.append({ ...input, yields: true });
        return { agrees: taken === null && head === folded.sequence };
      } catch (error) {
        if (error instanceof OtherFact) return { agrees: false };
        if (error instanceof CommandTooLate) return { agrees: false, isLate: true };
        throw error;
      }
    },
  };
}
