/** Use case: checkout starts a payment and hears of its first outcome. */
import { PROVIDERS, settingsOf } from '../../activities/providers/catalog.ts';
import { listOtherPayments } from '../../db/queries/other-payments.ts';
import type { Caller } from '../../db/repositories/api-key.repository.ts';
import type { Integration } from '../../db/repositories/integration.repository.ts';
import type { NewPayment, PaymentRecord } from '../../db/repositories/payment.repository.ts';
import { newestLifecycle } from '../../machines/lifecycles.ts';
import type { ApiDeps } from '../deps.ts';
import { Problem } from '../problem.ts';
import { isUnavailable } from '../../db/unavailable.ts';
import { paymentIdOf, requestHashOf } from './digest.ts';
import { firstOutcomeIn, presentAt, presentPayment, tellStory, viewOf } from './present.ts';
import { own } from './opening-rules.ts';
import { inputOf } from './opening.ts';
import { awaitFirstOutcome } from './run.ts';
import type { PaymentResource, StartedResource } from './schemas.ts';
import type { StartBody } from './start-body.ts';
import { within } from './waiting.ts';

/** Long enough to hand the payment over to Temporal, even when nobody waits for the outcome. */
const HAND_OVER_MS = 5_000;

export type Started = { readonly status: 201 | 202; readonly payment: StartedResource };

/** @throws Problem */
export async function startPayment(
  deps: ApiDeps,
  caller: Caller,
  request: { idempotencyKey: string; body: StartBody; waitMs: number },
): Promise<Started> {
  const { idempotencyKey, body, waitMs } = request;
  const id = paymentIdOf(caller, idempotencyKey);
  const requestHash = requestHashOf('start', body);
  const opened = await openPayment(deps, caller, id, requestHash, body);
  try {
    return await carryOn(deps, id, requestHash, opened, waitMs);
  } catch (error) {
    // It is journaled, so it is accepted, whatever became of the database since.
    if (opened === null || !isUnavailable(error)) throw error;
    return { status: 202, payment: presentPayment(asRecord(opened), deps.publicUrl) };
  }
}

const asRecord = (payment: NewPayment): PaymentRecord => ({
  ...payment,
  frozen: payment.opening,
  sequence: 1,
  updatedAt: payment.createdAt,
});

async function carryOn(
  deps: ApiDeps,
  id: string,
  requestHash: string,
  opened: NewPayment | null,
  waitMs: number,
): Promise<Started> {
  const record = opened === null ? await deps.payments.find(id) : asRecord(opened);
  if (record === null) throw new Error(`${id} was opened and is not there`);
  if (record.requestHash !== requestHash) {
    throw new Problem(
      'idempotency-key-reused',
      'This Idempotency-Key belongs to a payment that was started with another body. Use a new key for a new payment, or the same body.',
    );
  }
  const view = viewOf(record);
  // What was opened now has a run that waits for its dates, also where the outcome is known.
  if (opened !== null || (!view.firstOutcomeKnown && view.status !== 'parked')) {
    const input = { paymentId: id, ...(opened === null ? {} : { opening: opened.opening }) };
    const handedOver = awaitFirstOutcome(deps, record, input, Math.max(waitMs, HAND_OVER_MS));
    handedOver.catch((error: unknown) => {
      // The request is journaled: a retry or the sweep starts it, so the caller hears 202.
      deps.log.warn({ paymentId: id, error }, 'no first outcome in time');
    });
    await within(
      handedOver.catch(() => null),
      waitMs,
      null,
    );
  }
  return answer(deps, id);
}

/** Journals the request. Returns the payment that it made, or null when it was there before. */
async function openPayment(
  deps: ApiDeps,
  caller: Caller,
  id: string,
  requestHash: string,
  body: StartBody,
): Promise<NewPayment | null> {
  const found = await findMethod(deps, caller, body);
  if (found instanceof Problem) {
    // A payment that was started before its integration changed still answers to its key.
    if ((await deps.payments.find(id)) !== null) return null;
    throw found;
  }
  const payment = newPayment(deps, caller, found, { id, requestHash, body });
  return (await deps.payments.open(payment)) ? payment : null;
}

type Method = { readonly integration: Integration; readonly lifecycle: string };

async function findMethod(
  deps: ApiDeps,
  caller: Caller,
  body: StartBody,
): Promise<Method | Problem> {
  const [integrationId = '', method = ''] = body.method.split('.');
  const integration = await deps.integrations.current(caller.accountId, integrationId);
  const provider = integration === null ? undefined : PROVIDERS[integration.provider];
  const lifecycle = own(provider?.methods ?? {}, method);
  if (integration === null || provider === undefined || lifecycle === undefined) {
    return unknownMethod('No integration offers this payment method. See GET /v1/payment-methods.');
  }
  if (integration.mode !== caller.mode) {
    const detail = `This API key is of mode ${caller.mode} and cannot use an integration of mode ${integration.mode}.`;
    return unknownMethod(detail);
  }
  if (!integration.enabled) return unknownMethod('This integration is switched off.');
  const problem = provider.amountProblem(body.amount);
  return problem === null
    ? { integration, lifecycle }
    : new Problem('amount-not-supported', problem);
}

const unknownMethod = (detail: string): Problem => new Problem('unknown-payment-method', detail);

function newPayment(
  deps: ApiDeps,
  caller: Caller,
  { integration, lifecycle: name }: Method,
  { id, requestHash, body }: { id: string; requestHash: string; body: StartBody },
): NewPayment {
  const entry = PROVIDERS[integration.provider];
  if (entry === undefined) throw new Error(`no provider ${integration.provider}`);
  const settings = settingsOf(entry).parse(integration.settings);
  const { amount, capture: _capture, method, source, ...rest } = body;
  const lifecycle = newestLifecycle(name);
  const at = deps.now();
  const input = inputOf({
    paymentId: id,
    lifecycle: name,
    method: method.split('.')[1] ?? '',
    settings,
    provider: entry.label,
    body,
    at,
  });
  const opened = lifecycle.open(input);
  const due = lifecycle.pendingEffect(opened) === null ? lifecycle.deadline(opened) : { at };
  return {
    id,
    accountId: caller.accountId,
    mode: caller.mode,
    opening: lifecycle.freeze(opened),
    input,
    method,
    provider: integration.provider,
    integrationId: integration.id,
    integrationVersion: integration.version,
    source,
    request: rest,
    requestHash,
    currency: amount.currency,
    requestedMinor: amount.amountMinor,
    actor: `api:${caller.role}:${caller.keyPrefix}`,
    wakeAt: due && new Date(due.at),
    createdAt: new Date(at),
  };
}

/** What the journal says now; once there is a first outcome, the same for every repeat. */
async function answer(deps: ApiDeps, id: string): Promise<Started> {
  const record = await deps.payments.find(id);
  if (record === null) throw new Error(`${id} is gone`);
  const isKnown = viewOf(record).firstOutcomeKnown;
  const [payment, otherPayments] = await Promise.all([
    isKnown ? firstAnswer(deps, record) : presentPayment(record, deps.publicUrl),
    listOtherPayments(deps.pool, record),
  ]);
  const told = otherPayments.length === 0 ? payment : { ...payment, otherPayments };
  return { status: isKnown ? 201 : 202, payment: told };
}

async function firstAnswer(deps: ApiDeps, record: PaymentRecord): Promise<PaymentResource> {
  // The second fact is the usual first outcome: no need to read the story to know that.
  if (record.sequence === 2) return presentPayment(record, deps.publicUrl);
  const story = tellStory(record, await deps.payments.facts(record.id));
  const first = firstOutcomeIn(story);
  if (first === null) throw new Error(`${record.id} has no first outcome in its facts`);
  return presentAt(record, story, first, deps.publicUrl);
}
