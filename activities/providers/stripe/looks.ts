/** The whole picture of a payment, and the lists that our books are compared with. Reads only. */
import type { CardPicture, CardPictureQuestion } from '../../../machines/card/card.types.ts';
import { type Call, type ListedPayment, type Look, ProviderNotReached } from '../provider.ts';
import { fromStripeAmount } from './amounts.ts';
import { callStripe, type StripeAccount, type StripeAnswer } from './client.ts';
import { retrieve, unread } from './inquiries.ts';
import {
  chargeOf,
  dispute,
  type Dispute,
  holdOf,
  listOf,
  paymentIntent,
  type PaymentIntent,
  type Refund,
  refund,
} from './mapping.ts';
import { disputeStatus, refundStatus, takesNoMoney } from './statuses.ts';
import { OPERATION_TAG, PAYMENT_TAG } from './tags.ts';
import type { z } from 'zod';

const PAGE = 100;
const PAGES_MAX = 1_000;

class Unreadable extends Error {
  override name = 'Unreadable';
}

/** Stripe's own word that there is no such PaymentIntent in this account.
 *  Source: https://docs.stripe.com/error-codes#resource-missing, read 2026-11-21. */
class Absent extends Unreadable {
  readonly ref: string;
  constructor(ref: string) {
    super(`Stripe has no ${ref}`);
    this.ref = ref;
  }
}

export async function look(
  account: StripeAccount,
  { providerRefs, currency }: CardPictureQuestion,
  call: Call,
): Promise<Look> {
  try {
    const pictures: CardPicture[] = [];
    for (const ref of providerRefs) pictures.push(await picture(account, ref, currency, call));
    return { kind: 'seen', pictures };
  } catch (error) {
    if (!(error instanceof Unreadable || error instanceof ProviderNotReached)) throw error;
    const absent = error instanceof Absent ? { absentRef: error.ref } : {};
    return { kind: 'inconclusive', reason: error.message, ...absent };
  }
}

async function picture(
  account: StripeAccount,
  providerRef: string,
  currency: string,
  call: Call,
): Promise<CardPicture> {
  const answer = await retrieve(account, providerRef, call);
  if (answer.kind === 'error' && answer.error.code === 'resource_missing') {
    throw new Absent(providerRef);
  }
  const intent = okOf(answer);
  if (intent.currency !== currency.toLowerCase()) {
    throw new Unreadable(`${providerRef} is over ${intent.currency}`);
  }
  const charge = chargeOf(intent);
  const wasPaid = charge?.status === 'succeeded';
  const query = `payment_intent=${providerRef}`;
  const refunds = wasPaid ? await all(account, '/v1/refunds', query, refund, call) : [];
  const disputes =
    charge?.disputed === true ? await all(account, '/v1/disputes', query, dispute, call) : [];
  const minor = (amount: number): number => fromStripeAmount(amount, currency);
  const isCanceled = intent.status === 'canceled';
  return {
    providerRef,
    authorizedMinor: wasPaid ? minor(intent.amount) : 0,
    capturedMinor: minor(intent.amount_received),
    heldMinor: minor(intent.amount_capturable),
    ...holdOf(intent),
    endedBy: isCanceled ? (intent.cancellation_reason === 'expired' ? 'time' : 'void') : null,
    refunds: refunds.map((each) => seeRefund(each, minor(each.amount))),
    disputes: disputes.flatMap((each) => seeDispute(each, minor(each.amount))),
  };
}

function seeRefund(
  { id: providerRef, failure_reason: reason = null, metadata, status }: Refund,
  amountMinor: number,
): CardPicture['refunds'][number] {
  const state = refundStatus(status ?? '');
  if (state === null) throw new Unreadable(`${providerRef} is ${status ?? 'without a status'}`);
  const operationId = metadata[OPERATION_TAG] ?? null;
  return { providerRef, operationId, amountMinor, status: state, reason };
}

function seeDispute(each: Dispute, amountMinor: number): CardPicture['disputes'][number][] {
  if (takesNoMoney(each.status)) return [];
  const status = disputeStatus(each.status);
  if (status === null) throw new Unreadable(`${each.id} is ${each.status}`);
  const dueBy = each.evidence_details?.due_by ?? null;
  const respondBy = dueBy === null ? null : dueBy * 1000;
  return [{ providerRef: each.id, amountMinor, status, reason: each.reason, respondBy }];
}

/** Made in the window, or refunded or disputed in it. A capture has no list of its own: the window
 *  has to be longer than a hold. */
export async function* listPayments(
  account: StripeAccount,
  { from, to }: { readonly from: number; readonly to: number },
  call: Call,
): AsyncIterable<readonly ListedPayment[]> {
  const created = `created[gte]=${Math.floor(from / 1000)}&created[lt]=${Math.ceil(to / 1000)}`;
  const seen = new Set<string>();
  const query = `${created}&expand[]=data.latest_charge`;
  for await (const page of pages(account, '/v1/payment_intents', query, paymentIntent, call)) {
    for (const { id } of page) seen.add(id);
    yield page.map(listed);
  }
  for (const [path, item] of [
    ['/v1/refunds', refund],
    ['/v1/disputes', dispute],
  ] as const) {
    for await (const page of pages(account, path, created, item, call)) {
      for (const { payment_intent: ref } of page) {
        if (typeof ref !== 'string' || seen.has(ref)) continue;
        seen.add(ref);
        yield [listed(okOf(await retrieve(account, ref, call)))];
      }
    }
  }
}

function listed(intent: PaymentIntent): ListedPayment {
  const currency = intent.currency.toUpperCase();
  const minor = (amount: number): number => fromStripeAmount(amount, currency);
  const charge = chargeOf(intent);
  return {
    providerRef: intent.id,
    paymentId: intent.metadata[PAYMENT_TAG] ?? null,
    createdAt: intent.created * 1000,
    currency,
    authorizedMinor: charge?.status === 'succeeded' ? minor(intent.amount) : 0,
    capturedMinor: minor(intent.amount_received),
    heldMinor: minor(intent.amount_capturable),
    refundedMinor: minor(charge?.amount_refunded ?? 0),
    isDisputed: charge?.disputed === true,
  };
}

async function all<T extends z.ZodType<{ id: string }>>(
  account: StripeAccount,
  path: string,
  query: string,
  item: T,
  call: Call,
): Promise<z.infer<T>[]> {
  const found: z.infer<T>[] = [];
  for await (const page of pages(account, path, query, item, call)) found.push(...page);
  return found;
}

/** Lists are consistent at once, unlike search. @throws Unreadable */
async function* pages<T extends z.ZodType<{ id: string }>>(
  account: StripeAccount,
  path: string,
  query: string,
  item: T,
  call: Call,
): AsyncIterable<z.infer<T>[]> {
  let after = '';
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const request = { method: 'GET', path: `${path}?${query}&limit=${PAGE}${after}` } as const;
    const { data, has_more: hasMore } = okOf(
      await callStripe(account.connection, request, listOf(item), call),
    );
    yield data;
    const last = data.at(-1);
    if (!hasMore || last === undefined) return;
    after = `&starting_after=${last.id}`;
  }
  throw new Unreadable(`${path} has more than ${PAGE * PAGES_MAX} entries`);
}

function okOf<Body>(answer: StripeAnswer<Body>): Body {
  if (answer.kind !== 'ok') throw new Unreadable(unread(answer));
  return answer.body;
}
