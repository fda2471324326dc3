/** What an activity computes from the journal alone, it computes before it writes anything. */
import { ApplicationFailure } from '@temporalio/common';
import { fold } from '../db/journal/fold.ts';
import type { Effect, LifecycleEvent, Refusal } from '../machines/shared/lifecycle.ts';
import { COMMAND_REFUSED } from '../workflows/contracts.ts';
import type { EffectInput } from './effect.contract.ts';
import type { Family, ProviderCallDependencies } from './family.ts';

/**
 * Why the effect cannot be, or null. Null also when its facts are journaled already: an attempt before
 * this one had no objection, and may have sent it.
 * @throws ApplicationFailure `CommandRefused` when a person's command led here: nothing is written, and
 *   that person hears why
 */
export async function objectionTo<
  State,
  Event extends LifecycleEvent,
  Work extends Effect,
  Provider,
>(
  deps: ProviderCallDependencies,
  { objection }: Family<State, Event, Work, Provider>,
  { base, effect, facts, paymentId, sequence }: EffectInput<Work>,
): Promise<Refusal | null> {
  if (objection === undefined || !objection.mayObject(effect)) return null;
  const payment = await deps.payments.stored(paymentId);
  if (payment.sequence > sequence) return null;
  const { integrationId, integrationVersion } = payment;
  const integration = await deps.integrations.version(integrationId, integrationVersion);
  const { frozen } = fold(base, sequence, facts);
  const refusal = objection.to(effect, { integration, payment, frozen });
  if (refusal === null) return null;
  if (facts.every(({ idempotencyKey }) => idempotencyKey === undefined)) return refusal;
  throw ApplicationFailure.create({
    type: COMMAND_REFUSED,
    message: refusal.detail,
    nonRetryable: true,
    details: [refusal],
  });
}
