import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { listOverduePayments } from '../db/queries/overdue-payments.ts';
import { runOptions, workflowTypeOf } from '../workflows/contracts.ts';
import { PROVIDERS } from './providers/catalog.ts';
import type { SweepActivities } from './sweep.contract.ts';

/** A step that is late by less is not overdue: its run is about to take it. */
const GRACE_MS = 30_000;
const BATCH = 500;

export function createSweepActivities(deps: {
  readonly pool: pg.Pool;
  readonly temporal: Client;
  readonly graceMs?: number;
}): SweepActivities {
  return {
    async wakeOverduePayments() {
      const graceMs = deps.graceMs ?? GRACE_MS;
      const overdue = await listOverduePayments(deps.pool, { graceMs, limit: BATCH });
      for (const payment of overdue) {
        const providerLabel = PROVIDERS[payment.provider]?.label ?? payment.provider;
        // USE_EXISTING: a run that lives is left as it is.
        await deps.temporal.workflow.start(workflowTypeOf(payment.lifecycle), {
          ...runOptions({ ...payment, providerLabel }, { paymentId: payment.id }),
          // Where this sweep runs, payments run too.
          taskQueue: Context.current().info.taskQueue,
        });
      }
      return { woken: overdue.length };
    },
  };
}
