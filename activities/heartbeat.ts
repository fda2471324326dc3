import { Context } from '@temporalio/activity';
import type {
  ActivityExecuteInput,
  ActivityInboundCallsInterceptor,
  Next,
} from '@temporalio/worker';

/** Well within the activities' heartbeat time-out, and longer than most of them take. */
const BEAT_EVERY_MS = 1_500;

/** Beats while an activity runs, so that a worker that died is noticed within seconds and not only
 *  when the activity's own time is over. */
export class Heartbeat implements ActivityInboundCallsInterceptor {
  async execute(
    input: ActivityExecuteInput,
    next: Next<ActivityInboundCallsInterceptor, 'execute'>,
  ): Promise<unknown> {
    const context = Context.current();
    const timer = setInterval(() => context.heartbeat(), BEAT_EVERY_MS);
    try {
      return await next(input);
    } finally {
      clearInterval(timer);
    }
  }
}
