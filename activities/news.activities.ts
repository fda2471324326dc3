import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { deliverNews, type TellPayment } from '../db/news/deliver-news.ts';
import { createNotificationRepository } from '../db/repositories/notification.repository.ts';
import { lifecycleOf } from '../machines/lifecycles.ts';
import { NEWS, runOptions, workflowTypeOf } from '../workflows/contracts.ts';
import type { NewsActivities } from './news.contract.ts';
import { PROVIDERS } from './providers/catalog.ts';

const BATCH = 200;
const TROUBLE_MS = 60_000;

export function createNewsActivities(deps: {
  readonly pool: pg.Pool;
  readonly temporal: Client;
}): NewsActivities {
  const notifications = createNotificationRepository(deps.pool);
  return {
    async deliverDueNews() {
      const tally = { delivered: 0, failed: 0 };
      await notifications.forget();
      const tell = tellFromHere(deps.temporal);
      // What is told or postponed is not due any more, so the next batch is another one.
      for (;;) {
        const due = await notifications.due(BATCH);
        let moved = 0;
        for (const one of due) {
          try {
            await deliverNews(deps.pool, one, tell, Date.now());
            moved += 1;
          } catch (error) {
            tally.failed += 1;
            Context.current().log.warn('news could not be delivered', { id: one.id, error });
            // What cannot be told again and again must not keep what came later from being told.
            const reason = 'It could not be told; it is tried again.';
            await notifications.postpone(one.id, { reason, dueInMs: TROUBLE_MS });
          }
        }
        tally.delivered += moved;
        if (due.length < BATCH || moved === 0) return tally;
      }
    },
  };
}

/** Where this activity runs, payments run too. */
export const tellFromHere =
  (temporal: Client): TellPayment =>
  async (payment, news) => {
    const { amounts, status } = lifecycleOf(payment.frozen).view(
      lifecycleOf(payment.frozen).thaw(payment.frozen),
    );
    const description = {
      id: payment.id,
      lifecycle: payment.frozen.lifecycle,
      provider: payment.provider,
      providerLabel: PROVIDERS[payment.provider]?.label ?? payment.provider,
      status,
      source: payment.source,
      currency: amounts.currency,
      requestedMinor: amounts.requested,
    };
    await temporal.workflow.signalWithStart(workflowTypeOf(payment.frozen.lifecycle), {
      ...runOptions(description, { paymentId: payment.id }),
      taskQueue: Context.current().info.taskQueue,
      signal: NEWS,
      signalArgs: [news],
    });
  };
