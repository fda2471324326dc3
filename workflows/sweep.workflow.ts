import { proxyActivities } from '@temporalio/workflow';
import type { SweepActivities } from '../activities/sweep.contract.ts';

const act = proxyActivities<SweepActivities>({
  startToCloseTimeout: '10m',
  retry: { maximumAttempts: 3 },
});

/** Wakes payments and deliveries whose next step is overdue: what nobody started, runs that were
 *  lost. */
export async function sweepPayments(): Promise<{ woken: number; failed: number }> {
  const payments = await act.wakeOverduePayments.executeWithOptions(
    { startToCloseTimeout: '10m', summary: 'Wake payments whose next step is overdue' },
    [],
  );
  await act.wakeOverdueDeliveries.executeWithOptions(
    { startToCloseTimeout: '10m', summary: 'Wake deliveries to merchants that are overdue' },
    [],
  );
  return payments;
}
