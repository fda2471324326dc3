import { type Client, ScheduleAlreadyRunning, ScheduleOverlapPolicy } from '@temporalio/client';
import { SWEEP_SCHEDULE, SWEEP_WORKFLOW, TASK_QUEUE } from '../workflows/contracts.ts';

/** Makes sure that Temporal runs the sweep each minute. Any worker may call it, at every start. */
export async function ensureSweepSchedule(client: Client): Promise<void> {
  try {
    await client.schedule.create({
      scheduleId: SWEEP_SCHEDULE,
      spec: { intervals: [{ every: '1m' }] },
      policies: { overlap: ScheduleOverlapPolicy.SKIP, catchupWindow: '1m' },
      action: {
        type: 'startWorkflow',
        workflowType: SWEEP_WORKFLOW,
        workflowId: SWEEP_SCHEDULE,
        taskQueue: TASK_QUEUE,
        args: [],
        staticSummary: 'Wake payments whose next step is overdue',
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
