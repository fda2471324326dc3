import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { executeChild, proxyActivities } from '@temporalio/workflow';
import type {
  Compared,
  ReconciliationActivities,
  Reviewed,
} from '../activities/reconciliation/reconciliation.contract.ts';
import { reconcileOptions, type ReconcileInput } from './contracts.ts';

const DAY_MS = 86_400_000;
/** Longer than the longest hold (30 days): a capture has no list of its own, it is seen with the
 *  payment that it belongs to. */
const WINDOW_MS = 35 * DAY_MS;
const WINDOW_MAX_MS = 400 * DAY_MS;
const QUIET_MS = 5 * 60_000;

/** Retried through a provider's bad night; the next night begins anew. */
const OPTIONS = {
  startToCloseTimeout: '2h',
  scheduleToCloseTimeout: '12h',
  heartbeatTimeout: '8s',
  retry: { initialInterval: '1s', backoffCoefficient: 2, maximumInterval: '5m' },
} as const;

const act = proxyActivities<ReconciliationActivities>(OPTIONS);

type Reconciled = Compared & Pick<Reviewed, 'resolved'>;

/** Compares the provider's books with ours, day by day and the newest first, so that a worker that
 *  dies costs a day of the list and no memory holds more than that. */
export async function reconcileIntegration(input: ReconcileInput): Promise<Reconciled> {
  const { integrationId, quietMs = QUIET_MS } = input;
  const { asked } = await act.askAboutEach.executeWithOptions(
    { ...OPTIONS, summary: 'Ask about each payment, where there is no list' },
    [{ integrationId }],
  );
  if (asked !== null) {
    return { listed: asked, different: 0, moving: 0, unread: 0, resolved: 0 };
  }
  const windowMs = Math.min(input.windowMs ?? WINDOW_MS, WINDOW_MAX_MS);
  const since = Date.now();
  // Whole seconds, as providers count: no entry is in two days, and the present second is in one.
  const end = (Math.floor(since / 1000) + 1) * 1000;
  const begin = end - windowMs;
  const tally = { listed: 0, different: 0, moving: 0, unread: 0 };
  for (let to = end; to > begin; to -= DAY_MS) {
    const from = Math.max(to - DAY_MS, begin);
    const summary = `Compare the day from ${momentOf(from)}`;
    const slice = { integrationId, from, to, quietMs };
    const compared = await act.compareBooks.executeWithOptions({ ...OPTIONS, summary }, [slice]);
    tally.listed += compared.listed;
    tally.different += compared.different;
    tally.moving += compared.moving;
    tally.unread += compared.unread;
  }
  const summary = 'Look again at what was found before';
  const { resolved, unread } = await act.reviewFindings.executeWithOptions(
    { ...OPTIONS, summary },
    [{ integrationId, since, quietMs }],
  );
  return { ...tally, resolved, unread: tally.unread + unread };
}

/** Started by the schedule, which numbers its runs: the comparison itself has one id, so that one
 *  that somebody asked for is not done twice. Null when it is under way already. */
export async function reconcileNightly(input: ReconcileInput): Promise<Reconciled | null> {
  const { workflowId, staticSummary } = reconcileOptions(input);
  try {
    return await executeChild(reconcileIntegration, { workflowId, staticSummary, args: [input] });
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    return null;
  }
}

const momentOf = (at: number): string =>
  `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
