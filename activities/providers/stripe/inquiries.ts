/**
 * What became of an operation in doubt? First look; what is not there is sent again under its own
 * key, which within the key's window cannot act twice; after it, not being there is proof.
 */
import { REPLAY_WITHIN_MS } from './config.ts';
import type { CardOperationEffect } from '../../../machines/card/card.types.ts';
import {
  type AuthorizationOutcome,
  type AuthorizeTerms,
  type Call,
  type Inquired,
  type Inquiry,
  type OperationOutcome,
  type PaidMeanwhile,
  ProviderNotReached,
} from '../provider.ts';
import {
  authorize,
  capture,
  readRefund,
  reauthorize,
  refundPart,
  sendable,
  voidHold,
} from './calls.ts';
import { toStripeAmount } from './amounts.ts';
import { callStripe, type StripeAccount, type StripeAnswer } from './client.ts';
import {
  listOf,
  paymentIntent,
  type PaymentIntent,
  refund,
  toAuthorizationOutcome,
} from './mapping.ts';
import { reasonOf } from './refusals.ts';
import {
  type Effect,
  type NotThere,
  seeCapture,
  seeVoid,
  isIn,
  otherCurrency,
} from './sightings.ts';
import { OPERATION_TAG } from './tags.ts';

/** A request of ours can still be on its way this long after it was sent. */
const IN_FLIGHT_MS = 2 * 60_000;

/** Our clock and Stripe's may differ by this much. */
const CLOCK_MARGIN_S = 300;

const PAGE = 100;
const PAGES_MAX = 50;

type Doubt = { readonly kind: 'inconclusive'; readonly reason: string };
const doubt = (reason: string): Doubt => ({ kind: 'inconclusive', reason });

export async function inquireAuthorization(
  account: StripeAccount,
  effect: Effect<'authorize'> | Effect<'reauthorize'>,
  terms: AuthorizeTerms,
  call: Call,
  { since, lookOnly }: Inquiry,
): Promise<Inquired<AuthorizationOutcome>> {
  return inquire(async () => {
    const { amountMinor, currency } = effect;
    const amount = sendable(amountMinor, currency);
    if (typeof amount !== 'number') return amount;
    const found =
      effect.type === 'reauthorize' || effect.providerRef === null
        ? await findIntent(account, call, since)
        : await getIntent(account, effect.providerRef, call);
    if (found.kind === 'unknown') return found;
    if (found.intent !== null) {
      return toAuthorizationOutcome(found.intent, { amount, amountMinor, currency });
    }
    // A hold that comes too late is behind the back of a buyer who has gone: no new one then.
    if (call.now() < effect.startBy && !lookOnly) {
      return onlyIfSettled(
        call,
        effect.type === 'authorize'
          ? await authorize(account, effect, terms, call)
          : await reauthorize(account, effect, terms, call),
      );
    }
    if (mayBeOnItsWay(call)) return doubt('it may still be on its way');
    return { kind: 'absent', reason: 'no PaymentIntent of this operation exists' };
  });
}

export async function inquireOperation(
  account: StripeAccount,
  effect: Operation,
  call: Call,
  { since, lookOnly }: Inquiry,
): Promise<Inquired<OperationOutcome> | PaidMeanwhile> {
  return inquire<OperationOutcome | PaidMeanwhile>(async () => {
    const found =
      effect.type === 'refund'
        ? await lookForRefund(account, effect, call)
        : await lookAtIntent(account, effect, call);
    if (typeof found !== 'string') return found;
    if (lookOnly || call.now() > since + REPLAY_WITHIN_MS) {
      if (mayBeOnItsWay(call)) return doubt('it may still be on its way');
      return found === 'moved otherwise'
        ? { kind: 'overtaken', reason: 'other money was moved than this would have' }
        : { kind: 'absent', reason: `the ${effect.type} never reached Stripe` };
    }
    return onlyIfSettled(call, await sendAgain(account, effect, call));
  });
}

type Operation = Exclude<CardOperationEffect, { type: 'authorize' | 'reauthorize' }>;

async function sendAgain(
  account: StripeAccount,
  effect: Operation,
  call: Call,
): Promise<OperationOutcome> {
  switch (effect.type) {
    case 'capture':
      return capture(account, effect, call);
    case 'void':
      return voidHold(account, effect, call);
    case 'refund':
      return refundPart(account, effect, call);
  }
}

const mayBeOnItsWay = (call: Call): boolean =>
  call.lastSentAt !== null && call.now() < call.lastSentAt + IN_FLIGHT_MS;

/** A refusal now says nothing of a request that was sent before and may arrive yet. */
const onlyIfSettled = <Outcome extends { kind: string }>(
  call: Call,
  outcome: Outcome,
): Outcome | Doubt =>
  outcome.kind === 'refused' && mayBeOnItsWay(call)
    ? doubt('sent again it was refused, and it may still be on its way')
    : outcome;

/** A question never fails: what brings no answer is asked again later. */
async function inquire<Outcome extends { kind: string }>(
  ask: () => Promise<
    Outcome | { kind: 'unknown'; reason: string } | { kind: 'absent'; reason: string } | Doubt
  >,
): Promise<Exclude<Outcome, { kind: 'unknown' }> | { kind: 'absent'; reason: string } | Doubt> {
  try {
    const outcome = await ask();
    if (outcome.kind === 'unknown') return doubt('reason' in outcome ? outcome.reason : '');
    return outcome as Exclude<Outcome, { kind: 'unknown' }> | { kind: 'absent'; reason: string };
  } catch (error) {
    if (error instanceof ProviderNotReached) return doubt(error.message);
    throw error;
  }
}

type Unknown = { readonly kind: 'unknown'; readonly reason: string };
type Found = { readonly kind: 'found'; readonly intent: PaymentIntent | null } | Unknown;

/** Lists are consistent at once, unlike search. */
async function findIntent(account: StripeAccount, call: Call, since: number): Promise<Found> {
  const createdFrom = Math.floor(since / 1000) - CLOCK_MARGIN_S;
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const query = `created[gte]=${createdFrom}&limit=${PAGE}&expand[]=data.latest_charge${after}`;
    const request = { method: 'GET', path: `/v1/payment_intents?${query}` } as const;
    const answer = await callStripe(account.connection, request, listOf(paymentIntent), call);
    if (answer.kind !== 'ok') return { kind: 'unknown', reason: unread(answer) };
    const { data, has_more: hasMore } = answer.body;
    const intent = data.find(({ metadata }) => metadata[OPERATION_TAG] === call.operationId);
    if (intent !== undefined) return { kind: 'found', intent };
    const last = data.at(-1);
    if (!hasMore || last === undefined) return { kind: 'found', intent: null };
    after = `&starting_after=${last.id}`;
  }
  return { kind: 'unknown', reason: `not among the last ${PAGE * PAGES_MAX} PaymentIntents` };
}

async function getIntent(account: StripeAccount, id: string, call: Call): Promise<Found> {
  const answer = await retrieve(account, id, call);
  return answer.kind === 'ok'
    ? { kind: 'found', intent: answer.body }
    : { kind: 'unknown', reason: unread(answer) };
}

async function lookForRefund(
  account: StripeAccount,
  effect: Effect<'refund'>,
  call: Call,
): Promise<OperationOutcome | NotThere> {
  const query = `payment_intent=${effect.providerRef}&limit=${PAGE}`;
  const request = { method: 'GET', path: `/v1/refunds?${query}` } as const;
  const answer = await callStripe(account.connection, request, listOf(refund), call);
  if (answer.kind !== 'ok') return { kind: 'unknown', reason: unread(answer) };
  const found = answer.body.data.find(
    ({ metadata }) => metadata[OPERATION_TAG] === call.operationId,
  );
  if (found === undefined) {
    return answer.body.has_more
      ? { kind: 'unknown', reason: `more than ${PAGE} refunds` }
      : 'not there';
  }
  const { amountMinor, currency } = effect;
  return readRefund(found, { amount: toStripeAmount(amountMinor, currency), currency });
}

async function lookAtIntent(
  account: StripeAccount,
  effect: Effect<'capture'> | Effect<'void'>,
  call: Call,
): Promise<OperationOutcome | PaidMeanwhile | NotThere> {
  const answer = await retrieve(account, effect.providerRef, call);
  if (answer.kind !== 'ok') return { kind: 'unknown', reason: unread(answer) };
  const intent = answer.body;
  if (!isIn(effect.currency, intent)) return otherCurrency(intent);
  return effect.type === 'capture' ? seeCapture(intent, effect) : seeVoid(intent, effect);
}

export async function retrieve(
  account: StripeAccount,
  id: string,
  call: Call,
): Promise<StripeAnswer<PaymentIntent>> {
  const path = `/v1/payment_intents/${id}?expand[]=latest_charge`;
  return callStripe(account.connection, { method: 'GET', path }, paymentIntent, call);
}

export const unread = (answer: Exclude<StripeAnswer<unknown>, { kind: 'ok' }>): string =>
  answer.kind === 'unknown' ? answer.reason : reasonOf(answer);
