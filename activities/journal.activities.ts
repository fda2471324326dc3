import { ApplicationFailure } from '@temporalio/common';
import { CommandTooLate, type Journal, JournalMoved, OtherFact } from '../db/journal/journal.ts';
import type { LoadedPayment, PaymentRepository } from '../db/repositories/payment.repository.ts';
import { migrationDue } from '../machines/lifecycles.ts';
import { PAYMENT_UNKNOWN } from '../workflows/contracts.ts';
import type { JournalActivities } from './journal.contract.ts';

export function createJournalActivities(deps: {
  readonly journal: Journal;
  readonly payments: PaymentRepository;
}): JournalActivities {
  async function load(paymentId: string): Promise<LoadedPayment> {
    const loaded = await deps.payments.load(paymentId);
    if (loaded !== null) return loaded;
    throw ApplicationFailure.nonRetryable(`no payment ${paymentId}`, PAYMENT_UNKNOWN);
  }

  return {
    async loadPayment({ paymentId, wakes }) {
      for (;;) {
        const { frozen: base, sequence, commands } = await load(paymentId);
        const event = wakes === true ? migrationDue(base, Date.now()) : null;
        if (event === null) return { frozen: base, sequence, commands };
        const facts = [{ event, actor: 'system' }];
        try {
          await deps.journal.append({ paymentId, base, sequence, facts, yields: true });
        } catch (error) {
          // Another attempt of this was first: the next look shows what it wrote.
          if (!(error instanceof JournalMoved)) throw error;
        }
      }
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
