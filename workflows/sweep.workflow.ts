import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep.contract.ts';

const act = proxyActivities<SweepActivities>({
  startToCloseTimeout: '10m',
  retry: { maximumAttempts: 3 },
});

/** Wakes payments whose next step is overdue: requests that nobody started, runs that were lost. */
export async function sweepPayments(): Promise<{ woken: number; failed: number }> {
  return await act.wakeOverduePayments.executeWithOptions(
    { startToCloseTimeout: '10m', summary: 'Wake payments whose next step is overdue' },
    [],
  );
}
