import { proxyActivities } from '@temporalio/workflow';
import type { NewsActivities } from '../activities/news.contract.ts';
import type { ReconciliationActivities } from '../activities/reconciliation/reconciliation.contract.ts';
import type { SweepActivities } from '../activities/sweep.contract.ts';

const act = proxyActivities<SweepActivities & NewsActivities & ReconciliationActivities>({
  startToCloseTimeout: '10m',
  // A worker that died in the middle is noticed by this, and not only when the ten minutes are over.
  heartbeatTimeout: '8s',
  retry: { maximumAttempts: 3 },
});

type Swept = Awaited<ReturnType<SweepActivities['wakeOverduePayments']>> &
  Awaited<ReturnType<NewsActivities['deliverDueNews']>> &
  Awaited<ReturnType<ReconciliationActivities['scheduleReconciliations']>>;

/** Each minute: payments whose next step is overdue, news that its payment has not heard,
 *  deliveries to merchants that nobody makes, and integrations that are new. */
export async function sweepPayments(): Promise<Swept> {
  const options = { startToCloseTimeout: '10m', heartbeatTimeout: '8s' } as const;
  const woken = await act.wakeOverduePayments.executeWithOptions(
    { ...options, summary: 'Wake payments whose next step is overdue' },
    [],
  );
  const told = await act.deliverDueNews.executeWithOptions(
    { ...options, summary: 'Tell payments their news' },
    [],
  );
  await act.wakeOverdueDeliveries.executeWithOptions(
    { ...options, summary: 'Wake deliveries to merchants that are overdue' },
    [],
  );
  const nightly = await act.scheduleReconciliations.executeWithOptions(
    { ...options, summary: 'Schedule the nightly comparison of new integrations' },
    [],
  );
  const failed = woken.failed + told.failed + nightly.failed;
  return { ...woken, ...told, ...nightly, failed };
}
