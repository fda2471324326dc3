/**
 * The one loop that carries every lifecycle. It takes the next event (a command, an effect's
 * outcome, the deadline), asks the chart, and runs the one effect that the new state waits for. It
 * is the only writer of its payment, so one money operation is in flight at a time.
 */
import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  continueAsNew,
  patched,
  proxyLocalActivities,
  workflowInfo,
} from '@temporalio/workflow';
import { assert } from '../machines/shared/assert.ts';
import type { Effect, Frozen } from '../machines/shared/lifecycle.ts';
import type { JournalActivities } from '../activities/journal.contract.ts';
import type { EffectOutcome } from '../activities/effect.contract.ts';
import { COMMAND_REFUSED, COMMAND_TOO_LATE, type PaymentRunInput } from './contracts.ts';
import { Inbox } from './inbox.ts';
import { timerSummary } from './details.ts';
import { Publisher } from './publisher.ts';
import { openRun, PaymentRun } from './run.ts';

/** Runs the activity of one effect; it journals the run's facts, acts, and journals the outcome. */
export type Perform = (effect: Effect, run: PaymentRun) => Promise<EffectOutcome>;

/** A worker may die when what it had accepted is journaled and Temporal has not heard of it: then the
 *  journal knows more than the run does, and nobody is refused before it was asked. */
const ASKS_BEFORE_REFUSING = 'asks-the-journal-before-refusing';

/** Whether a command came too late is judged where its fact is written, by one clock: the database's. */
const JOURNAL_JUDGES_TIME = 'journal-judges-time';

/** An activity that ends so has journaled nothing: what led to it never happened. */
const NOTHING_WRITTEN: ReadonlySet<string> = new Set([COMMAND_REFUSED, COMMAND_TOO_LATE]);

const NO_ANSWER = 'the worker or the provider gave no answer in time';

const journal = proxyLocalActivities<JournalActivities>({
  startToCloseTimeout: '20s',
  retry: { initialInterval: '100ms', maximumInterval: '10s' },
});

/** Carries one payment until only a person can move it. Resolves with its frozen state. */
export async function drive(
  input: PaymentRunInput,
  verbs: readonly string[],
  perform: Perform,
): Promise<Frozen> {
  const { paymentId, opening } = input;
  const inbox = new Inbox(verbs);
  const run =
    opening === undefined
      ? new PaymentRun(paymentId, await journal.loadPayment({ paymentId, wakes: true }))
      : openRun(paymentId, opening);
  inbox.attach(run);
  const publisher = new Publisher(run);
  for (;;) {
    const effect = run.lifecycle.pendingEffect(run.state);
    if (effect !== null) {
      await carryOut(effect, run, perform);
      continue;
    }
    if (run.unjournaled.facts.length > 0) {
      const { agrees, isLate } = await journal.appendFacts(run.unjournaled);
      if (agrees) run.journaled();
      else if (isLate === true) run.rewind();
      else await catchUp(run);
      continue;
    }
    if (!inbox.isEmpty) {
      await takeNext(inbox, run);
      continue;
    }
    const deadline = run.lifecycle.deadline(run.state);
    publisher.publish(deadline);
    if (deadline === null) {
      await inbox.drain();
      if (inbox.isEmpty) return run.lifecycle.freeze(run.state);
      continue;
    }
    // A payment that waits for years outgrows its history: a new run takes it from the journal.
    const isLong = workflowInfo().continueAsNewSuggested;
    if (isLong && inbox.isIdle) await goOnAnew(paymentId);
    const waitMs = deadline.at - Date.now();
    const summary = timerSummary(deadline);
    const wakes = (): boolean => !inbox.isEmpty || (isLong && inbox.isIdle);
    if (waitMs > 0 && (await condition(wakes, waitMs, { summary }))) continue;
    const event = { ...deadline.event, at: Date.now() };
    assert(run.accept({ event, actor: 'system' }), `${event.type} is due but not legal`);
  }
}

async function takeNext(inbox: Inbox, run: PaymentRun): Promise<void> {
  if (inbox.takeHead(run)) return catchUp(run);
  const judgesTime = inbox.isLate(Date.now()) && !patched(JOURNAL_JUDGES_TIME);
  const isRefused = !judgesTime && inbox.isAboutToRefuse(run, Date.now());
  if (isRefused && patched(ASKS_BEFORE_REFUSING)) await catchUp(run);
  inbox.take(run, Date.now(), judgesTime);
}

const goOnAnew = (paymentId: string): Promise<never> =>
  continueAsNew<(input: PaymentRunInput) => Promise<Frozen>>({ paymentId });

async function carryOut(effect: Effect, run: PaymentRun, perform: Perform): Promise<void> {
  try {
    const { event, actor, head } = await perform(effect, run);
    // Nothing new was seen: what made us look is forgotten.
    if (event === null) run.rewind();
    // Not legal, or more than one fact ahead: the journal knows more than this run does.
    const followed = event === null || run.accept({ event, actor });
    if (followed && event !== null) run.journaled();
    if (!followed || head > run.sequence) await catchUp(run);
  } catch (error) {
    if (!(error instanceof ActivityFailure)) throw error;
    if (error.cause instanceof ApplicationFailure && NOTHING_WRITTEN.has(error.cause.type ?? '')) {
      run.rewind(error.cause);
      return;
    }
    await catchUp(run);
    const owed = run.lifecycle.pendingEffect(run.state);
    if (owed?.type !== effect.type || owed.operationId !== effect.operationId) return;
    const event = run.lifecycle.withoutAnswer(effect, Date.now(), NO_ANSWER);
    assert(run.accept({ event, actor: 'system' }), `${event.type} after no answer is not legal`);
  }
}

async function catchUp(run: PaymentRun): Promise<void> {
  run.adopt(await journal.loadPayment({ paymentId: run.paymentId }));
}
