/** The time that activities may take which ask a provider. */
import type { ActivityOptions } from '@temporalio/workflow';

/** An attempt outlives the provider client's own time limit (20 s); the heartbeat finds a dead
 *  worker sooner. What was surely not sent is retried until `scheduleToClose`, then asked about. */
export const ATTEMPT = {
  startToCloseTimeout: '45s',
  heartbeatTimeout: '8s',
  retry: { initialInterval: '500ms', backoffCoefficient: 2, maximumInterval: '1m' },
} satisfies ActivityOptions;

/** Behind a buyer who waits, and for staff who can come back tomorrow. */
export const BUYER_WAITS = { ...ATTEMPT, scheduleToCloseTimeout: '15m' } satisfies ActivityOptions;
export const QUESTION = { ...ATTEMPT, scheduleToCloseTimeout: '2m' } satisfies ActivityOptions;
export const LATER = { ...ATTEMPT, scheduleToCloseTimeout: '24h' } satisfies ActivityOptions;
