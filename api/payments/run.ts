/** Reaching a payment's run in Temporal, whether it lives, rests or was never started. */
import { randomUUID } from 'node:crypto';
import { WithStartWorkflowOperation, WorkflowUpdateFailedError } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/common';
import { PROVIDERS } from '../../activities/providers/catalog.ts';
import type { PaymentRecord } from '../../db/repositories/payment.repository.ts';
import {
  type Answer,
  type CommandMessage,
  FIRST_OUTCOME,
  NEWS,
  type PaymentRunInput,
  runOptions,
  workflowTypeOf,
} from '../../workflows/contracts.ts';
import type { News } from '../../machines/shared/lifecycle.ts';
import type { ApiDeps } from '../deps.ts';
import { viewOf } from './present.ts';

/** Starts the run unless it lives, and waits for its first outcome. */
export async function awaitFirstOutcome(
  deps: ApiDeps,
  record: PaymentRecord,
  input: PaymentRunInput,
  deadlineMs: number,
): Promise<Answer> {
  return withStart(deps, record, input, deadlineMs, {
    name: FIRST_OUTCOME,
    // Each caller waits for itself; there is nothing to do twice.
    updateId: `first-outcome-${randomUUID()}`,
    args: [],
  });
}

/** Asks the run to carry out a command; the same command and key attach to the one under way. */
export async function askRun(
  deps: ApiDeps,
  record: PaymentRecord,
  message: CommandMessage,
  deadlineMs: number,
): Promise<Answer> {
  return withStart(deps, record, { paymentId: record.id }, deadlineMs, {
    name: message.verb,
    updateId: `${message.requestHash}.${message.validUntil}`,
    args: [message],
  });
}

/** The failure that a run refused a command with, or null when it did not get that far. */
export function refusalOf(error: unknown): ApplicationFailure | null {
  return error instanceof WorkflowUpdateFailedError && error.cause instanceof ApplicationFailure
    ? error.cause
    : null;
}

const SIGNAL_WITHIN_MS = 5_000;

/** Hands news to the payment's run, which is woken where it rests. */
export async function signalNews(deps: ApiDeps, record: PaymentRecord, news: News): Promise<void> {
  await deps.temporal.withDeadline(Date.now() + SIGNAL_WITHIN_MS, () =>
    deps.temporal.workflow.signalWithStart(workflowTypeOf(record.frozen.lifecycle), {
      ...startOptions(deps, record, { paymentId: record.id }),
      signal: NEWS,
      signalArgs: [news],
    }),
  );
}

function startOptions(deps: ApiDeps, record: PaymentRecord, input: PaymentRunInput) {
  const { amounts, status } = viewOf(record);
  const options = runOptions(
    {
      id: record.id,
      lifecycle: record.frozen.lifecycle,
      provider: record.provider,
      providerLabel: PROVIDERS[record.provider]?.label ?? record.provider,
      status,
      source: record.source,
      currency: amounts.currency,
      requestedMinor: amounts.requested,
    },
    input,
  );
  return { ...options, taskQueue: deps.taskQueue ?? options.taskQueue };
}

async function withStart(
  deps: ApiDeps,
  record: PaymentRecord,
  input: PaymentRunInput,
  deadlineMs: number,
  update: { name: string; updateId: string; args: [] | [CommandMessage] },
): Promise<Answer> {
  const start = startOptions(deps, record, input);
  const startWorkflowOperation = new WithStartWorkflowOperation<
    (input: PaymentRunInput) => Promise<unknown>
  >(workflowTypeOf(record.frozen.lifecycle), start);
  const { name, updateId, args } = update;
  return deps.temporal.withDeadline(Date.now() + deadlineMs, () =>
    deps.temporal.workflow.executeUpdateWithStart<
      (input: PaymentRunInput) => Promise<unknown>,
      Answer,
      [] | [CommandMessage]
    >(name, { startWorkflowOperation, updateId, args }),
  );
}
