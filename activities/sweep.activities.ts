import { Context } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import type pg from 'pg';
import { listOverduePayments, type OverduePayment } from '../db/queries/overdue-payments.ts';
import {
  createWebhookDeliveryRepository,
  type OverdueDelivery,
} from '../db/repositories/webhook-delivery.repository.ts';
import {
  DELIVER_WORKFLOW,
  deliveryOptions,
  JOURNAL_AHEAD,
  runOptions,
  workflowTypeOf,
} from '../workflows/contracts.ts';
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
      const tally = { woken: 0, failed: 0 };
      let after: OverduePayment | undefined;
      for (;;) {
        const overdue = await listOverduePayments(deps.pool, { graceMs, limit: BATCH, after });
        for (const payment of overdue) tally[await wake(deps.temporal, payment)] += 1;
        after = overdue.at(-1);
        if (overdue.length < BATCH) return tally;
      }
    },
    async wakeOverdueDeliveries() {
      const graceMs = deps.graceMs ?? GRACE_MS;
      const deliveries = createWebhookDeliveryRepository(deps.pool);
      const tally = { woken: 0, failed: 0 };
      let after: OverdueDelivery | undefined;
      for (;;) {
        const overdue = await deliveries.overdue({ graceMs, limit: BATCH, after });
        for (const delivery of overdue) tally[await wakeDelivery(deps.temporal, delivery)] += 1;
        after = overdue.at(-1);
        if (overdue.length < BATCH) return tally;
      }
    },
  };
}

async function wakeDelivery(
  temporal: Client,
  { endpointId, paymentId, url }: OverdueDelivery,
): Promise<'woken' | 'failed'> {
  const { info, log } = Context.current();
  const input = { endpointId, paymentId, host: new URL(url).host };
  try {
    // A start and not a signal: a run that lives knows what it waits for.
    await temporal.workflow.start(DELIVER_WORKFLOW, deliveryOptions(input, info.taskQueue));
    return 'woken';
  } catch (error) {
    log.warn('a delivery could not be woken', { endpointId, paymentId, error });
    return 'failed';
  }
}

const TELL_FOR_MS = 3 * 60_000;
const TELL_EVERY_MINUTES = 15;

/** A run that only waits for its provider is overdue each minute, too: it is not told each time, since
 *  each signal stays in its history. */
const isToldAgain = ({ overdueMs }: OverduePayment): boolean =>
  overdueMs < TELL_FOR_MS || Math.floor(overdueMs / 60_000) % TELL_EVERY_MINUTES === 0;

/** One payment that cannot be woken must not keep the others asleep: the next sweep tries again. */
async function wake(temporal: Client, payment: OverduePayment): Promise<'woken' | 'failed'> {
  const providerLabel = PROVIDERS[payment.provider]?.label ?? payment.provider;
  try {
    const type = workflowTypeOf(payment.lifecycle);
    const options = {
      ...runOptions({ ...payment, providerLabel }, { paymentId: payment.id }),
      // Where this sweep runs, payments run too.
      taskQueue: Context.current().info.taskQueue,
    };
    // A start leaves a run that lives as it is; the signal makes it look into the journal.
    if (isToldAgain(payment)) {
      await temporal.workflow.signalWithStart(type, {
        ...options,
        signal: JOURNAL_AHEAD,
        signalArgs: [payment.sequence],
      });
    } else {
      await temporal.workflow.start(type, options);
    }
    return 'woken';
  } catch (error) {
    Context.current().log.warn('a payment could not be woken', { id: payment.id, error });
    return 'failed';
  }
}
