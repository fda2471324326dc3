/** Use case: staff ask a payment for something and hear what became of it. */
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit, { type LimitFunction } from 'p-limit';
import { PROVIDERS } from '../../activities/providers/catalog.ts';
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import type { FoundPayment, PaymentRecord } from '../../db/repositories/payment.repository.ts';
import { asWoken } from '../../machines/lifecycles.ts';
import type { CommandRequest } from '../../machines/shared/lifecycle.ts';
import {
  type Answer,
  COMMAND_REFUSED,
  COMMAND_TOO_LATE,
  type CommandMessage,
  type CommandRefusal,
  KEY_REUSED,
} from '../../workflows/contracts.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { isPaymentId, requestHashOf } from './digest.ts';
import { assertDates } from './dates.ts';
import { answerIn, presentAt, presentPayment, tellStory, viewOf } from './present.ts';
import { askRun, refusalOf } from './run.ts';
import type { PaymentResource } from './schemas.ts';
import { forever, pause } from './waiting.ts';

export type Commanded = { readonly status: 200 | 202; readonly payment: PaymentResource };

/** A command that is not in the journal by then was not accepted, and no longer will be. */
const ACCEPT_WITHIN_MS = 5_000;

/** Temporal takes 10 updates of one run at a time; several API processes share them. */
const UPDATES_AT_ONCE = 4;

export type PaymentCommander = (
  caller: Caller,
  paymentId: string,
  request: { command: CommandRequest; idempotencyKey: string; waitMs: number },
) => Promise<Commanded>;

export function createCommander(deps: ApiDeps): PaymentCommander {
  const turnstiles = new Map<string, LimitFunction>();

  /** Lets a few through at a time; identical callers would otherwise crowd each other out. */
  async function inTurn<T>(paymentId: string, work: () => Promise<T>): Promise<T> {
    const turnstile = turnstiles.get(paymentId) ?? pLimit(UPDATES_AT_ONCE);
    turnstiles.set(paymentId, turnstile);
    try {
      return await turnstile(work);
    } finally {
      if (turnstile.activeCount + turnstile.pendingCount === 0) turnstiles.delete(paymentId);
    }
  }

  async function commandPayment(
    ...[caller, paymentId, { command, idempotencyKey, waitMs }]: Parameters<PaymentCommander>
  ): Promise<Commanded> {
    const record = await findPayment(deps, caller, paymentId);
    const requestHash = requestHashOf(paymentId, command, idempotencyKey);
    const known = await deps.payments.factByKey(paymentId, idempotencyKey);
    if (known !== null) {
      if (known.requestHash !== requestHash) throw keyReused();
      const answered = await answerOf(deps, paymentId, known.sequence);
      if (answered.status === 200) return answered;
    }
    assertVerb(record, command.verb);
    assertSendable(record, command);
    await assertDates(deps, record, command);
    const limitMs = Math.max(waitMs, ACCEPT_WITHIN_MS);
    const message: CommandMessage = {
      ...spelledOut(record, command),
      actor: `api:${caller.role}:${caller.keyPrefix}`,
      idempotencyKey,
      requestHash,
      // By the clock that judges it: the database's, which was read with the payment.
      validUntil: record.readAt.getTime() + limitMs,
    };
    const heard = inTurn(paymentId, () => hear(deps, record, message, limitMs));
    return settle(deps, message, paymentId, heard, { waitMs, limitMs });
  }

  return async (caller, paymentId, request) =>
    proven(request.command.verb, await commandPayment(caller, paymentId, request));
}

/** What an operator said was asked about once more, and the provider said otherwise.
 *  @throws Problem `contradicts-proof`, also for each repeat */
function proven(verb: string, commanded: Commanded): Commanded {
  const { decline } = commanded.payment;
  if (decline?.code !== 'contradicts_proof' || decline.verb !== verb) return commanded;
  throw new Problem('contradicts-proof', `${decline.message} ${decline.advice ?? ''}`.trim());
}

/** @throws Problem `not-found`, also for what another account or mode owns. */
export async function findPayment(
  deps: ApiDeps,
  caller: Caller,
  paymentId: string,
): Promise<FoundPayment> {
  const record = isPaymentId(paymentId) ? await deps.payments.find(paymentId) : null;
  const visible =
    record !== null && record.accountId === caller.accountId && record.mode === caller.mode;
  if (!visible) throw new Problem('not-found', 'There is no such payment for this API key.');
  return record;
}

/** How the wait for a command ends: answered by the run, or by what the journal says of it. */
type Ending =
  | { readonly kind: 'answered'; readonly answer: Answer }
  | { readonly kind: 'refused'; readonly problem: Problem }
  | { readonly kind: 'running'; readonly requested: number }
  | { readonly kind: 'late' }
  | { readonly kind: 'void' };

async function settle(
  deps: ApiDeps,
  message: CommandMessage,
  paymentId: string,
  heard: Promise<Ending>,
  { limitMs, waitMs }: { readonly limitMs: number; readonly waitMs: number },
): Promise<Commanded> {
  const stop = new AbortController();
  const untilMs = performance.now() + limitMs;
  try {
    let ending = await Promise.race([heard, watch(deps, message, paymentId, waitMs, stop.signal)]);
    // The run says that it was too late. Only the journal can prove that, and soon will.
    if (ending.kind === 'late') ending = await watch(deps, message, paymentId, 0, stop.signal);
    switch (ending.kind) {
      case 'answered': {
        const { requested, answered } = ending.answer;
        return await answerOf(deps, paymentId, requested, answered, untilMs);
      }
      case 'running':
        return await answerOf(deps, paymentId, ending.requested);
      case 'refused':
        throw ending.problem;
      case 'void':
        throw await whyNotAccepted(deps, paymentId, message.verb);
      case 'late':
        throw new Error('the journal cannot be late');
    }
  } finally {
    stop.abort();
  }
}

const ASK_AGAIN_MS = 300;

/**
 * What the run says. Any failure but our own words says nothing of what was done: the run may have been
 * ended after it had written. Then the next run is asked, which knows what the journal has; and when
 * none answers in time, the journal has the last word.
 */
async function hear(
  deps: ApiDeps,
  record: PaymentRecord,
  message: CommandMessage,
  limitMs: number,
): Promise<Ending> {
  const untilMs = performance.now() + limitMs;
  for (;;) {
    const leftMs = untilMs - performance.now();
    if (leftMs <= 0) return forever();
    try {
      return { kind: 'answered', answer: await askRun(deps, record, message, leftMs) };
    } catch (error) {
      const ending = endingIn(error);
      if (ending !== null) return ending;
      deps.log.warn({ paymentId: record.id, error }, 'no answer from the run');
      await sleep(ASK_AGAIN_MS);
    }
  }
}

const POLL_MS = 100;

/** What the journal says once the caller has waited: it runs, or it never will. */
async function watch(
  deps: ApiDeps,
  { idempotencyKey, validUntil }: CommandMessage,
  paymentId: string,
  waitMs: number,
  signal: AbortSignal,
): Promise<Ending> {
  await pause(waitMs, signal);
  for (;;) {
    const fate = await deps.payments.fateOf(paymentId, idempotencyKey, new Date(validUntil));
    const known =
      fate === 'journaled' ? await deps.payments.factByKey(paymentId, idempotencyKey) : null;
    if (known !== null) return { kind: 'running', requested: known.sequence };
    if (fate === 'void') return { kind: 'void' };
    await pause(POLL_MS, signal);
  }
}

/** How a run's own words end the wait; null for whatever else went wrong on the way. */
function endingIn(error: unknown): Ending | null {
  const refusal = refusalOf(error);
  switch (refusal?.type) {
    case KEY_REUSED:
      return { kind: 'refused', problem: keyReused() };
    case COMMAND_REFUSED: {
      const [details] = refusal.details ?? [];
      const { code, detail, ...extensions } = details as CommandRefusal;
      return { kind: 'refused', problem: new Problem(code, detail, extensions) };
    }
    case COMMAND_TOO_LATE:
      return { kind: 'late' };
    default:
      return null;
  }
}

const keyReused = (): Problem =>
  new Problem(
    'idempotency-key-reused',
    'This Idempotency-Key was used for another request on this payment. Use a new key for a new request.',
  );

const notAccepted = (): Problem =>
  new Problem(
    'not-accepted',
    'The request did not reach the payment and will not be carried out. Ask again with the same Idempotency-Key.',
  );

/** Another operation kept the payment busy, or nobody was there to take the request. */
async function whyNotAccepted(deps: ApiDeps, paymentId: string, verb: string): Promise<Problem> {
  const record = await deps.payments.find(paymentId);
  const view = record && viewOf(record);
  if (view === null || view.operationInFlight === null) return notAccepted();
  return new Problem(
    'illegal-transition',
    `The payment is ${view.status.replaceAll('_', ' ')} and could not be asked to ${verb} meanwhile. Look at it again before you ask anew.`,
    { allowed: view.commands },
  );
}

/** What payments of this kind are never asked for, its run does not even hear. */
function assertVerb(record: PaymentRecord, verb: string): void {
  const { name, verbs } = asWoken(record.frozen).lifecycle;
  if (verbs.includes(verb)) return;
  const { commands } = viewOf(record);
  const may = commands.map((each) => each.verb).join(', ') || 'nothing';
  const detail = `A payment of the lifecycle ${name} is never asked to ${verb}. Now it may be asked to: ${may}.`;
  throw new Problem('illegal-transition', detail, { allowed: commands });
}

/** What a hold allows is known here: whether a part releases the rest is never left to a default. */
function spelledOut(record: PaymentRecord, command: CommandRequest): CommandRequest {
  if (command.verb !== 'capture' || command.final !== undefined || command.captureAt === null) {
    return command;
  }
  const { name } = asWoken(record.frozen).lifecycle;
  const capture = viewOf(record).commands.find(({ verb }) => verb === 'capture');
  if (name !== 'card' || capture === undefined) return command;
  const isPart = command.amountMinor !== undefined && command.amountMinor !== capture.maxMinor;
  return { ...command, final: !(isPart && capture.multiple === true) };
}

function assertSendable(record: PaymentRecord, command: CommandRequest): void {
  if (command.amountMinor === undefined) return;
  const { currency } = viewOf(record).amounts;
  const problem = PROVIDERS[record.provider]?.amountProblem({
    amountMinor: command.amountMinor,
    currency,
  });
  if (problem !== null && problem !== undefined) throw new Problem('amount-not-supported', problem);
}

/** The payment as it was when the command was answered: the same for every repeat. A fact that leads
 *  on to another operation is journaled together with that, so the run may answer a moment before:
 *  it is waited for until `untilMs` (of `performance.now()`), and nothing is promised before. */
async function answerOf(
  deps: ApiDeps,
  paymentId: string,
  requested: number,
  answered: number | null = null,
  untilMs = 0,
): Promise<Commanded> {
  let record = await deps.payments.find(paymentId);
  while (record !== null && record.sequence < (answered ?? 0) && performance.now() < untilMs) {
    await sleep(POLL_MS);
    record = await deps.payments.find(paymentId);
  }
  if (record === null) throw new Error(`${paymentId} is gone`);
  if (answered !== null && answered === record.sequence) {
    return { status: 200, payment: presentPayment(record, deps.publicUrl) };
  }
  const story = tellStory(record, await deps.payments.facts(paymentId));
  const isThere = answered !== null && answered < record.sequence;
  const at = isThere ? answered : answerIn(story, requested);
  return at === null
    ? { status: 202, payment: presentPayment(record, deps.publicUrl) }
    : { status: 200, payment: presentAt(record, story, at, deps.publicUrl) };
}
