/**
 * What became of an operation in doubt? Apruve knows no idempotency keys, so what is not there is
 * never simply sent again: first by our own number we look, and long enough after anything of ours
 * was under way not being there is proof. Only an order is then placed again, and a cancellation,
 * which cannot act twice.
 */
import type { CreditOperationEffect } from '../../../machines/credit/credit.types.ts';
import type { CreditOutcome, CreditTerms } from '../credit-provider.ts';
import { type Call, type Inquired, type Inquiry, ProviderNotReached } from '../provider.ts';
import { lookAtCancelled, perform, sendCancel, toCancellation } from './calls.ts';
import { type ApruveAccount, refusal, unread } from './client.ts';
import { findInvoice, findShipment, orCut } from './finds.ts';
import { findOrders, listAt } from './looks.ts';
import {
  type Effect,
  invoiceReturn,
  isOurReturn,
  toOrderOutcome,
  toReturnOutcome,
  unknown,
} from './mapping.ts';
import { type Cancelling, returnsPath } from './requests.ts';

/** A request that was cut off may still act this much later. */
export const LATE_MS = 120_000;

type Absent = { readonly kind: 'absent'; readonly reason: string };
type Answer = CreditOutcome | Absent;

export async function inquire(
  account: ApruveAccount,
  effect: CreditOperationEffect,
  terms: CreditTerms,
  call: Call,
  asking: Inquiry,
): Promise<Inquired<CreditOutcome>> {
  try {
    const answer = await ask(account, effect, terms, call, asking);
    return answer.kind === 'unknown' ? { ...answer, kind: 'inconclusive' } : answer;
  } catch (error) {
    if (!(error instanceof ProviderNotReached)) throw error;
    return { kind: 'inconclusive', reason: error.message };
  }
}

async function ask(
  account: ApruveAccount,
  effect: CreditOperationEffect,
  terms: CreditTerms,
  call: Call,
  asking: Inquiry,
): Promise<Answer> {
  switch (effect.type) {
    case 'offer':
      return perform(account, effect, terms, call);
    case 'order':
      return askForOrder(account, effect, terms, call, asking);
    case 'invoice':
      return (await findInvoice(account, effect, call)) ?? notThere('the invoice', call, asking);
    case 'ship':
      return (await findShipment(account, effect, call)) ?? notThere('the shipment', call, asking);
    case 'return':
      return (await findReturn(account, effect, call)) ?? notThere('the return', call, asking);
    case 'cancel':
    case 'cancel-invoice':
      return askForCancellation(account, effect, call, asking);
  }
}

/** Nothing of this operation can be under way any more. The call before this one may have been a
 *  question that placed the order again, so it counts like the first. */
const isSettled = (call: Call, since: number): boolean =>
  call.now() - Math.max(since, call.lastSentAt ?? since) > LATE_MS;

function notThere(what: string, call: Call, { since }: Inquiry): Answer {
  if (!isSettled(call, since)) return unknown(`${what} may still be on its way`);
  return { kind: 'absent', reason: `${what} never reached Apruve` };
}

async function askForOrder(
  account: ApruveAccount,
  effect: Effect<'order'>,
  terms: CreditTerms,
  call: Call,
  asking: Inquiry,
): Promise<Answer> {
  const found = await findOrders(account, effect.orderId, call);
  if (found.kind === 'unknown') return found;
  const [first] = found.all;
  if (first !== undefined) return toOrderOutcome(first, effect);
  const mayBeSent = !asking.lookOnly && call.now() <= effect.startBy;
  return mayBeSent && isSettled(call, asking.since)
    ? perform(account, effect, terms, call)
    : notThere('the order', call, asking);
}

async function findReturn(
  account: ApruveAccount,
  effect: Effect<'return'>,
  call: Call,
): Promise<Answer | null> {
  const found = await listAt(account, returnsPath(effect.invoiceRef), invoiceReturn, call);
  if (found.kind === 'unknown') return found;
  const ours = found.all.find((one) => isOurReturn(one, effect));
  return ours === undefined ? orCut(found.all) : toReturnOutcome(ours, effect);
}

async function askForCancellation(
  account: ApruveAccount,
  effect: Cancelling,
  call: Call,
  { lookOnly, since }: Inquiry,
): Promise<Answer> {
  const before = await lookAtCancelled(account, effect, call);
  if (before.kind !== 'ok') return unknown(unread(before));
  const seen = toCancellation(before.body, effect);
  if (seen.kind === 'approved') return seen;
  if (lookOnly) {
    return isSettled(call, since) ? { kind: 'absent', reason: 'it was not cancelled' } : seen;
  }
  const answer = await sendCancel(account, effect, call);
  if (answer.kind === 'unknown') return answer;
  if (answer.kind === 'ok') return toCancellation(answer.body, effect);
  if (answer.status !== 409) return refusal(answer);
  const after = await lookAtCancelled(account, effect, call);
  if (after.kind !== 'ok') return unknown(unread(after));
  const seenAfter = toCancellation(after.body, effect);
  return seenAfter.kind === 'approved' ? seenAfter : refusal(answer);
}
