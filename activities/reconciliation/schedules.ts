/** Every night, each integration at a minute of its own, so that not all ask at once. */
import { createHash } from 'node:crypto';
import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import type { IntegrationRepository } from '../../db/repositories/integration.repository.ts';
import { PROVIDERS } from '../providers/catalog.ts';
import { reconcileIdOf, RECONCILE_NIGHTLY_WORKFLOW } from '../../workflows/contracts.ts';

/** From 01:00 to 04:59 UTC. */
const FIRST_HOUR = 1;
const MINUTES = 240;

export function createSchedules(temporal: Client, integrations: IntegrationRepository) {
  /** Ensured by this process: asked for once, not each minute. */
  const ensured = new Set<string>();
  return {
    /** Also those that are switched off: what they took before still has to agree. One that cannot
     *  be made keeps no other from being made. */
    async ensureAll(taskQueue: string): Promise<{ scheduled: number; failed: number }> {
      const tally = { scheduled: 0, failed: 0 };
      for (const { id, provider } of await integrations.listAll()) {
        // What has no server has no books to compare with.
        if (ensured.has(id) || PROVIDERS[provider]?.books === undefined) continue;
        try {
          await ensure(temporal, id, taskQueue);
          ensured.add(id);
          tally.scheduled += 1;
        } catch {
          tally.failed += 1;
        }
      }
      return tally;
    },
  };
}

async function ensure(temporal: Client, integrationId: string, taskQueue: string): Promise<void> {
  const minute = createHash('sha256').update(integrationId).digest().readUInt32BE() % MINUTES;
  const scheduleId = reconcileIdOf(integrationId);
  try {
    await temporal.schedule.create({
      scheduleId,
      spec: { calendars: [{ hour: FIRST_HOUR + Math.floor(minute / 60), minute: minute % 60 }] },
      // A night that Temporal or the workers slept through is made up for in the morning.
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '12h' },
      action: {
        type: 'startWorkflow',
        workflowType: RECONCILE_NIGHTLY_WORKFLOW,
        // Temporal adds the time of the night.
        workflowId: `nightly-${scheduleId}`,
        taskQueue,
        args: [{ integrationId }],
        staticSummary: `Compare the books of ${integrationId} with its provider’s`,
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
